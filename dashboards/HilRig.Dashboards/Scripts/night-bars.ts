// <night-bars>: a failure night by night, from data-nights: `2026-01-21:3:60:0.0104:0.1392`, that is failed, cycles and the interval of each
// night in which its sequence ran. The table inside it says the same, for readers without script, for a screen reader and for print.
import uPlot from "uplot";
import { savePicture } from "./files";
import { button, element } from "./markup";
import "uplot/dist/uPlot.min.css";

const daySeconds = 86_400;

/** One night alone must not look like a wall. */
const fewestDays = 30;

interface Night {
  readonly name: string;
  readonly at: number;
  readonly failed: number;
  readonly cycles: number;
  readonly low: number;
  readonly high: number;
}

export function defineNightBars(): void {
  customElements.define("night-bars", NightBars);
}

class NightBars extends HTMLElement {
  static readonly observedAttributes = ["data-nights", "data-changes"];
  private plot: uPlot | undefined;
  private nights: Night[] = [];
  private readonly stage = element("div", "stage");
  private readonly said = element("p", "dim");
  private readonly save = button("PNG", "", () => this.plot && savePicture(`${this.dataset["name"] ?? "nights"}.png`, this.plot.ctx.canvas));
  private readonly sizes = new ResizeObserver(() => this.plot?.setSize({ width: this.stage.clientWidth, height: this.tall }));
  private readonly scheme = matchMedia("(prefers-color-scheme: dark)");

  connectedCallback(): void {
    this.stage.dataset["drawn"] = this.said.dataset["drawn"] = this.save.dataset["drawn"] = "";
    this.stage.setAttribute("aria-hidden", "true");
    this.said.setAttribute("role", "status");
    this.prepend(this.stage);
    if (!this.isSmall) this.append(this.said, this.save);
    this.sizes.observe(this);
    this.scheme.addEventListener("change", this.redraw);
    this.redraw();
    this.dataset["painted"] = "";
  }

  attributeChangedCallback(): void {
    if (this.plot) this.redraw();
  }

  disconnectedCallback(): void {
    this.sizes.disconnect();
    this.scheme.removeEventListener("change", this.redraw);
    this.plot?.destroy();
    this.plot = undefined;
  }

  private get isSmall(): boolean {
    return "small" in this.dataset;
  }

  private get tall(): number {
    return this.isSmall ? 30 : 150;
  }

  private readonly redraw = (): void => {
    this.plot?.destroy();
    this.nights = (this.dataset["nights"] ?? "").split(" ").filter((text) => text !== "").map(parse);
    const shares = this.nights.map((night) => share(night));
    this.plot = new uPlot(this.options(Math.max(0.0001, ...shares)), [this.nights.map((night) => night.at), shares], this.stage);
  };

  private options(most: number): uPlot.Options {
    const style = getComputedStyle(this);
    const of = (name: string) => style.getPropertyValue(name);
    const [ink, line, colour] = [of("--dim"), of("--line"), of("--fail")];
    const axis: uPlot.Axis = { show: !this.isSmall, stroke: ink, grid: { stroke: line, width: 1 }, ticks: { stroke: line, width: 1 } };
    // Few nights stand at the right end, where the newest belongs: no axis goes on into days that have not been.
    const last = this.nights.at(-1)?.at ?? 0;
    const first = Math.min(last - fewestDays * daySeconds, this.nights[0]?.at ?? 0);
    return {
      width: this.stage.clientWidth || 240,
      height: this.tall,
      legend: { show: false },
      cursor: this.isSmall ? { show: false } : { y: false, drag: { x: false, y: false }, points: { show: false } },
      ...(this.isSmall ? { padding: [2, 0, 3, 0] } : {}),
      // Nights are named in UTC on every page.
      tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), "Etc/UTC"),
      scales: { x: { time: true, range: () => [first - daySeconds / 2, last + daySeconds / 2] }, y: { range: () => [0, Math.min(1, most * (this.isSmall ? 1 : 1.5))] } },
      series: [{}, { stroke: colour, fill: colour, width: 0, points: { show: false }, paths: uPlot.paths.bars!({ size: [0.7, 40] }) }],
      axes: [{ ...axis, space: 60, incrs: [1, 2, 5, 10, 30, 90, 365].map((days) => days * daySeconds), values: (_, ticks) => ticks.map(nightAt) }, { ...axis, size: 64, values: (_, ticks) => ticks.map((tick) => `${Number((100 * tick).toPrecision(2))} %`) }],
      hooks: {
        drawClear: [(plot) => this.paintChanges(plot, of("--mark-back"))],
        draw: [(plot) => this.paintNights(plot, ink)],
        setCursor: [(plot) => this.say(plot.cursor.idx)],
      },
    };
  }

  /** Where the rate changed: it lies in the stretch with 99 %, which is drawn at least as a line. */
  private paintChanges(plot: uPlot, colour: string): void {
    const { ctx, bbox } = plot;
    for (const change of (this.dataset["changes"] ?? "").split(" ").filter((text) => text !== "")) {
      const [from, to] = change.split("/").map((text) => plot.valToPos(Date.parse(text) / 1000, "x", true));
      if (from === undefined || to === undefined || to < bbox.left || from > bbox.left + bbox.width) continue;
      ctx.fillStyle = colour;
      ctx.fillRect(Math.max(bbox.left, from), bbox.top, Math.max(2 * devicePixelRatio, Math.min(to, bbox.left + bbox.width) - from), bbox.height);
    }
  }

  /** A tick for each night that ran, and the interval over each that failed. */
  private paintNights(plot: uPlot, ink: string): void {
    const { ctx, bbox } = plot;
    const thin = devicePixelRatio;
    const wide = Math.max(2 * thin, (0.7 * bbox.width) / (((plot.scales["x"]?.max ?? 1) - (plot.scales["x"]?.min ?? 0)) / daySeconds));
    ctx.save();
    ctx.beginPath();
    ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height + 3 * thin);
    ctx.clip();
    ctx.fillStyle = ink;
    for (const night of this.nights) {
      const x = plot.valToPos(night.at, "x", true);
      ctx.fillRect(x - wide / 2, bbox.top + bbox.height + thin, wide, thin);
      if (this.isSmall || night.failed === 0) continue;
      const [low, high] = [plot.valToPos(night.low, "y", true), plot.valToPos(night.high, "y", true)];
      ctx.fillRect(x - thin / 2, high, thin, low - high);
    }
    ctx.restore();
  }

  private say(index: number | null | undefined): void {
    const night = index == null ? undefined : this.nights[index];
    this.said.textContent = night ? `Night of ${night.name}: ${night.failed}/${night.cycles} → ${percent(share(night))} % [${percent(night.low)}–${percent(night.high)}]` : "";
  }
}

const day = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", timeZone: "UTC" });

/** The night that has this midnight in it is named by the day before. */
function nightAt(seconds: number): string {
  return day.format(new Date((seconds - daySeconds / 2) * 1000));
}

function share(night: Night): number {
  return night.cycles === 0 ? 0 : night.failed / night.cycles;
}

function percent(value: number): string {
  return `${Number((100 * value).toFixed(2))}`;
}

/** A night stands at its midnight. */
function parse(text: string): Night {
  const [name = "", failed, cycles, low, high] = text.split(":");
  return { name, at: Date.parse(`${name}T00:00:00Z`) / 1000 + daySeconds, failed: Number(failed), cycles: Number(cycles), low: Number(low), high: Number(high) };
}
