// <run-timeline>: a run on one clock, drawn from its API. Zoom, selection and measurement stand in the address, so that a link shows what
// its writer saw. What the reader looks at never moves by itself: new events only lengthen the run, unless the tail is followed.
import { savePicture } from "./files";
import { button, element } from "./markup";
import { moment, span, TimelineSource, type Mark, type Timeline } from "./timeline-data";
import { describe } from "./timeline-details";
import { laneNames, TimelinePlot, type Picked } from "./timeline-plot";

/** A view must stand still that long before the server is asked for its details. */
const settleMilliseconds = 120;

/** The first look at a failure: this long before it, and a little after. */
const beforeFailure = 200e6;
const afterFailure = 50e6;

export function defineRunTimeline(): void {
  customElements.define("run-timeline", RunTimeline);
}

class RunTimeline extends HTMLElement {
  static readonly observedAttributes = ["data-end"];

  private readonly stage = element("div", "timeline");
  private readonly tools = element("div", "tools");
  private readonly said = element("p", "dim", "Loading the timeline.");
  private readonly details = element("div", "picked");
  private readonly silences = element("dl", "pairs silences");
  private readonly canvas = element("div", "lanes");
  private readonly sizes = new ResizeObserver(() => this.plot?.resize());
  private readonly scheme = matchMedia("(prefers-color-scheme: dark)");
  private readonly recolour = (): void => this.plot?.recolour();
  private source: TimelineSource | undefined;
  private plot: TimelinePlot | undefined;
  private overview: Timeline | undefined;
  private detail: Timeline | undefined;
  private picked: Picked | undefined;
  /** The moment that the reader came for: going up and down the lanes stays as near to it as they allow. */
  private anchor: number | undefined;
  private measured: number[] = [];
  /** The run as it was when the view was read: what it grew by since then is no choice of the reader's, to be kept in the address. */
  private isWhole = true;
  private isMeasuring = false;
  private isFollowing = false;
  private settling = 0;

  connectedCallback(): void {
    if (this.source) return;
    this.stage.dataset["drawn"] = "";
    this.canvas.tabIndex = 0;
    this.canvas.setAttribute("role", "application");
    this.canvas.setAttribute("aria-label", "timeline: plus and minus zoom, arrows move, up and down change the lane, dot and comma pick the next and last mark");
    this.said.setAttribute("role", "status");
    this.stage.append(this.tools, this.canvas, this.said, this.details, this.silences);
    this.prepend(this.stage);
    this.source = new TimelineSource(this.dataset["src"] ?? "");
    this.canvas.addEventListener("keydown", (event) => this.key(event));
    void this.begin();
  }

  disconnectedCallback(): void {
    this.sizes.disconnect();
    this.scheme.removeEventListener("change", this.recolour);
    this.plot?.destroy();
  }

  /** The run went on. The reader's view stays where it is; only who follows the tail is taken along. */
  attributeChangedCallback(): void {
    const end = Number(this.dataset["end"]);
    if (!this.plot || !this.overview || end <= this.overview.end) return;
    this.plot.grow(end);
    if (this.isFollowing) {
      const [from, to] = this.plot.view;
      this.plot.look(end - (to - from), end);
    } else {
      this.draw();
    }
  }

  private async begin(): Promise<void> {
    const address = new URLSearchParams(location.search);
    const [from, to] = [address.get("from"), address.get("to")];
    try {
      this.overview = await this.source!.read();
      if (!this.overview) return;
      this.plot = new TimelinePlot(this.canvas, this.overview.end, { viewed: () => this.viewed(), picked: (at, picked) => this.pick(at, picked) });
      this.sizes.observe(this.canvas);
      this.scheme.addEventListener("change", this.recolour);
      this.measured = (address.get("measure") ?? "").split("-").filter((part) => part !== "").map(Number);
      this.plot.measure(this.measured);
      if (from !== null && to !== null) {
        this.plot.look(Number(from), Number(to));
        await this.refine();
      }
      const [lane, at] = (address.get("mark") ?? "").split("@");
      this.draw();
      if (lane && at) this.arrive(this.plot.nearest(lane, Number(at)));
      this.stage.dataset["ready"] = "";
    } catch (error) {
      this.fail(error);
    }
  }

  private viewed(): void {
    clearTimeout(this.settling);
    this.settling = setTimeout(() => void this.refine().catch((error: unknown) => this.fail(error)), settleMilliseconds);
  }

  /** Reads the view and half of it on either side, so that a small move needs no question. */
  private async refine(): Promise<void> {
    if (!this.plot || !this.overview) return;
    const [from, to] = this.plot.view;
    const isWhole = to - from >= this.overview.end;
    this.isWhole = isWhole;
    const margin = (to - from) / 2;
    const read = isWhole ? await this.source!.read() : await this.source!.read(Math.max(0, from - margin), to + margin);
    if (!read) return;
    if (isWhole) [this.overview, this.detail] = [read, undefined];
    else this.detail = read;
    if (read.end > this.overview.end) this.plot.grow(read.end);
    this.draw();
    this.remember();
  }

  private draw(): void {
    if (!this.plot || !this.overview) return;
    this.plot.show(this.detail ? [this.overview, this.detail] : [this.overview]);
    this.drawTools();
    const shown = this.detail ?? this.overview;
    this.silences.replaceChildren(...shown.lanes.filter((lane) => lane.silence !== null).flatMap((lane) => [element("dt", "", lane.name), element("dd", "", lane.silence ?? "")]));
    this.say();
  }

  private drawTools(): void {
    const failure = this.overview?.firstFailure;
    const newer = Number(this.dataset["end"] ?? 0) - (this.overview?.end ?? 0);
    const buttons = [
      button("Whole run", "z", () => this.plot?.look(0, Number(this.dataset["end"]))),
      button("Zoom in", "", () => this.plot?.zoom(0.5)),
      button("Zoom out", "", () => this.plot?.zoom(2)),
      ...(failure ? [button("First failure", "f", () => this.jump(failure))] : []),
      button(this.isMeasuring ? "Measuring: click two points" : this.measured.length ? "Measure anew" : "Measure", "m", () => this.beginMeasuring(), this.isMeasuring),
      button("PNG", "", () => this.plot && savePicture("timeline.png", this.plot.canvas)),
      ...("running" in this.dataset ? [button(newer > 0 && !this.isFollowing ? `Follow the tail (${span(newer)} newer)` : "Follow the tail", "t", () => this.follow(), this.isFollowing)] : []),
    ];
    const focused = [...this.tools.children].indexOf(document.activeElement ?? this);
    this.tools.replaceChildren(...buttons);
    if (focused >= 0) buttons[Math.min(focused, buttons.length - 1)]?.focus();
    const link = this.querySelector<HTMLAnchorElement>("a[data-table]");
    if (link && this.plot) {
      const [from, to] = this.plot.view;
      link.href = `${link.pathname}?from=${Math.floor(from)}&to=${Math.ceil(to)}`;
    }
  }

  private say(): void {
    if (!this.plot || !this.overview) return;
    const [from, to] = this.plot.view;
    const shown = this.detail ?? this.overview;
    const view = `${moment(from, (to - from) / 100)} to ${moment(to, (to - from) / 100)}, ${span(to - from)}; ${shown.events.toLocaleString("en-GB")} events${shown.isFolded ? ", folded" : ""}`;
    const [first, second] = this.measured;
    this.said.textContent = first !== undefined && second !== undefined ? `Measured: ${span(Math.abs(second - first))}, from ${moment(Math.min(first, second))} to ${moment(Math.max(first, second))}. In sight: ${view}` : `In sight: ${view}`;
  }

  private jump(failure: Mark): void {
    this.isFollowing = false;
    this.arrive({ lane: "agent", mark: failure });
    this.plot?.look(failure.until - beforeFailure, failure.until + afterFailure);
  }

  private beginMeasuring(): void {
    this.isMeasuring = true;
    this.measured = [];
    this.plot?.measure(this.measured);
    this.draw();
  }

  private follow(): void {
    this.isFollowing = !this.isFollowing;
    const end = Number(this.dataset["end"]);
    const [from, to] = this.plot?.view ?? [0, end];
    if (this.isFollowing) this.plot?.look(end - (to - from), end);
    this.drawTools();
  }

  private pick(at: number, picked: Picked | undefined): void {
    if (!this.isMeasuring) {
      this.arrive(picked);
      return;
    }
    // A click on a mark means its edge: nobody hits a microsecond by hand.
    const mark = picked?.mark;
    this.measured.push(Math.round(mark ? (at - mark.at <= mark.until - at ? mark.at : mark.until) : at));
    this.isMeasuring = this.measured.length < 2;
    this.plot?.measure(this.measured);
    this.draw();
    this.remember();
  }

  /** A step is about its end: there its verdict fell. */
  private arrive(picked: Picked | undefined): void {
    this.anchor = picked?.lane === "agent" ? picked.mark.until : picked?.mark.at;
    this.choose(picked);
  }

  private choose(picked: Picked | undefined): void {
    this.picked = picked;
    this.plot?.select(picked);
    this.details.replaceChildren(...(picked ? describe(picked, this.overview!.start) : []));
    this.remember();
  }

  private key(event: KeyboardEvent): void {
    const act = this.actOf(event.key);
    if (!act || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  }

  private actOf(key: string): (() => void) | undefined {
    const plot = this.plot;
    const lane = this.picked?.lane ?? "agent";
    const index = laneNames.findIndex((name) => name === lane);
    if (!plot) return undefined;
    const along = (picked: Picked | undefined) => picked && this.arrive(picked);
    const across = (by: 1 | -1) => {
      for (let next = index + by; next >= 0 && next < laneNames.length; next += by) {
        const picked = plot.nearest(laneNames[next]!, this.anchor ?? plot.view[0]);
        if (picked) return this.choose(picked);
      }
    };
    switch (key) {
      case "+": case "=": return () => plot.zoom(0.5, this.picked?.mark.at);
      case "-": return () => plot.zoom(2, this.picked?.mark.at);
      case "ArrowLeft": return () => plot.pan(-0.2);
      case "ArrowRight": return () => plot.pan(0.2);
      case "Home": return () => plot.look(0, Number(this.dataset["end"]));
      case ".": return () => along(plot.neighbour(1, lane));
      case ",": return () => along(plot.neighbour(-1, lane));
      case "ArrowUp": return () => across(-1);
      case "ArrowDown": return () => across(1);
      case "Enter": return this.isMeasuring && this.picked ? () => this.pick(this.picked!.mark.at, this.picked) : undefined;
      case "Escape": return () => {
        this.isMeasuring = false;
        this.measured = [];
        plot.measure([]);
        this.choose(undefined);
        this.draw();
      };
      default: return undefined;
    }
  }

  private remember(): void {
    if (!this.plot || !this.overview) return;
    const address = new URL(location.href);
    const [from, to] = this.plot.view;
    const put = (name: string, value: string | undefined) => (value === undefined ? address.searchParams.delete(name) : address.searchParams.set(name, value));
    put("from", this.isWhole ? undefined : `${Math.floor(from)}`);
    put("to", this.isWhole ? undefined : `${Math.ceil(to)}`);
    put("mark", this.picked && `${this.picked.lane}@${this.picked.mark.at}`);
    put("measure", this.measured.length === 2 ? this.measured.join("-") : undefined);
    if (address.href !== location.href) history.replaceState(history.state, "", address);
  }

  private fail(error: unknown): void {
    this.said.textContent = `The timeline cannot be read: ${error instanceof Error ? error.message : String(error)}. The table below has the same; reload the page to try again.`;
    this.said.className = "failure";
  }
}
