import { day, searchOf } from "../../lib/search-of";

export const shapes = ["lines", "stacked", "bars"] as const;
export type Shape = (typeof shapes)[number];
export const comparisons = ["previous", "weekday", "none"] as const;
export type Comparison = (typeof comparisons)[number];
export const splits = [
  "channel",
  "queue",
  "agent",
  "group",
  "department",
  "site",
  "lang",
  "product",
  "category",
  "topic",
  "entry",
  "band",
] as const;
export type SplitBy = (typeof splits)[number];

/** What can be said about many times in one number. */
export const statistics = ["mean", "p50", "p90", "p95", "longest"] as const;
export type Statistic = (typeof statistics)[number];

/** The search parameters of the page. */
export interface HistorySearch {
  /** The first and last day; if absent, the last `days`. */
  from?: string;
  to?: string;
  days?: 30;
  compare?: Exclude<Comparison, "previous">;
  shape?: Exclude<Shape, "lines">;
  /** Which number tells the times; if absent, the median. */
  times?: Exclude<Statistic, "p50">;
  /** What the numbers are split by, and which number of each table is split. */
  split?: SplitBy;
  of?: string;
  /** The time zone; by default the company's. */
  tz?: string;
  /** Series that are not drawn. */
  hide?: string;
  table?: true;
  /** The open list: of which indicator, from when, until when; if split, of which part (empty for conversations without one). */
  open?: string;
  at?: number;
  until?: number;
  part?: string;
}

/** Whether this browser knows the zone. */
export function isZone(name: unknown): name is string {
  if (typeof name !== "string" || name === "") return false;
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

const forms = {
  from: day,
  to: day,
  compare: /^(weekday|none)$/,
  shape: /^(stacked|bars)$/,
  of: /^[a-z_,]{1,200}$/,
  hide: /^[\w:,-]{1,900}$/,
};

export function historySearch(search: Record<string, unknown>): HistorySearch {
  const { from, to, ...found } = searchOf(forms, search);
  const door =
    typeof search.open === "string" &&
    /^[a-z_]{1,40}$/.test(search.open) &&
    typeof search.at === "number" &&
    typeof search.until === "number";
  return {
    ...(found as HistorySearch),
    ...(from && to ? { from, to } : search.days === 30 ? { days: 30 } : {}),
    ...(search.times !== "p50" && statistics.some((one) => one === search.times)
      ? { times: search.times as Exclude<Statistic, "p50"> }
      : {}),
    ...(splits.some((one) => one === search.split) ? { split: search.split as SplitBy } : {}),
    ...(isZone(search.tz) ? { tz: search.tz } : {}),
    ...(search.table === true ? { table: true } : {}),
    ...(door
      ? {
          open: search.open as string,
          at: search.at as number,
          until: search.until as number,
          ...(typeof search.part === "string" ? { part: search.part } : {}),
        }
      : {}),
  };
}
