/** The periods that can be shown, and how many days they have; an hour is shown by the minute. */
export const ranges = { hour: 0, day: 1, week: 7, month: 30 } as const;
export type Range = keyof typeof ranges;

/** The search parameters of the page. */
export interface TimesSearch {
  /** If absent, a day. */
  range?: Exclude<Range, "day">;
  /** A moment within the last minute or day of the period; if absent, the present. */
  until?: number;
  table?: true;
}

export function timesSearch(search: Record<string, unknown>): TimesSearch {
  const range = Object.keys(ranges).find((one) => one === search.range) as Range | undefined;
  return {
    ...(range && range !== "day" ? { range } : {}),
    ...(typeof search.until === "number" && search.until > 0 ? { until: search.until } : {}),
    ...(search.table === true ? { table: true } : {}),
  };
}
