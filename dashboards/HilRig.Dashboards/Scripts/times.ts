// Moments in the reader's own zone, or as their age; the exact one stays on hover. The server knows no zone and writes UTC.

const today: Intl.DateTimeFormatOptions = { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" };
const otherDay: Intl.DateTimeFormatOptions = { day: "numeric", month: "short", ...today };
const agedMilliseconds = 20_000;

/** By how much the server's clock is ahead of the reader's: an age is by one clock. */
let ahead = 0;

export function localise(root: ParentNode): void {
  const asOf = Date.parse(root.querySelector<HTMLTimeElement>(".foot time")?.dateTime ?? "");
  if (!Number.isNaN(asOf)) ahead = asOf - Date.now();
  for (const time of root.querySelectorAll<HTMLTimeElement>("time[datetime]")) {
    const moment = new Date(time.dateTime);
    if (Number.isNaN(moment.getTime())) continue;
    const isToday = moment.toDateString() === new Date().toDateString();
    time.textContent = "ago" in time.dataset ? age(moment) : new Intl.DateTimeFormat("en-GB", isToday ? today : otherDay).format(moment);
  }
}

/** Ages grow although nothing happens. */
export function startAges(): void {
  setInterval(() => {
    for (const time of document.querySelectorAll<HTMLTimeElement>("time[data-ago]")) time.textContent = age(new Date(time.dateTime));
  }, agedMilliseconds);
}

function age(moment: Date): string {
  const minutes = Math.floor((Date.now() + ahead - moment.getTime()) / 60_000);
  if (minutes < 1) return "just now";
  if (minutes < 60) return `${minutes} min ago`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h ${minutes % 60} min ago` : `${Math.floor(hours / 24)} days ago`;
}
