// <rate-chart>: a failure rate with its interval over time, drawn from the table inside it. Without script, for a screen reader and for
// print, that table is the chart. Its rows: <time> | value | low | high, the last three in data-value as fractions.
import uPlot from "uplot";
import { savePicture } from "./files";
import { button, element } from "./markup";
import "uplot/dist/uPlot.min.css";

const height = 180;

/** Shares below one in a million are drawn as that. */
const leastShown = 1e-6;

interface Row {
  readonly at: number;
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

export function defineRateChart(): void {
  customElements.define("rate-chart", RateChart);
}

class RateChart extends HTMLElement {
  private plot: uPlot | undefined;
  private readonly stage = element("div");
  private readonly save = button("PNG", "", () => this.plot && savePicture(`${this.dataset["name"] ?? "rate"}.png`, this.plot.ctx.canvas));
  private readonly changes = new MutationObserver(() => this.draw());
  private readonly sizes = new ResizeObserver(() => this.plot?.setSize({ width: this.clientWidth, height }));
  private readonly scheme = matchMedia("(prefers-color-scheme: dark)");

  connectedCallback(): void {
    this.stage.dataset["drawn"] = this.save.dataset["drawn"] = "";
    this.stage.setAttribute("aria-hidden", "true");
    this.prepend(this.stage);
    this.append(this.save);
    // What is drawn needs no place of its own while it is closed, so the table may stand in details.
    const table = this.querySelector("table");
    if (table) this.changes.observe(table, { subtree: true, childList: true, attributes: true, attributeFilter: ["data-value", "datetime"] });
    this.sizes.observe(this);
    this.scheme.addEventListener("change", this.redraw);
    this.draw();
  }

  disconnectedCallback(): void {
    this.changes.disconnect();
    this.sizes.disconnect();
    this.scheme.removeEventListener("change", this.redraw);
    this.plot?.destroy();
    this.plot = undefined;
  }

  private readonly redraw = (): void => {
    this.plot?.destroy();
    this.plot = undefined;
    this.draw();
  };

  private draw(): void {
    const rows = [...this.querySelectorAll("tbody tr")].map(read).filter((row) => row !== undefined);
    const limit = Number(this.dataset["limit"]);
    const data: uPlot.AlignedData = [
      rows.map((row) => row.at),
      rows.map((row) => this.shown(row.high)),
      rows.map((row) => this.shown(row.low)),
      rows.map((row) => this.shown(row.value)),
      ...(limit ? [rows.map(() => limit)] : []),
    ];
    if (this.plot) this.plot.setData(data);
    else this.plot = new uPlot(this.options(), data, this.stage);
  }

  /** A logarithm knows no zero. */
  private shown(share: number): number {
    return "log" in this.dataset ? Math.max(share, leastShown) : share;
  }

  private options(): uPlot.Options {
    const style = getComputedStyle(this);
    const ink = style.getPropertyValue("--dim");
    const line = style.getPropertyValue("--line");
    const colour = style.getPropertyValue("--fail");
    const axis: uPlot.Axis = { stroke: ink, grid: { stroke: line, width: 1 }, ticks: { stroke: line, width: 1 } };
    return {
      width: this.clientWidth || 480,
      height,
      legend: { show: false },
      scales: { x: { time: true }, y: "log" in this.dataset ? { distr: 3, log: 10 } : { range: (_, __, most) => [0, Math.max(most * 1.1, 1e-4)] } },
      series: [
        {},
        { stroke: "transparent", points: { show: false } },
        { stroke: "transparent", points: { show: false } },
        { stroke: colour, width: 2 },
        ...("limit" in this.dataset ? [{ stroke: ink, width: 1, dash: [6, 4], points: { show: false } }] : []),
      ],
      bands: [{ series: [1, 2], fill: `color-mix(in srgb, ${colour} 22%, transparent)` }],
      axes: [axis, { ...axis, size: 64, values: (_, ticks) => ticks.map((tick) => (tick === null ? "" : `${Number((100 * tick).toPrecision(2))} %`)) }],
    };
  }
}

function read(row: Element): Row | undefined {
  const at = Date.parse(row.querySelector("time")?.getAttribute("datetime") ?? "") / 1000;
  const [value, low, high] = [...row.querySelectorAll<HTMLElement>("[data-value]")].map((cell) => Number(cell.dataset["value"]));
  return value === undefined || low === undefined || high === undefined || Number.isNaN(at) ? undefined : { at, value, low, high };
}
