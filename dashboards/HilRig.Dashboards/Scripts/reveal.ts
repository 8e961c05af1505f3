// A link to something inside closed details opens them. From the reader's first click on, whether details are open is the reader's
// business, and no refresh closes or opens them.

const touched = new WeakSet<Element>();

export function isReaders(details: Element): boolean {
  return touched.has(details);
}

export function startReveal(): void {
  document.addEventListener("click", (event) => {
    const summary = event.target instanceof Element ? event.target.closest("summary") : null;
    if (summary?.parentElement) touched.add(summary.parentElement);
  });
  addEventListener("hashchange", reveal);
  reveal();
}

function reveal(): void {
  const target = location.hash ? document.getElementById(decodeURIComponent(location.hash.slice(1))) : null;
  for (let element: Element | null = target; element; element = element.parentElement) {
    if (!(element instanceof HTMLDetailsElement)) continue;
    element.open = true;
    touched.add(element);
  }
  target?.scrollIntoView();
}
