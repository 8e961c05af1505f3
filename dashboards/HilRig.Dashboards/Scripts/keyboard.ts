// Keys: `?` lists them. A link or button says its own key by data-key ("g r" is g, then r), so a new one needs no line here.

const patienceMilliseconds = 1500;

export function startKeyboard(): void {
  let before = "";
  let at = 0;
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || isTyping(event.target)) return;
    if (event.key === "?") {
      event.preventDefault();
      showKeys();
      return;
    }
    const pair = Date.now() - at < patienceMilliseconds ? `${before} ${event.key}` : event.key;
    const target = find(pair) ?? find(event.key);
    before = event.key;
    at = Date.now();
    if (!target) return;
    event.preventDefault();
    target.focus();
    target.click();
  });
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));
}

function find(keys: string): HTMLElement | null {
  return document.querySelector<HTMLElement>(`[data-key="${CSS.escape(keys).replaceAll("\\ ", " ")}"]`);
}

function showKeys(): void {
  const dialog = document.createElement("dialog");
  dialog.className = "keys";
  dialog.setAttribute("aria-label", "Keys");
  const list = document.createElement("dl");
  for (const element of document.querySelectorAll<HTMLElement>("[data-key]")) {
    list.append(term("dt", element.dataset["key"] ?? ""), term("dd", element.dataset["keyWord"] ?? element.textContent?.trim() ?? ""));
  }
  list.append(term("dt", "?"), term("dd", "This list; Escape closes it"));
  dialog.append(list);
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}

function term(name: "dt" | "dd", text: string): HTMLElement {
  const element = document.createElement(name);
  element.textContent = text;
  return element;
}
