/** What the audit is searched for; days are in the company's time zone. */
export interface AuditSearch {
  person?: string;
  operation?: string;
  object?: string;
  from?: string;
  to?: string;
}

const isDay = (text: string) => /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text));

export const auditSearch = (search: Record<string, unknown>): AuditSearch => {
  const text = (name: keyof AuditSearch) => {
    const value = search[name];
    return typeof value === "string" && value !== "" ? value : undefined;
  };
  const day = (name: "from" | "to") => {
    const value = text(name);
    return value !== undefined && isDay(value) ? value : undefined;
  };
  const found = {
    person: text("person"),
    operation: text("operation"),
    object: text("object"),
    from: day("from"),
    to: day("to"),
  };
  return Object.fromEntries(Object.entries(found).filter(([, value]) => value !== undefined));
};

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

/** The same search as the server takes it: the last day is part of it. */
export const asQuery = ({ from, to, ...rest }: AuditSearch, zone: string) => ({
  ...rest,
  ...(from ? { from: beginningOf(from, zone) } : {}),
  ...(to ? { to: beginningOf(to, zone, 1) } : {}),
});
