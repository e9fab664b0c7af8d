import type { Bilingual, IndicatorKey, Metric } from "@yingda/api/types";
import { dayOf } from "../../lib/format";
import { tables, type Measure, type Table } from "../model";

export const shapes = ["lines", "stacked", "bars"] as const;
export type Shape = (typeof shapes)[number];
export const comparisons = ["previous", "weekday", "none"] as const;
export type Comparison = (typeof comparisons)[number];
export const splits = ["channel", "queue", "site", "lang"] as const;
export type SplitBy = (typeof splits)[number];

/** The search parameters of the page. */
export interface HistorySearch {
  /** The first and last day; if absent, the last `days`. */
  from?: string;
  to?: string;
  days?: 30;
  compare?: Exclude<Comparison, "previous">;
  shape?: Exclude<Shape, "lines">;
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

const day = /^\d{4}-\d{2}-\d{2}$/;

export function historySearch(search: Record<string, unknown>): HistorySearch {
  const both =
    typeof search.from === "string" && day.test(search.from) && typeof search.to === "string" && day.test(search.to);
  const door =
    typeof search.open === "string" &&
    /^[a-z_]{1,40}$/.test(search.open) &&
    typeof search.at === "number" &&
    typeof search.until === "number";
  return {
    ...(both ? { from: search.from as string, to: search.to as string } : search.days === 30 ? { days: 30 } : {}),
    ...(search.compare === "weekday" || search.compare === "none" ? { compare: search.compare } : {}),
    ...(search.shape === "stacked" || search.shape === "bars" ? { shape: search.shape } : {}),
    ...(splits.some((one) => one === search.split) ? { split: search.split as SplitBy } : {}),
    ...(typeof search.of === "string" && /^[a-z_,]{1,200}$/.test(search.of) ? { of: search.of } : {}),
    ...(isZone(search.tz) ? { tz: search.tz } : {}),
    ...(typeof search.hide === "string" && /^[\w:,-]{1,900}$/.test(search.hide) ? { hide: search.hide } : {}),
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

/** The calendar day `days` days later. */
export function addDays(from: string, days: number): string {
  const at = new Date(`${from}T00:00:00Z`);
  at.setUTCDate(at.getUTCDate() + days);
  return at.toISOString().slice(0, 10);
}

/** The number of days between two calendar days. */
export const daysBetween = (from: string, to: string) =>
  Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / 86_400_000);

/** The longest range reported day by day, in days. */
export const mostDays = 400;

export type RangeFault = "backwards" | "future" | "long" | null;

/** What is wrong with a range, determined before the server is asked. */
export function faultOf(from: string, to: string, today: string): RangeFault {
  if (to < from) return "backwards";
  if (to > today) return "future";
  return daysBetween(from, to) >= mostDays ? "long" : null;
}

export interface Piece {
  from: number;
  to: number;
  day: string /** Whether it can no longer change. */;
  final: boolean /** Whether it is still in progress. */;
  today: boolean /** Whether the company had numbers then. Before its first, there is no count rather than a zero. */;
  known: boolean;
}

/** Numbers day by day; null for days before counting began. */
export type Values = readonly (number | null)[];

/** What is drawn: one line of a chart, or the lines for which there is no colour combined; these have no list. */
export interface HistorySeries {
  key: string;
  line: Measured | null;
  name: string;
  tone: number;
  values: Values;
  before: Values | null;
}

/** A chart: one of the tables over days. */
export interface Chart {
  table: Table;
  lines: readonly Measured[];
}
export interface Measured {
  /** Unique on the page. */ id: string;
  measure: Measure /** The part, if the number is split; null for conversations without one. */;
  part?: string | null /** The name of the part. */;
  called?: Bilingual | null;
  values: Values;
  total: number;
  before: Values | null /** Null if some of the days compared with are before the first number. */;
  totalBefore: number | null;
  ratio: number | null;
}

type Points = Metric["series"][number]["points"];
/** Whether the company had numbers in a period; a company that has none at all has zeros. */
const isKnown = (to: number, since: number | null) => since === null || to > since;
const numbers = (points: Points, since: number | null): Values =>
  points.map((point) => (isKnown(point.to, since) ? (point.value ?? 0) : null));
/** The total over days, if all of them were counted. */
const wholly = (points: Points, since: number | null, total: number | null) =>
  points.every((point) => isKnown(point.to, since)) ? total : null;

export function piecesOf(metric: Metric): Piece[] {
  const now = dayOf(metric.as_of, metric.time_zone);
  return (metric.series[0]?.points ?? []).map((point) => {
    const named = dayOf(point.from, metric.time_zone);
    return {
      from: point.from,
      to: point.to,
      day: named,
      final: point.final,
      today: named === now,
      known: isKnown(point.to, metric.data_from),
    };
  });
}

export function chartsOf(metrics: readonly Metric[]): Chart[] {
  const by = new Map(metrics.map((metric) => [metric.key, metric]));
  return tables.map((table) => ({
    table,
    lines: table.measures.flatMap((measure) => {
      const metric = by.get(measure.key);
      const now = metric?.series[0];
      if (!now) return [];
      const before = metric.compare?.series[0] ?? null;
      const since = metric.data_from;
      return [
        {
          id: measure.key,
          measure,
          values: numbers(now.points, since),
          total: now.total ?? 0,
          before: before && numbers(before.points, since),
          totalBefore: before ? wholly(before.points, since, before.total) : null,
          ratio: measure.ratio ? (by.get(measure.ratio)?.series[0]?.total ?? null) : null,
        },
      ];
    }),
  }));
}

/** The number of a table that is split: the one named in the address, otherwise the first. */
export function chosenOf(table: Table, of: string | undefined): Measure {
  const named = (of ?? "").split(",");
  return table.measures.find((measure) => named.includes(measure.key)) ?? table.measures[0]!;
}

/** The search parameter for all tables, with one of them changed. */
export const ofWith = (of: string | undefined, table: Table, key: IndicatorKey): string | undefined => {
  const chosen = tables.map((one) => (one.name === table.name ? key : chosenOf(one, of).key));
  return chosen.every((one, index) => one === tables[index]?.measures[0]?.key) ? undefined : chosen.join(",");
};

/** A chart of the parts of one number, the largest first. A part that existed only in the period before is included, with zeros. */
export function splitChartsOf(metrics: readonly Metric[], of: string | undefined): Chart[] {
  return tables.map((table) => {
    const measure = chosenOf(table, of);
    const metric = metrics.find((one) => one.key === measure.key);
    const before = new Map(metric?.compare?.series.map((one) => [one.part, one]));
    const since = metric?.data_from ?? null;
    // A part that is missing on one side has zeros on the days of the other parts' points.
    const shown = metric?.series[0]?.points ?? metric?.compare?.series[0]?.points ?? [];
    const zeros = (points: Points) =>
      numbers(
        points.map((point) => ({ ...point, value: 0 })),
        since,
      );
    const compared =
      metric?.compare?.series[0]?.points ?? shown.map((point) => ({ ...point, to: metric?.compare?.to ?? point.to }));
    const lines = (metric?.series ?? []).map((one) => ({
      part: one.part,
      called: one.name,
      values: numbers(one.points, since),
      total: one.total ?? 0,
    }));
    for (const one of before.values())
      if (!lines.some((line) => line.part === one.part))
        lines.push({
          part: one.part,
          called: one.name,
          values: metric?.series[0] ? zeros(shown) : shown.map(() => 0),
          total: 0,
        });
    lines.sort((a, b) => b.total - a.total || (a.part ?? "").localeCompare(b.part ?? ""));
    return {
      table,
      lines: lines.map((line) => {
        const earlier = before.get(line.part);
        return {
          ...line,
          id: `${measure.key}:${line.part ?? ""}`,
          measure,
          ratio: null,
          before: metric?.compare ? (earlier ? numbers(earlier.points, since) : zeros(compared)) : null,
          totalBefore: metric?.compare ? wholly(compared, since, earlier?.total ?? 0) : null,
        };
      }),
    };
  });
}

/** The number of colours for the lines of a chart. */
export const tones = 6;

/** The series to draw: all lines or, if there are more than colours, the largest ones and the others combined. */
export function drawnOf(
  lines: readonly Measured[],
  nameOf: (line: Measured) => string,
  others: string,
): HistorySeries[] {
  const single = lines.length > tones ? lines.slice(0, tones - 1) : lines;
  const rest = lines.slice(single.length);
  const series: HistorySeries[] = single.map((line, index) => ({
    key: line.id,
    line,
    name: nameOf(line),
    tone: index + 1,
    values: line.values,
    before: line.totalBefore ? line.before : null,
  }));
  if (rest.length === 0) return series;
  const sum = (of: readonly Values[]): Values =>
    of[0]?.map((first, index) => (first === null ? null : of.reduce((all, values) => all + (values[index] ?? 0), 0))) ??
    [];
  const before = rest.some((line) => line.totalBefore) ? sum(rest.map((line) => line.before ?? [])) : null;
  return [
    ...series,
    { key: "others", line: null, name: others, tone: tones, values: sum(rest.map((line) => line.values)), before },
  ];
}

/** Each series stacked on top of those before it. */
export function stack(series: readonly Values[]): Values[] {
  const sums: number[] = [];
  return series.map((values) =>
    values.map((value, index) => (value === null ? null : (sums[index] = (sums[index] ?? 0) + value))),
  );
}

/** How it is drawn: only the parts of one whole can be stacked. Numbers that include each other would be counted twice. */
export const shapeOf = (search: HistorySearch): Shape =>
  search.shape === "stacked" && !search.split ? "lines" : (search.shape ?? "lines");

/** The pieces that have their day written below them, spaced so that the labels do not touch. */
export function ticksOf(length: number, room: number): number[] {
  const step = Math.max(1, Math.ceil(length / Math.max(1, room)));
  return Array.from({ length: Math.ceil(length / step) }, (_, index) => length - 1 - index * step).reverse();
}
