import type { Language } from "@yingda/antd";
import type { Query } from "@yingda/api/operations";
import type { ResponseTimes, ResponseTimeSeries } from "@yingda/api/types";
import { dayOf, duration } from "../../lib/format";
import { addDays, type HistorySeries, type Piece } from "../history/model";
import { ranges, type Range, type TimesSearch } from "./search";

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

export const rangeOf = (search: TimesSearch): Range => search.range ?? "day";
/** How far apart two periods that follow each other are, in milliseconds. */
export const lengthOf = (range: Range): number => (range === "hour" ? hour : ranges[range] * day);

/** The request that the address of the page stands for. */
export function queryOf(search: TimesSearch, now: number, zone: string): Query<"GET", "/response-times"> {
  const range = rangeOf(search);
  const until = search.until ?? now;
  if (range === "hour") {
    const to = Math.floor(until / minute) * minute + minute;
    return { from: String(to - hour), to: String(to), grain: "minute" };
  }
  const last = dayOf(until, zone);
  return { from: addDays(last, 1 - ranges[range]), to: last, grain: range === "month" ? "day" : "hour" };
}

/** The address of the period before or after; the present has none of its own. */
export function moved(search: TimesSearch, by: 1 | -1, now: number): TimesSearch {
  const { until: _until, ...rest } = search;
  const present = Math.floor(now / minute) * minute;
  const until = (search.until ?? present) + by * lengthOf(rangeOf(search));
  return until < present ? { ...rest, until } : rest;
}

export const percentiles = ["p50", "p90", "p95", "p99"] as const;
export type Percentile = (typeof percentiles)[number];
/** What is drawn; the table has all of them. */
export const drawn = ["p50", "p95", "p99"] as const satisfies readonly Percentile[];

export const piecesOf = (times: ResponseTimes, zone: string): Piece[] =>
  (times.items[0]?.points ?? []).map(({ from, to }) => ({
    from,
    to,
    day: dayOf(from, zone),
    final: to <= times.as_of,
    today: false,
    known: true,
  }));

export const seriesOf = (of: ResponseTimeSeries, nameOf: (percentile: Percentile) => string): HistorySeries[] =>
  drawn.map((percentile, index) => ({
    key: percentile,
    line: null,
    name: nameOf(percentile),
    tone: index + 1,
    values: of.points.map(({ values }) => values[`${percentile}_ms`]),
    before: null,
    band: null,
  }));

/** Whether 95% of the times stayed within the target; null if there were none. */
export const isMet = ({ total, target_ms }: ResponseTimeSeries): boolean | null =>
  total.p95_ms === null ? null : total.p95_ms <= target_ms;

/** A time of a program: "38 ms", "1.2 s". */
export function fineDuration(ms: number | null | undefined, language: Language): string {
  if (ms === null || ms === undefined || ms >= 1000) return duration(ms, language);
  return `${Math.round(ms)} ${language === "en" ? "ms" : "毫秒"}`;
}
