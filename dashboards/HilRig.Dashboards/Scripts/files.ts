// What a reader keeps of a page: a file that the browser saves.

export function saveFile(name: string, content: Blob): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  // The browser reads it after this turn.
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

export function savePicture(name: string, canvas: HTMLCanvasElement): void {
  canvas.toBlob((picture) => {
    if (picture) saveFile(name, picture);
  });
}
