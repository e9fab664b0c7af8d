import type { Bilingual, Metric } from "@yingda/api/types";
import { dayOf, hourMinute } from "../../lib/format";
import {
  percentiles,
  percentilesOf,
  ratios,
  tables,
  timed,
  timesOf,
  type Measure,
  type MetricKey,
  type Table,
  type Unit,
} from "../model";
import type { HistorySearch, Shape, SplitBy, Statistic } from "./search";

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
  day: string;
  /** Whether it can no longer change. */
  final: boolean;
  /** Whether it is still in progress. */
  today: boolean;
  /** Whether the company had numbers then. Before its first, there is no count rather than a zero. */
  known: boolean;
  /** When it begins, if it is an hour. */
  time?: string;
}

/** Numbers day by day; null for days before counting began. */
export type Values = readonly (number | null)[];

/** The percentiles of a time, from the median up: they enclose how long most of them took. */
export type Band = readonly { at: (typeof percentiles)[number]; values: Values }[];

export type HistoryMeasure = Measure<MetricKey>;
export type HistoryTable = Table<MetricKey>;

/** The tables of the page, each of which is a chart: the counts, the times and the ratios. */
export const tablesOf = (statistic: Statistic = "p50"): readonly HistoryTable[] => [
  ...tables,
  timesOf(statistic),
  ...ratios,
];

const workSplits: ReadonlySet<SplitBy> = new Set(["agent", "group", "department"]);

/** The tables that a dimension splits: what agents do over time belongs to them, their groups and departments, and to nothing else. */
export const splitTablesOf = (split: SplitBy, statistic?: Statistic): readonly HistoryTable[] =>
  tablesOf(statistic).filter(({ name }) => (name !== "occupancy" && name !== "concurrency") || workSplits.has(split));

/** The unit of a chart, which all its numbers share. */
export const unitOf = (table: HistoryTable): Unit => table.measures[0]?.unit ?? "count";

/** Whether the values of parts add up to the whole: neither times nor ratios do. */
export const canAdd = (unit: Unit) => unit === "count";

/** What a number is called in the address: a time is the same whichever number tells it. */
export const handleOf = (measure: HistoryMeasure): string => measure.timed ?? measure.key;

/** What is drawn: one line of a chart, or the lines for which there is no colour combined; these have no list. */
export interface HistorySeries {
  key: string;
  line: Measured | null;
  name: string;
  tone: number;
  values: Values;
  before: Values | null;
  band: Band | null;
}

/** A chart: one of the tables over days. */
export interface Chart {
  table: HistoryTable;
  lines: readonly Measured[];
}
export interface Measured {
  /** Unique on the page. */
  id: string;
  measure: HistoryMeasure;
  /** The part, if the number is split; null for conversations without one. */
  part?: string | null;
  /** The name of the part. */
  called?: Bilingual | null;
  values: Values;
  total: number | null;
  before: Values | null;
  /** Null if some of the days compared with are before the first number. */
  totalBefore: number | null;
  ratio: number | null;
  band: Band | null;
}

/** The search parameters of the list behind a number. */
export const door = (line: Measured, { from, to }: { from: number; to: number }) => ({
  open: line.measure.behind ?? line.measure.key,
  at: from,
  until: to,
  part: line.part === undefined ? undefined : (line.part ?? ""),
});

type Points = Metric["series"][number]["points"];
/** Whether the company had numbers in a period; a company that has none at all has zeros. */
const isKnown = (to: number, since: number | null) => since === null || to > since;
/** What is said of a value that is missing: nothing was counted, but what did not happen took no time and is no share. */
const emptyOf = (unit: Unit) => (canAdd(unit) ? 0 : null);
const numbers = (points: Points, since: number | null, unit: Unit): Values =>
  points.map((point) => (isKnown(point.to, since) ? (point.value ?? emptyOf(unit)) : null));
/** The total over days, if all of them were counted. */
const wholly = (points: Points, since: number | null, total: number | null) =>
  points.every((point) => isKnown(point.to, since)) ? total : null;

/** The pieces of a metric: days, or the hours of a day. */
export function piecesOf(metric: Metric): Piece[] {
  const now = dayOf(metric.as_of, metric.time_zone);
  return (metric.series[0]?.points ?? []).map((point) => {
    const named = dayOf(point.from, metric.time_zone);
    const known = isKnown(point.to, metric.data_from);
    const piece = { from: point.from, to: point.to, day: named, final: point.final, known };
    return metric.grain === "hour"
      ? { ...piece, today: point.to > metric.as_of, time: hourMinute(point.from, metric.time_zone) }
      : { ...piece, today: named === now };
  });
}

/** A number that is not split; null if the answer has none. */
export function wholeOf(metric: Metric | undefined, measure: HistoryMeasure): Measured | null {
  const now = metric?.series[0];
  if (!metric || !now) return null;
  const before = metric.compare?.series[0] ?? null;
  const since = metric.data_from;
  return {
    id: handleOf(measure),
    measure,
    values: numbers(now.points, since, measure.unit),
    total: now.total ?? emptyOf(measure.unit),
    before: before && numbers(before.points, since, measure.unit),
    totalBefore: before ? wholly(before.points, since, before.total) : null,
    ratio: null,
    band: null,
  };
}

/** The percentiles of what a measure times; null if it is no time, or if there are not two of them. */
function bandOf(measure: HistoryMeasure, by: ReadonlyMap<string, Metric>): Band | null {
  if (!measure.timed) return null;
  const keys = percentilesOf(measure.timed);
  const band = percentiles.flatMap((at) => {
    const metric = by.get(keys[at] ?? "");
    const points = metric?.series[0]?.points;
    return points ? [{ at, values: numbers(points, metric.data_from, measure.unit) }] : [];
  });
  return band.length > 1 ? band : null;
}

export function chartsOf(metrics: readonly Metric[], statistic?: Statistic): Chart[] {
  const by = new Map(metrics.map((metric) => [metric.key, metric]));
  return tablesOf(statistic).map((table) => ({
    table,
    lines: table.measures.flatMap((measure) => {
      const line = wholeOf(by.get(measure.key), measure);
      if (!line) return [];
      const ratio = measure.ratio ? (by.get(measure.ratio)?.series[0]?.total ?? null) : null;
      return [{ ...line, ratio, band: bandOf(measure, by) }];
    }),
  }));
}

/** The number of a table that is split: the one named in the address, otherwise the first. */
export function chosenOf(table: HistoryTable, of: string | undefined): HistoryMeasure {
  const named = (of ?? "").split(",");
  return table.measures.find((measure) => named.includes(handleOf(measure))) ?? table.measures[0]!;
}

/** The search parameter for all tables, with one of them changed; the first number of a table is not named. */
export function ofWith(of: string | undefined, table: HistoryTable, handle: string): string | undefined {
  const own: readonly string[] = table.name === "times" ? timed : table.measures.map(handleOf);
  const others = (of ?? "").split(",").filter((one) => one !== "" && !own.includes(one));
  const named = table.measures[0] && handle !== handleOf(table.measures[0]) ? [...others, handle] : others;
  return named.length === 0 ? undefined : named.join(",");
}

/** The parts of a number, the largest first. A part that existed only in the period before is included, with zeros. */
export function partsOf(metric: Metric | undefined, measure: HistoryMeasure): Measured[] {
  const empty = emptyOf(measure.unit);
  const before = new Map(metric?.compare?.series.map((one) => [one.part, one]));
  const since = metric?.data_from ?? null;
  // A part that is missing on one side is empty on the days of the other parts' points.
  const shown = metric?.series[0]?.points ?? metric?.compare?.series[0]?.points ?? [];
  const empties = (points: Points) =>
    numbers(
      points.map((point) => ({ ...point, value: empty })),
      since,
      measure.unit,
    );
  const compared =
    metric?.compare?.series[0]?.points ?? shown.map((point) => ({ ...point, to: metric?.compare?.to ?? point.to }));
  const lines = (metric?.series ?? []).map((one) => ({
    part: one.part,
    called: one.name,
    values: numbers(one.points, since, measure.unit),
    total: one.total ?? empty,
  }));
  for (const one of before.values())
    if (!lines.some((line) => line.part === one.part))
      lines.push({
        part: one.part,
        called: one.name,
        values: metric?.series[0] ? empties(shown) : shown.map(() => empty),
        total: empty,
      });
  lines.sort((a, b) => (b.total ?? -1) - (a.total ?? -1) || (a.part ?? "").localeCompare(b.part ?? ""));
  return lines.map((line) => {
    const earlier = before.get(line.part);
    return {
      ...line,
      id: `${handleOf(measure)}:${line.part ?? ""}`,
      measure,
      ratio: null,
      band: null,
      before: metric?.compare ? (earlier ? numbers(earlier.points, since, measure.unit) : empties(compared)) : null,
      totalBefore: metric?.compare ? wholly(compared, since, earlier?.total ?? empty) : null,
    };
  });
}

/** A chart of the parts of one number of each table. */
export const splitChartsOf = (
  metrics: readonly Metric[],
  split: SplitBy,
  of: string | undefined,
  statistic?: Statistic,
): Chart[] =>
  splitTablesOf(split, statistic).map((table) => {
    const measure = chosenOf(table, of);
    return {
      table,
      lines: partsOf(
        metrics.find((one) => one.key === measure.key),
        measure,
      ),
    };
  });

/** The number of colours for the lines of a chart. */
export const tones = 6;

/** The colour of each part that has one of its own. */
export type Tones = ReadonlyMap<string | null, number>;

/**
 * The parts that have a colour of their own, the same in every chart: if there are more than colours, those with the largest shares of what adds up. The colours
 * follow the names, so that they do not change with the numbers.
 */
export function tonesOf(charts: readonly (readonly Measured[])[], nameOf: (line: Measured) => string): Tones {
  const known = new Map<string | null, { name: string; share: number }>();
  for (const lines of charts) {
    const whole = lines.reduce((sum, line) => sum + (line.total ?? 0), 0);
    for (const line of lines) {
      const part = line.part ?? null;
      const one = known.get(part) ?? { name: nameOf(line), share: 0 };
      if (whole > 0 && canAdd(line.measure.unit)) one.share += (line.total ?? 0) / whole;
      known.set(part, one);
    }
  }
  const largest = [...known].sort(([, a], [, b]) => b.share - a.share || a.name.localeCompare(b.name));
  const own = largest.slice(0, known.size > tones ? tones - 1 : tones).sort(
    byName(
      ([, one]) => one.name,
      ([part]) => part,
    ),
  );
  return new Map(own.map(([part], index) => [part, index + 1]));
}

/** Orders what has parts by their names; what has no part comes last. */
const byName =
  <T>(nameOf: (one: T) => string, partOf: (one: T) => string | null) =>
  (a: T, b: T) =>
    Number(partOf(a) === null) - Number(partOf(b) === null) || nameOf(a).localeCompare(nameOf(b));

/** The parts of a number in the order of their names. */
export const named = (lines: readonly Measured[], nameOf: (line: Measured) => string): Measured[] =>
  lines.toSorted(byName(nameOf, (line) => line.part ?? null));

/** The colour of a line: that of its part, or that of its place if the number is not split; undefined for a part that has none. */
const toneOf = (line: Measured, index: number, own: Tones) =>
  line.part === undefined ? index + 1 : own.get(line.part);

/** The series to draw: all lines or, if there are more parts than colours, those that have one and the others combined. */
export function drawnOf(
  lines: readonly Measured[],
  nameOf: (line: Measured) => string,
  others: string,
  own: Tones = tonesOf([lines], nameOf),
): HistorySeries[] {
  const single = lines.filter((line, index) => toneOf(line, index, own) !== undefined);
  const rest = lines.filter((line) => !single.includes(line));
  const series: HistorySeries[] = single.map((line, index) => ({
    key: line.id,
    line,
    name: nameOf(line),
    tone: toneOf(line, index, own) ?? tones,
    values: line.values,
    before: line.totalBefore ? line.before : null,
    band: null,
  }));
  if (rest.length === 0) return series;
  const sum = (of: readonly Values[]): Values =>
    of[0]?.map((first, index) => (first === null ? null : of.reduce((all, values) => all + (values[index] ?? 0), 0))) ??
    [];
  const before = rest.some((line) => line.totalBefore) ? sum(rest.map((line) => line.before ?? [])) : null;
  return [
    ...series,
    {
      key: "others",
      line: null,
      name: others,
      tone: tones,
      values: sum(rest.map((line) => line.values)),
      before,
      band: null,
    },
  ];
}

/** The series to draw where values do not add up: as many lines as there are colours. One that is hidden makes room for the next. */
export function apartOf(
  lines: readonly Measured[],
  nameOf: (line: Measured) => string,
  hidden: ReadonlySet<string>,
  colours: Tones = tonesOf([lines], nameOf),
): HistorySeries[] {
  const own = lines.map((line, index) =>
    line.part === undefined && line.measure.timed
      ? timed.indexOf(line.measure.timed) + 1
      : (toneOf(line, index, colours) ?? tones + 1),
  );
  const isTaken = (tone: number) => lines.some((line, index) => own[index] === tone && !hidden.has(line.id));
  // The colour of the others first: the colours of hidden parts stay theirs as long as they can.
  const free = [tones, ...Array.from({ length: tones - 1 }, (_, index) => index + 1)].filter((tone) => !isTaken(tone));
  return lines.flatMap((line, index) => {
    const first = own[index] ?? tones;
    const tone = first <= tones ? first : hidden.has(line.id) ? tones : free.shift();
    if (tone === undefined) return [];
    const before = line.totalBefore === null ? null : line.before;
    return [{ key: line.id, line, name: nameOf(line), tone, values: line.values, before, band: line.band }];
  });
}

/** Each series stacked on top of those before it. */
export function stack(series: readonly Values[]): Values[] {
  const sums: number[] = [];
  return series.map((values) =>
    values.map((value, index) => (value === null ? null : (sums[index] = (sums[index] ?? 0) + value))),
  );
}

/** How counts are drawn: only the parts of one whole can be stacked. Numbers that include each other would be counted twice. */
export const shapeOf = (search: HistorySearch): Shape =>
  search.shape === "stacked" && !search.split ? "lines" : (search.shape ?? "lines");

/** The pieces that have their day written below them, spaced so that the labels do not touch. */
export function ticksOf(length: number, room: number): number[] {
  const step = Math.max(1, Math.ceil(length / Math.max(1, room)));
  return Array.from({ length: Math.ceil(length / step) }, (_, index) => length - 1 - index * step).reverse();
}
