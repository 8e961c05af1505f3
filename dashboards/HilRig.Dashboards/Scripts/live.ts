// Keeps an open page true: a ping from the server means "read again"; what is read replaces what differs, and nothing else, so that
// scroll position, selection and opened details stay as the reader left them.
import { Idiomorph } from "idiomorph";
import { isReaders } from "./reveal";
import { localise } from "./times";

/** Pings closer together than this are read once: a busy run must not keep the reader's machine busy. */
const quietMilliseconds = 250;

/** An answer older than this is said to be behind. */
const behindMilliseconds = 5000;

const retryMilliseconds = 3000;

export function startLive(): void {
  const banner = document.getElementById("link");
  const hold = document.getElementById("hold");
  if (banner && hold) new LivePage(banner, hold).listen();
}

class LivePage {
  private source: EventSource | undefined;
  private isReading = false;
  private isWanted = false;
  private missed = 0;
  private isBehind = false;
  private isFresh = true;
  private readAt = Date.now();
  private isHeld = false;

  constructor(
    private readonly banner: HTMLElement,
    private readonly hold: HTMLElement,
  ) {
    hold.addEventListener("click", () => this.toggle());
    document.addEventListener("visibilitychange", () => {
      if (!document.hidden && this.isWanted) void this.read();
    });
  }

  listen(): void {
    const feed = document.querySelector<HTMLElement>("main [data-live]")?.dataset["live"];
    if (!feed) return;
    this.hold.hidden = false;
    this.source = new EventSource(feed);
    this.source.onopen = () => {
      if (!this.isHeld) this.say("live", "live");
    };
    this.source.onmessage = () => this.ping();
    // The browser connects again by itself, except where the server refused; the first ping then brings the page up to date.
    this.source.onerror = () => {
      this.lost();
      if (this.source?.readyState === EventSource.CLOSED) setTimeout(() => this.listen(), retryMilliseconds);
    };
  }

  /** A reader who compares two numbers wants them to stand still. */
  private toggle(): void {
    this.isHeld = !this.isHeld;
    this.hold.textContent = this.isHeld ? "Go on" : "Hold";
    if (this.isHeld) this.say("held", "held");
    else void this.read();
  }

  private ping(): void {
    // The first comes at once: it is there for what happened while the page was on its way, and is no change that was seen.
    if (this.isFresh) this.isFresh = false;
    else this.missed += 1;
    if (this.isHeld) {
      if (this.missed > 0) this.say(`held, ${this.changes} behind`, "held");
      return;
    }
    if (this.isBehind) this.sayBehind();
    void this.read();
  }

  private async read(): Promise<void> {
    this.isWanted = true;
    if (this.isReading || document.hidden) return;
    this.isReading = true;
    try {
      while (this.isWanted && !document.hidden) {
        this.isWanted = false;
        if (!(await this.readOnce())) return;
        await new Promise((resume) => setTimeout(resume, quietMilliseconds));
      }
    } finally {
      this.isReading = false;
    }
  }

  /** False where there was no answer. */
  private async readOnce(): Promise<boolean> {
    const [asked, known] = [Date.now(), this.missed];
    const slow = setTimeout(() => this.sayBehind(), behindMilliseconds);
    try {
      const text = await this.fetch();
      if (text === undefined) return false;
      // Who holds the page meanwhile wants it to stand still from then on.
      if (this.isHeld) return false;
      apply(new DOMParser().parseFromString(text, "text/html"));
      this.readAt = asked;
      this.missed -= known;
      this.say("live", "live");
      return true;
    } finally {
      clearTimeout(slow);
      this.isBehind = false;
    }
  }

  private get changes(): string {
    return `${this.missed} ${this.missed === 1 ? "change" : "changes"}`;
  }

  private sayBehind(): void {
    if (this.isHeld) return;
    this.isBehind = true;
    this.say(`${this.missed > 0 ? `${this.changes} behind` : "waits for the server"}; as of ${clock(this.readAt)}`, "behind");
  }

  /** The page as it is now, or nothing where the server cannot be reached; what fails later is our own mistake and stays visible. */
  private async fetch(): Promise<string | undefined> {
    try {
      const response = await fetch(location.href, { cache: "no-store", headers: { accept: "text/html" } });
      if (response.status < 500) return await response.text();
    } catch {
      // Said below, with what a reader can still rely on.
    }
    this.lost();
    return undefined;
  }

  private lost(): void {
    this.say(`server not reached, agents go on; as of ${clock(this.readAt)}`, "lost");
  }

  private say(text: string, state: "live" | "held" | "behind" | "lost"): void {
    this.banner.hidden = false;
    this.banner.textContent = text;
    this.banner.className = `link ${state}`;
  }
}

function apply(page: Document): void {
  const wanted = page.querySelector("main");
  const shown = document.querySelector("main");
  if (!wanted || !shown) return;
  localise(wanted);
  Idiomorph.morph(shown, wanted, {
    morphStyle: "outerHTML",
    ignoreActiveValue: true,
    callbacks: {
      // What a reader opened stays so, and what a custom element notes on itself is its own affair.
      beforeAttributeUpdated: (name, element) => !(name === "open" && isReaders(element)) && !isTyped(name, element) && !(element.localName.includes("-") && (name === "style" || name === "data-painted")),
      // What a custom element has drawn is its own affair: it redraws when its table changes.
      beforeNodeRemoved: (node) => !(node instanceof Element && node.hasAttribute("data-drawn")),
    },
  });
  document.title = page.title;
}

/** What a reader has typed or chosen and not yet sent is the reader's. */
function isTyped(name: string, element: Element): boolean {
  if (element instanceof HTMLInputElement) return (name === "value" && element.value !== element.defaultValue) || (name === "checked" && element.checked !== element.defaultChecked);
  if (element instanceof HTMLTextAreaElement) return name === "value" && element.value !== element.defaultValue;
  return element instanceof HTMLOptionElement && name === "selected" && element.selected !== element.defaultSelected;
}

function clock(moment: number): string {
  return new Date(moment).toLocaleTimeString("en-GB");
}
