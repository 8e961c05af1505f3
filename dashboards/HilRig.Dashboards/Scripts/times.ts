// Moments in the reader's own zone; the exact one stays on hover. The server knows no zone and writes UTC.

const today: Intl.DateTimeFormatOptions = { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" };
const otherDay: Intl.DateTimeFormatOptions = { day: "numeric", month: "short", ...today };

export function localise(root: ParentNode): void {
  for (const time of root.querySelectorAll<HTMLTimeElement>("time[datetime]")) {
    const moment = new Date(time.dateTime);
    if (Number.isNaN(moment.getTime())) continue;
    const isToday = moment.toDateString() === new Date().toDateString();
    time.textContent = new Intl.DateTimeFormat("en-GB", isToday ? today : otherDay).format(moment);
  }
}
