// All that runs in the browser. Every page is complete without it: it only keeps pages true, times local and tables drawn.
import { startCopy } from "./copy";
import { startExport } from "./export";
import { startKeyboard } from "./keyboard";
import { startLive } from "./live";
import { defineNightBars } from "./night-bars";
import { defineRateChart } from "./rate-chart";
import { startReveal } from "./reveal";
import { defineRigGrid } from "./rig-grid";
import { defineRunTimeline } from "./run-timeline";
import { localise, startAges } from "./times";

localise(document.body);
defineRateChart();
defineNightBars();
defineRunTimeline();
defineRigGrid();
startCopy();
startReveal();
startExport();
startKeyboard();
startAges();
startLive();
