// <rig-grid>: paints the signs of the table inside it, one cell a sign, and makes each a link. Without script the signs are the picture.
import { savePicture } from "./files";
import { button, element } from "./markup";

/** A line's name is a link, and no target is smaller (WCAG 2.2, 2.5.8). */
const rowHeight = 24;
const narrowest = 3;
const widest = 14;

export function defineRigGrid(): void {
  customElements.define("rig-grid", RigGrid);
}

class RigGrid extends HTMLElement {
  private readonly canvas = element("canvas");
  private readonly cover = element("div", "grid-cover");
  private readonly cursor = element("div", "cursor");
  private readonly said = element("p", "dim");
  private readonly save = button("PNG", "", () => savePicture("grid.png", this.picture()));
  private readonly changes = new MutationObserver(() => this.draw());
  private readonly sizes = new ResizeObserver(() => this.draw());
  private readonly scheme = matchMedia("(prefers-color-scheme: dark)");
  private rows: HTMLElement[] = [];
  private signs: string[] = [];
  private shares: Map<number, string>[] = [];
  private names: string[] = [];
  private at: readonly [number, number] = [0, 0];
  private pitch = narrowest;

  connectedCallback(): void {
    this.cover.dataset["drawn"] = this.said.dataset["drawn"] = this.save.dataset["drawn"] = "";
    this.cover.tabIndex = 0;
    this.cover.setAttribute("role", "application");
    this.cover.setAttribute("aria-label", "results as a picture: arrows move from cell to cell, Enter opens its runs");
    this.said.setAttribute("role", "status");
    this.cover.append(this.canvas, this.cursor);
    this.append(this.said, this.save);
    this.querySelector(".scroll")?.append(this.cover);
    this.cover.addEventListener("mousemove", (event) => this.point(event));
    this.cover.addEventListener("click", (event) => {
      this.point(event);
      this.open();
    });
    this.cover.addEventListener("keydown", (event) => this.key(event));
    this.scheme.addEventListener("change", this.redraw);
    this.sizes.observe(this);
    const body = this.querySelector("tbody");
    if (body) this.changes.observe(body, { subtree: true, childList: true, characterData: true });
    this.draw();
  }

  disconnectedCallback(): void {
    this.changes.disconnect();
    this.sizes.disconnect();
    this.scheme.removeEventListener("change", this.redraw);
  }

  private readonly redraw = (): void => this.draw();

  private draw(): void {
    this.rows = [...this.querySelectorAll<HTMLElement>("tbody tr")];
    const first = this.rows[0]?.querySelector<HTMLElement>(".cells");
    if (!first) return;
    this.names = (this.dataset["names"] ?? "").split(",");
    this.signs = this.rows.map((row) => row.querySelector(".cells")?.textContent?.trim() ?? "");
    this.shares = this.rows.map((row) => counts(row.querySelector<HTMLElement>(".cells")?.dataset["bad"] ?? ""));
    const columns = Number(this.dataset["columns"]);
    const scroll = this.querySelector<HTMLElement>(".scroll")!;
    const room = scroll.clientWidth - (this.rows[0]!.clientWidth - first.clientWidth);
    this.pitch = Math.max(narrowest, Math.min(widest, Math.floor(room / columns)));
    this.style.setProperty("--cells", `${this.pitch * columns}px`);
    const corner = scroll.getBoundingClientRect();
    const cell = first.getBoundingClientRect();
    Object.assign(this.cover.style, { left: `${cell.left - corner.left + scroll.scrollLeft}px`, top: `${cell.top - corner.top + scroll.scrollTop}px` });
    this.size(this.canvas, this.pitch * columns, rowHeight * this.rows.length);
    this.paint(this.canvas.getContext("2d")!, this.pitch, rowHeight);
    this.dataset["painted"] = "";
  }

  private size(canvas: HTMLCanvasElement, width: number, height: number): void {
    [canvas.width, canvas.height] = [width * devicePixelRatio, height * devicePixelRatio];
    [canvas.style.width, canvas.style.height] = [`${width}px`, `${height}px`];
    canvas.getContext("2d")!.scale(devicePixelRatio, devicePixelRatio);
  }

  /** Failures fill their cell, the more of the cycles the darker; what nobody can judge fills its middle; a pass is a thin line. */
  private paint(context: CanvasRenderingContext2D, pitch: number, height: number): void {
    const style = getComputedStyle(this);
    const [fail, other, pass, ink] = ["--fail", "--unclear", "--pass", "--ink"].map((name) => style.getPropertyValue(name)) as [string, string, string, string];
    const gap = pitch > 4 ? 1 : 0;
    this.signs.forEach((line, row) => {
      for (let column = 0; column < line.length; column++) {
        const sign = line[column];
        if (sign === ".") continue;
        const bad = sign === "x";
        context.fillStyle = bad ? fail : sign === "?" ? other : pass;
        context.globalAlpha = bad ? 0.45 + 0.55 * share(this.shares[row]?.get(column)) : sign === "?" ? 0.9 : 0.45;
        const size = bad ? height - 1 : sign === "?" ? height - 5 : height - 9;
        context.fillRect(column * pitch, row * height + (height - size) / 2, pitch - gap, size);
      }
    });
    context.globalAlpha = 1;
    const [row, column] = [this.rows.findIndex((one) => one.dataset["line"] === this.dataset["line"]), this.names.indexOf(this.dataset["column"] ?? "")];
    if (row >= 0 && column >= 0) {
      context.strokeStyle = ink;
      context.lineWidth = 2;
      context.strokeRect(column * pitch - 1, row * height, pitch + 2, height);
    }
  }

  /** The grid with its lines' names, for a report. */
  private picture(): HTMLCanvasElement {
    const canvas = element("canvas");
    const left = 220;
    this.size(canvas, left + this.pitch * this.names.length, rowHeight * this.rows.length);
    const context = canvas.getContext("2d")!;
    context.fillStyle = getComputedStyle(this).getPropertyValue("--ink");
    context.font = "11px sans-serif";
    this.rows.forEach((row, index) => context.fillText(row.dataset["line"] ?? "", 4, (index + 1) * rowHeight - 3, left - 8));
    context.translate(left, 0);
    this.paint(context, this.pitch, rowHeight);
    return canvas;
  }

  private point(event: MouseEvent): void {
    const box = this.canvas.getBoundingClientRect();
    this.move(Math.floor((event.clientY - box.top) / rowHeight), Math.floor((event.clientX - box.left) / this.pitch));
  }

  private move(row: number, column: number): void {
    this.at = [Math.max(0, Math.min(this.rows.length - 1, row)), Math.max(0, Math.min(this.names.length - 1, column))];
    const [line, index] = this.at;
    const sign = this.signs[line]?.[index] ?? ".";
    const word = sign === "x" ? `failed ${this.shares[line]?.get(index) ?? ""}` : sign === "?" ? "undecided, stopped or the rig's" : sign === "o" ? "all passed" : "nothing ran";
    this.said.textContent = `${this.rows[line]?.dataset["line"] ?? ""}, ${this.names[index] ?? ""}: ${word}`;
    Object.assign(this.cursor.style, { left: `${index * this.pitch - 1}px`, top: `${line * rowHeight}px`, width: `${this.pitch + 2}px`, height: `${rowHeight}px` });
  }

  private key(event: KeyboardEvent): void {
    const [row, column] = this.at;
    const moves: Readonly<Record<string, readonly [number, number]>> = {
      ArrowUp: [row - 1, column],
      ArrowDown: [row + 1, column],
      ArrowLeft: [row, column - 1],
      ArrowRight: [row, column + 1],
      Home: [row, 0],
      End: [row, this.names.length - 1],
      PageUp: [row - 10, column],
      PageDown: [row + 10, column],
    };
    const to = moves[event.key];
    if (!to && event.key !== "Enter") return;
    event.preventDefault();
    if (to) this.move(...to);
    else this.open();
  }

  private open(): void {
    const [row, column] = this.at;
    const line = this.rows[row]?.dataset["line"];
    if (line === undefined) return;
    location.assign(`${this.dataset["pick"]}&line=${encodeURIComponent(line)}&column=${this.names[column] ?? ""}#cell`);
  }
}

function counts(text: string): Map<number, string> {
  return new Map(text.split(" ").filter((part) => part !== "").map((part) => {
    const [column, count] = part.split(":");
    return [Number(column), count ?? ""];
  }));
}

function share(count: string | undefined): number {
  const [failed, cycles] = (count ?? "1/1").split("/").map(Number);
  return cycles ? (failed ?? 0) / cycles : 1;
}
