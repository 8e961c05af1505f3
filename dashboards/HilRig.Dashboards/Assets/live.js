// Keeps an open page true: a ping from the server means "read again"; what is read replaces what differs, and nothing else,
// so that scroll position, selection and opened details stay as the reader left them. Without this script the page is complete but still.
"use strict";

(() => {
  const status = document.getElementById("link");
  let isReading = false;
  let isPending = false;
  let readAt = new Date();

  function say(text, isLost) {
    status.hidden = false;
    status.textContent = text;
    status.classList.toggle("lost", isLost);
  }

  function syncAttributes(from, to) {
    for (const { name } of [...from.attributes]) {
      if (!to.hasAttribute(name) && !(name === "open" && from.isReaders)) from.removeAttribute(name);
    }
    for (const { name, value } of [...to.attributes]) {
      if (name === "open" && from.isReaders) continue;
      if (from.getAttribute(name) !== value) from.setAttribute(name, value);
    }
  }

  function matches(node, wanted) {
    return node.nodeType === wanted.nodeType && node.nodeName === wanted.nodeName && (node.id || "") === (wanted.id || "");
  }

  // Children with an id are found wherever they moved to; the others by their position.
  function morphChildren(from, to) {
    const byId = new Map([...from.children].filter((child) => child.id).map((child) => [child.id, child]));
    let cursor = from.firstChild;
    for (const wanted of [...to.childNodes]) {
      let found = wanted.id ? byId.get(wanted.id) : undefined;
      if (found && !matches(found, wanted)) found = undefined;
      if (!found && !wanted.id) {
        let candidate = cursor;
        while (candidate && candidate.id) candidate = candidate.nextSibling;
        if (candidate && matches(candidate, wanted)) found = candidate;
      }
      if (!found) {
        from.insertBefore(document.importNode(wanted, true), cursor);
        continue;
      }
      if (found !== cursor) from.insertBefore(found, cursor);
      else cursor = cursor.nextSibling;
      morph(found, wanted);
    }
    while (cursor) {
      const next = cursor.nextSibling;
      cursor.remove();
      cursor = next;
    }
  }

  function morph(from, to) {
    if (from.nodeType !== Node.ELEMENT_NODE) {
      if (from.data !== to.data) from.data = to.data;
      return;
    }
    syncAttributes(from, to);
    morphChildren(from, to);
  }

  async function read() {
    if (isReading || document.hidden) {
      isPending = true;
      return;
    }
    isReading = true;
    isPending = false;
    try {
      const response = await fetch(location.href, { cache: "no-store", headers: { accept: "text/html" } });
      const page = new DOMParser().parseFromString(await response.text(), "text/html");
      const main = page.querySelector("main");
      if (main) morphChildren(document.querySelector("main"), main);
      document.title = page.title;
      readAt = new Date();
      say("live", false);
    } catch {
      lost();
    } finally {
      isReading = false;
    }
    if (isPending) read();
  }

  function lost() {
    say(`server not reached; as of ${readAt.toISOString().slice(11, 19)} UTC`, true);
  }

  function listen() {
    const feed = document.querySelector("main [data-live]")?.dataset.live;
    if (!feed) return;
    const source = new EventSource(feed);
    source.onmessage = read;
    // The browser connects again by itself, except where the server refused; the first ping then brings the page up to date.
    source.onerror = () => {
      lost();
      if (source.readyState === EventSource.CLOSED) setTimeout(listen, 3000);
    };
  }

  document.addEventListener("visibilitychange", () => {
    if (!document.hidden && isPending) read();
  });

  // From the first click on, whether a details element is open is the reader's business.
  document.addEventListener("click", (event) => {
    const summary = event.target.closest?.("summary");
    if (summary) summary.parentElement.isReaders = true;
  });

  // A link to something inside closed details opens them.
  function reveal() {
    const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    for (let element = target; element; element = element.parentElement) {
      if (element.nodeName === "DETAILS") {
        element.open = true;
        element.isReaders = true;
      }
    }
    if (target) target.scrollIntoView();
  }

  addEventListener("hashchange", reveal);
  reveal();
  listen();
})();
