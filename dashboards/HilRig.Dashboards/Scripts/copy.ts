// <button data-copy="id">: the text of that element into the clipboard; where a browser gives none to a page without TLS, it is selected.

const thanksMilliseconds = 1500;

export function startCopy(): void {
  show();
  new MutationObserver(show).observe(document.body, { subtree: true, childList: true, attributes: true, attributeFilter: ["hidden"] });
  document.addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest<HTMLButtonElement>("[data-copy]") : null;
    const source = button && document.getElementById(button.dataset["copy"] ?? "");
    if (button && source) void copy(button, source);
  });
}

/** They are of no use without script, so the server sends them hidden. */
function show(): void {
  for (const button of document.querySelectorAll<HTMLElement>("[data-copy][hidden]")) button.hidden = false;
}

async function copy(button: HTMLButtonElement, source: HTMLElement): Promise<void> {
  const word = button.textContent;
  try {
    await navigator.clipboard.writeText(source.textContent ?? "");
    button.textContent = "Copied";
  } catch {
    getSelection()?.selectAllChildren(source);
    button.textContent = "Selected: copy it now";
  }
  setTimeout(() => (button.textContent = word), thanksMilliseconds);
}
