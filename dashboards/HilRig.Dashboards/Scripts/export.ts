// The CSV button: every table of the page as it is shown, one under the other, each under its caption or heading. Numbers stand as in the page.
import { saveFile } from "./files";

export function startExport(): void {
  document.addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-csv]") : null;
    if (!button) return;
    const text = [...document.querySelectorAll<HTMLTableElement>("main table")].map(toCsv).join("\r\n");
    saveFile(`${button.dataset["csv"] ?? "hilrig"}.csv`, new Blob([text], { type: "text/csv" }));
  });
}

function toCsv(table: HTMLTableElement): string {
  const heading = table.closest("section")?.querySelector("h2")?.textContent ?? "";
  return [[heading], ...[...table.rows].map((row) => [...row.cells].map(read))].map((cells) => cells.map(quote).join(",")).join("\r\n") + "\r\n";
}

/** A moment stands exactly and in UTC, whatever zone the page shows it in. */
function read(cell: HTMLTableCellElement): string {
  const copy = cell.cloneNode(true) as HTMLElement;
  for (const time of copy.querySelectorAll("time")) time.textContent = time.dateTime;
  for (const sign of copy.querySelectorAll("[aria-hidden], form")) sign.remove();
  for (const line of copy.querySelectorAll("br")) line.replaceWith(" ");
  return (copy.textContent ?? "").replace(/\s+/g, " ").trim();
}

/** RFC 4180; a cell that a spreadsheet would take for a formula begins with an apostrophe. */
function quote(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
