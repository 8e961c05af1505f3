// What a reader keeps of a page: a file that the browser saves.

export function saveFile(name: string, content: Blob): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  // The browser reads it after this turn.
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

/** What is drawn on a canvas, on the page's own ground: a canvas is clear where nothing is drawn. */
export function savePicture(name: string, drawn: HTMLCanvasElement): void {
  const picture = document.createElement("canvas");
  [picture.width, picture.height] = [drawn.width, drawn.height];
  const context = picture.getContext("2d")!;
  context.fillStyle = getComputedStyle(document.body).getPropertyValue("--paper");
  context.fillRect(0, 0, picture.width, picture.height);
  context.drawImage(drawn, 0, 0);
  picture.toBlob((content) => {
    if (content) saveFile(name, content);
  });
}
