/** Days and hours in a time zone. */

/** How far the clocks of a time zone are ahead of UTC at a moment, in milliseconds. */
function ahead(at: number, zone: string): number {
  const parts = new Intl.DateTimeFormat("en-US", {
    timeZone: zone,
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
  }).formatToParts(at);
  const of = (type: string) => Number(parts.find((part) => part.type === type)?.value);
  return Date.UTC(of("year"), of("month") - 1, of("day"), of("hour"), of("minute"), of("second")) - at;
}

/** When a day begins in a time zone; `later` days after it. */
export function beginningOf(day: string, zone: string, later = 0): number {
  const utc = Date.parse(`${day}T00:00:00Z`) + later * 86_400_000;
  const guess = utc - ahead(utc, zone);
  return utc - ahead(guess, zone);
}

/** The moment at which clocks of a time zone show a day and a time, as a field gives it: 2026-11-20T09:00. */
export function momentOf(local: string, zone: string): number {
  const utc = Date.parse(`${local}:00Z`);
  return utc - ahead(utc - ahead(utc, zone), zone);
}

/** What clocks of a time zone show at a moment, as a field takes it. */
export const localOf = (at: number, zone: string): string => new Date(at + ahead(at, zone)).toISOString().slice(0, 16);
