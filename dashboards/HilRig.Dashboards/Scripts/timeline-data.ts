// What /api/v1/runs/…/timeline answers. Times are nanoseconds since the run's first event.

export type Tone = "plain" | "pass" | "stopped" | "unclear" | "rig" | "fail";

export interface Mark {
  readonly at: number;
  readonly until: number;
  readonly tone: Tone;
  readonly text: string;
  readonly many?: number;
  readonly number?: number;
  readonly cycle?: number;
  readonly sender?: "host" | "device";
  readonly bytes?: string;
  readonly length?: number;
}

export interface Lane {
  readonly name: string;
  readonly silence: string | null;
  readonly marks: readonly Mark[];
}

export interface Timeline {
  readonly start: string;
  readonly end: number;
  readonly from: number;
  readonly to: number;
  readonly events: number;
  readonly isFolded: boolean;
  readonly firstFailure: Mark | null;
  readonly lanes: readonly Lane[];
}

/** Reads stretches, the newest wish only: an answer that nobody waits for any more is dropped. */
export class TimelineSource {
  private running: AbortController | undefined;

  constructor(private readonly address: string) {}

  async read(from?: number, to?: number): Promise<Timeline | undefined> {
    this.running?.abort();
    const mine = (this.running = new AbortController());
    const bounds = from === undefined || to === undefined ? "" : `?from=${Math.floor(from)}&to=${Math.ceil(to)}`;
    try {
      const response = await fetch(this.address + bounds, { signal: mine.signal, headers: { accept: "application/json" } });
      if (!response.ok) throw new Error(`the server answered ${response.status}`);
      return (await response.json()) as Timeline;
    } catch (error) {
      if (mine.signal.aborted) return undefined;
      throw error;
    }
  }
}

const units: readonly [number, string][] = [[1e9, "s"], [1e6, "ms"], [1e3, "µs"], [1, "ns"]];

/** A length of time with its unit: 4.125 ms. */
export function span(nanoseconds: number): string {
  const [size, word] = units.find(([unit]) => Math.abs(nanoseconds) >= unit) ?? [1, "ns"];
  return `${(nanoseconds / size).toLocaleString("en-GB", { maximumFractionDigits: 3 })} ${word}`;
}

/** A moment since the run began, with no more digits than its neighbours need: 12.3456 s. */
export function moment(nanoseconds: number, step = 1000): string {
  const digits = Math.min(9, Math.max(0, Math.ceil(-Math.log10(step / 1e9) - 1e-9)));
  const seconds = nanoseconds / 1e9;
  if (seconds < 60 || step < 1e9) return `${seconds.toFixed(digits)} s`;
  const whole = Math.round(seconds);
  const pad = (value: number) => `${value}`.padStart(2, "0");
  return whole < 3600 ? `${Math.floor(whole / 60)}:${pad(whole % 60)}` : `${Math.floor(whole / 3600)}:${pad(Math.floor(whole / 60) % 60)}:${pad(whole % 60)}`;
}
