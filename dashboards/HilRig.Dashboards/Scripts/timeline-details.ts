// What is known of one mark; of a packet also its bytes.
import { fieldsOf } from "./kboot-frame";
import { element } from "./markup";
import { moment, span } from "./timeline-data";
import type { Picked } from "./timeline-plot";

/** @param start The run's first event. */
export function describe({ lane, mark }: Picked, start: string): HTMLElement[] {
  const facts = element("dl", "pairs");
  const fact = (name: string, value: string) => facts.append(element("dt", "", name), element("dd", "", value));
  fact("lane", mark.sender ? `${lane}, ${mark.sender === "host" ? "host to board" : "board to host"}` : lane);
  fact("at", `${moment(mark.at)} of the run, ${new Date(Date.parse(start) + mark.at / 1e6).toISOString().replace("T", " ").replace("Z", " UTC")}`);
  if (mark.until > mark.at) fact("took", span(mark.until - mark.at));
  const parts: HTMLElement[] = [element("p", mark.tone === "fail" ? "failure" : "", mark.text), facts];
  if (mark.number && mark.cycle) {
    const link = element("a", "", "its step among the cycles");
    link.setAttribute("href", `?cycle=${mark.cycle}#event-${mark.number}`);
    parts.push(link);
  }
  if (mark.bytes) parts.push(frame(mark.bytes, mark.length ?? mark.bytes.length / 2));
  return parts;
}

/** The bytes by field, with what they mean. */
function frame(hex: string, wire: number): HTMLElement {
  const table = element("table", "hex");
  const head = table.createTHead().insertRow();
  for (const name of ["Field", "Bytes", "Means"]) head.append(element("th", "", name));
  const body = table.createTBody();
  for (const field of fieldsOf(hex, wire)) {
    const row = body.insertRow();
    row.append(element("th", "", field.name), element("td", "", field.bytes.join(" ")), element("td", "", field.value));
  }
  const scroll = element("div", "scroll");
  scroll.tabIndex = 0;
  scroll.setAttribute("role", "region");
  scroll.setAttribute("aria-label", "the packet's bytes");
  scroll.append(table);
  return scroll;
}
