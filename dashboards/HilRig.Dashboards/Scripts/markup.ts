// Elements in one line each.

export function button(text: string, key: string, act: () => void, isPressed = false): HTMLButtonElement {
  const made = element("button", "", text);
  made.type = "button";
  if (key) [made.dataset["key"], made.title] = [key, `key ${key}`];
  if (isPressed) made.setAttribute("aria-pressed", "true");
  made.addEventListener("click", act);
  return made;
}

export function element<Name extends keyof HTMLElementTagNameMap>(name: Name, css = "", text = ""): HTMLElementTagNameMap[Name] {
  const made = document.createElement(name);
  if (css) made.className = css;
  if (text) made.textContent = text;
  return made;
}
