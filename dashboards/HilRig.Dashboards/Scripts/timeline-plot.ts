// The lanes on a canvas: uPlot has the clock's axis, the zoom and the cursor; the marks are painted between them.
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { moment, type Mark, type Timeline, type Tone } from "./timeline-data";

export const laneNames = ["serial", "packets", "swd", "core", "power", "agent"] as const;

const laneHeight = 30;
const axisHeight = 34;
const nameWidth = 66;

/** No stretch is shorter: clocks here count in steps of 100 ns. */
const shortest = 2000;

/** How far from a mark a click still means it, in pixels. */
const reach = 6;

const steps = [
  ...Array.from({ length: 10 }, (_, power) => [1, 2, 5].map((digit) => digit * 10 ** power)).flat(),
  ...[10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200, 86400].map((seconds) => seconds * 1e9),
];

/** The gravest marks are the tallest: the lanes can be read without colours. */
const heights: Readonly<Record<Tone, number>> = { plain: 0.34, pass: 0.34, stopped: 0.5, unclear: 0.7, rig: 0.7, fail: 0.92 };

export interface Picked {
  readonly lane: string;
  readonly mark: Mark;
}

export interface PlotEvents {
  viewed(from: number, to: number): void;
  picked(at: number, picked: Picked | undefined): void;
}

export class TimelinePlot {
  private readonly plot: uPlot;
  private layers: readonly Timeline[] = [];
  private colours: Readonly<Record<Tone, string>>;
  private ink = "";
  private line = "";
  private selected: Picked | undefined;
  private measured: readonly number[] = [];

  constructor(private readonly stage: HTMLElement, private end: number, private readonly events: PlotEvents) {
    this.colours = this.readColours();
    this.plot = new uPlot(this.options(), [[0, end], [0, laneNames.length]], stage);
    this.plot.over.addEventListener("wheel", (event) => this.wheel(event), { passive: false });
    this.plot.over.addEventListener("click", (event) => this.click(event));
  }

  /** The lanes as they are drawn now. */
  get canvas(): HTMLCanvasElement {
    return this.plot.ctx.canvas;
  }

  get view(): readonly [number, number] {
    return [this.plot.scales["x"]?.min ?? 0, this.plot.scales["x"]?.max ?? this.end];
  }

  /** Later layers are drawn over earlier ones, where they reach. */
  show(layers: readonly Timeline[]): void {
    this.layers = layers;
    this.plot.redraw(false);
  }

  grow(end: number): void {
    this.end = end;
  }

  look(from: number, to: number): void {
    const width = Math.max(shortest, Math.min(to - from, this.end));
    const begin = Math.max(0, Math.min(from, this.end - width));
    this.plot.setScale("x", { min: begin, max: begin + width });
  }

  zoom(factor: number, around?: number): void {
    const [from, to] = this.view;
    const centre = around ?? (from + to) / 2;
    this.look(centre - (centre - from) * factor, centre + (to - centre) * factor);
  }

  pan(share: number): void {
    const [from, to] = this.view;
    const by = (to - from) * share;
    this.look(from + by, to + by);
  }

  select(picked: Picked | undefined): void {
    this.selected = picked;
    this.plot.redraw(false);
  }

  measure(moments: readonly number[]): void {
    this.measured = moments;
    this.plot.redraw(false);
  }

  resize(): void {
    if (this.stage.clientWidth > 0) this.plot.setSize({ width: this.stage.clientWidth, height: this.height });
  }

  recolour(): void {
    this.colours = this.readColours();
    this.plot.redraw(false, true);
  }

  destroy(): void {
    this.plot.destroy();
  }

  /** The neighbour of the selected mark in its lane, or of the view's middle. */
  neighbour(direction: 1 | -1, lane: string): Picked | undefined {
    const [from, to] = this.view;
    const at = this.selected?.mark.at ?? (from + to) / 2;
    const marks = this.marksOf(lane).filter((mark) => (direction > 0 ? mark.at > at : mark.at < at));
    const mark = direction > 0 ? marks[0] : marks.at(-1);
    return mark && { lane, mark };
  }

  /** The mark of a lane that begins nearest to a moment. */
  nearest(lane: string, at: number): Picked | undefined {
    let best: Mark | undefined;
    for (const mark of this.marksOf(lane)) if (!best || Math.abs(mark.at - at) < Math.abs(best.at - at)) best = mark;
    return best && { lane, mark: best };
  }

  private get height(): number {
    return laneNames.length * laneHeight + axisHeight;
  }

  private marksOf(name: string): readonly Mark[] {
    return this.layers.at(-1)?.lanes.find((lane) => lane.name === name)?.marks ?? [];
  }

  private options(): uPlot.Options {
    const grid = { stroke: () => this.line, width: 1 };
    const count = laneNames.length;
    return {
      width: this.stage.clientWidth || 480,
      height: this.height,
      legend: { show: false },
      cursor: { y: false, points: { show: false }, drag: { x: true, y: false, dist: 5 } },
      scales: { x: { time: false }, y: { range: [0, count] } },
      series: [{}, { stroke: "transparent", points: { show: false } }],
      axes: [
        { stroke: () => this.ink, grid, ticks: grid, size: axisHeight, incrs: steps, space: 90, values: (_, ticks, __, ___, step) => ticks.map((tick) => moment(tick, step)) },
        { stroke: () => this.ink, size: nameWidth, grid: { show: false }, ticks: { show: false }, splits: () => laneNames.map((_, index) => count - index - 0.5), values: () => [...laneNames] },
      ],
      hooks: {
        draw: [() => this.paint()],
        setScale: [(plot, key) => { if (key === "x") this.viewed(plot); }],
      },
    };
  }

  private viewed(plot: uPlot): void {
    const { min, max } = plot.scales["x"] ?? {};
    if (min != null && max != null) this.events.viewed(min, max);
  }

  private readColours(): Readonly<Record<Tone, string>> {
    const style = getComputedStyle(this.stage);
    const of = (name: string) => style.getPropertyValue(name);
    [this.ink, this.line] = [of("--dim"), of("--line")];
    return { plain: of("--open"), pass: of("--pass"), stopped: of("--stopped"), unclear: of("--unclear"), rig: of("--rig"), fail: of("--fail") };
  }

  private paint(): void {
    const { ctx, bbox } = this.plot;
    const [from, to] = this.view;
    const scale = bbox.width / (to - from);
    const tall = bbox.height / laneNames.length;
    const x = (at: number) => bbox.left + (at - from) * scale;
    ctx.save();
    ctx.beginPath();
    ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
    ctx.clip();
    laneNames.forEach((name, index) => {
      const top = bbox.top + index * tall;
      ctx.fillStyle = this.line;
      ctx.fillRect(bbox.left, Math.round(top), bbox.width, 1);
      this.layers.forEach((layer, depth) => {
        const over = this.layers[depth + 1];
        const lane = layer.lanes.find((candidate) => candidate.name === name);
        // The graver marks last: nothing that passed hides what did not.
        for (const isGrave of [false, true]) if (lane) this.paintLane(lane.marks.filter((mark) => heights[mark.tone] > heights.pass === isGrave), top, tall, x, over);
      });
    });
    this.paintSelection(tall, x);
    this.measured.forEach((at) => {
      ctx.fillStyle = this.ink;
      ctx.fillRect(x(at) - 1, bbox.top, 2, bbox.height);
    });
    if (this.measured.length === 2) {
      ctx.globalAlpha = 0.12;
      ctx.fillRect(x(Math.min(...this.measured)), bbox.top, Math.abs(x(this.measured[1]!) - x(this.measured[0]!)), bbox.height);
    }
    ctx.restore();
  }

  private paintLane(marks: readonly Mark[], top: number, tall: number, x: (at: number) => number, over: Timeline | undefined): void {
    const { ctx, bbox } = this.plot;
    const thin = devicePixelRatio;
    const right = bbox.left + bbox.width;
    let column = -1;
    let shown = 0;
    for (const mark of marks) {
      if (over && mark.until >= over.from && mark.at <= over.to) continue;
      const begin = x(mark.at);
      const end = Math.max(x(mark.until), begin + thin);
      if (end < bbox.left) continue;
      if (begin > right) break;
      const height = heights[mark.tone];
      // Of marks that would fall on one pixel, the first and whatever is graver are drawn.
      if (end - begin <= thin && Math.round(begin) === column && height <= shown) continue;
      [column, shown] = [Math.round(begin), height];
      ctx.fillStyle = this.colours[mark.tone];
      ctx.globalAlpha = mark.tone === "pass" ? 0.55 : 1;
      const size = height * (tall - 6);
      const gap = end - begin > 4 * thin ? thin : 0;
      // What the host sends stands above the middle of its lane, what the board sends below.
      const above = mark.sender === "device" ? 0 : size / 2;
      ctx.fillRect(begin, top + tall / 2 - above, end - begin - gap, mark.sender ? size / 2 : size);
    }
    ctx.globalAlpha = 1;
  }

  private paintSelection(tall: number, x: (at: number) => number): void {
    const index = laneNames.findIndex((name) => name === this.selected?.lane);
    if (!this.selected || index < 0) return;
    const { ctx, bbox } = this.plot;
    const begin = x(this.selected.mark.at);
    ctx.strokeStyle = this.ink;
    ctx.lineWidth = 2 * devicePixelRatio;
    ctx.strokeRect(begin - 3, bbox.top + index * tall + 2, Math.max(6, x(this.selected.mark.until) - begin + 6), tall - 4);
  }

  private wheel(event: WheelEvent): void {
    const [from, to] = this.view;
    const isPan = event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY);
    // All there is is in sight: the wheel belongs to the page again.
    if (!isPan && event.deltaY > 0 && to - from >= this.end) return;
    event.preventDefault();
    if (isPan) this.pan((event.deltaX || event.deltaY) / 800);
    else this.zoom(Math.exp(event.deltaY / 400), this.plot.posToVal(event.offsetX, "x"));
  }

  private click(event: MouseEvent): void {
    const at = this.plot.posToVal(event.offsetX, "x");
    const [from, to] = this.view;
    const near = (reach * (to - from)) / this.plot.over.clientWidth;
    const lane = laneNames[Math.min(laneNames.length - 1, Math.floor((event.offsetY / this.plot.over.clientHeight) * laneNames.length))]!;
    let best: Mark | undefined;
    for (const mark of this.marksOf(lane)) {
      const distance = Math.max(mark.at - at, at - mark.until, 0);
      if (distance <= near && (!best || mark.until - mark.at < best.until - best.at || distance < Math.max(best.at - at, at - best.until, 0))) best = mark;
    }
    this.events.picked(at, best && { lane, mark: best });
  }
}
