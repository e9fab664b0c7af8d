import type { Indicator, IndicatorKey, IndicatorTarget, IndicatorValues, MinuteSeries, Panel } from "@yingda/api/types";
import type { Statistic } from "./history/search";
import type { PanelWindow } from "./search";

/** Percentiles: only History has them, because the live panel is read every second. */
type PercentileKey =
  | `${"first_reply" | "reply" | "handle" | "wait"}_p${50 | 90}`
  | `${"first_reply" | "wait"}_p95`
  | `bot_reply_p${50 | 95}`;
/** What only the page about the bot and boards have. */
type BotKey =
  | `bot_${"deflected" | "back" | "rated" | "rated_good"}`
  | `person_${"rated" | "rated_good"}`
  | `turn_${"answered" | "offered"}`
  | `poor_${"answer" | "unhelpful" | "asked" | "repeated" | "rated"}`
  | `handoff_${"asked" | "button" | "wish" | "misses" | "mood" | "repetition" | "danger"}`
  | `answer_${"rated" | "helped"}`
  | "judged"
  | "judged_right";
/** What agents do over time: counted by quarters of an hour, and so not on the live panel, which counts minutes. */
type WorkKey = "work" | "busy" | "occupancy" | "concurrency" | "slot_share";
export type MetricKey = IndicatorKey | PercentileKey | BotKey | WorkKey;
/** What a value is: a number of something, a time in milliseconds, a share, or how many on average. */
export type Unit = "count" | "ms" | "ratio" | "mean";

export interface Measure<Key extends MetricKey = IndicatorKey> {
  key: Key;
  series?: MinuteSeries;
  ratio?: IndicatorKey;
  unit: Unit;
  /** Whether a rise is good; of a ratio, its target tells. */
  rise: "good" | "watch" | "neutral";
  /** The count whose list is behind the number, if it is not a count itself. */
  behind?: MetricKey;
  /** What is timed: the same for a mean and its percentiles, which are drawn in one colour. */
  timed?: Timed;
}
export interface Table<Key extends MetricKey = IndicatorKey> {
  name:
    | "session"
    | "dialogue"
    | "service"
    | "rating"
    | "times"
    | "bot_ratios"
    | "service_ratios"
    | "occupancy"
    | "concurrency";
  measures: readonly Measure<Key>[];
}

export const tables: readonly Table[] = [
  {
    name: "session",
    measures: [
      { key: "session_created", series: "session_created", unit: "count", rise: "good" },
      { key: "session_used", series: "session_used", unit: "count", rise: "good" },
      { key: "session_rated", series: "session_rated", unit: "count", rise: "good" },
      { key: "session_transferred", series: "session_transferred", unit: "count", rise: "watch" },
    ],
  },
  {
    name: "dialogue",
    measures: [
      { key: "dialogue", series: "dialogue", unit: "count", rise: "good" },
      { key: "no_answer", series: "no_answer", unit: "count", rise: "watch" },
      { key: "transfer_request", series: "transfer_request", unit: "count", rise: "watch" },
    ],
  },
  {
    name: "service",
    measures: [
      { key: "wait_ended", series: "wait_ended", unit: "count", rise: "neutral" },
      { key: "answered", series: "answered", unit: "count", rise: "good" },
      { key: "answered_in_time", ratio: "service_level", unit: "count", rise: "good" },
      { key: "abandoned", ratio: "abandonment", unit: "count", rise: "watch" },
    ],
  },
  {
    name: "rating",
    measures: [
      { key: "rating_good", ratio: "good_ratio", unit: "count", rise: "good" },
      { key: "rating_mid", ratio: "mid_ratio", unit: "count", rise: "neutral" },
      { key: "rating_poor", ratio: "poor_ratio", unit: "count", rise: "watch" },
    ],
  },
];

export const timed = ["first_reply", "reply", "handle", "talk", "wait", "bot_reply"] as const;
export type Timed = (typeof timed)[number];

/** The key of each time, and the count of what was timed, whose list is behind it. */
const times: Record<Timed, Partial<Record<Statistic, MetricKey>> & { behind: IndicatorKey }> = {
  first_reply: {
    mean: "first_reply_mean",
    p50: "first_reply_p50",
    p90: "first_reply_p90",
    p95: "first_reply_p95",
    behind: "first_reply",
  },
  reply: { mean: "reply_mean", p50: "reply_p50", p90: "reply_p90", longest: "reply_longest", behind: "reply" },
  handle: { mean: "handle_mean", p50: "handle_p50", p90: "handle_p90", behind: "handled" },
  talk: { mean: "talk_mean", behind: "handled" },
  wait: { p50: "wait_p50", p90: "wait_p90", p95: "wait_p95", longest: "longest_wait", behind: "answered" },
  bot_reply: { p50: "bot_reply_p50", p95: "bot_reply_p95", behind: "bot_reply" },
};

/** The percentiles between which most of the times are, from the lowest. */
export const percentiles = ["p50", "p90", "p95"] as const;

/** The keys of the percentiles of a time; not every time has each of them. */
export const percentilesOf = (one: Timed): Partial<Record<(typeof percentiles)[number], MetricKey>> => times[one];

/** The times of service; the longer, the worse. */
export const timesOf = (statistic: Statistic): Table<MetricKey> => ({
  name: "times",
  measures: timed.flatMap((one) => {
    const { [statistic]: key, behind } = times[one];
    // The longest wait may be one that was abandoned.
    const counted = key === "longest_wait" ? "wait_ended" : behind;
    return key ? [{ key, behind: counted, unit: "ms", rise: "watch", timed: one }] : [];
  }),
});

const ratio = (key: MetricKey, behind: MetricKey): Measure<MetricKey> => ({
  key,
  behind,
  unit: "ratio",
  rise: "neutral",
});
/** The ratios, each with the count that is its part of the whole, and what is told as an average. */
export const ratios: readonly Table<MetricKey>[] = [
  {
    name: "bot_ratios",
    measures: [
      ratio("containment", "bot_contained"),
      ratio("resolution_confirmed", "bot_confirmed"),
      ratio("resolution_assumed", "bot_assumed"),
      ratio("transfer_ratio", "session_transferred"),
      ratio("no_answer_ratio", "no_answer"),
    ],
  },
  {
    name: "service_ratios",
    measures: [
      ratio("service_level", "answered_in_time"),
      ratio("abandonment", "abandoned"),
      ratio("good_ratio", "rating_good"),
      ratio("mid_ratio", "rating_mid"),
      ratio("poor_ratio", "rating_poor"),
    ],
  },
  { name: "occupancy", measures: [ratio("occupancy", "busy"), ratio("slot_share", "busy")] },
  { name: "concurrency", measures: [{ key: "concurrency", behind: "busy", unit: "mean", rise: "neutral" }] },
];

/** Whether a rise is good: of a ratio, its target tells; without one, neither is. */
export const riseOf = (measure: Measure<MetricKey>, target: IndicatorTarget | null): Measure["rise"] =>
  measure.unit !== "ratio" ? measure.rise : !target ? "neutral" : target.direction === "at_least" ? "good" : "watch";

export const valuesOf = (panel: Panel, window: PanelWindow): IndicatorValues =>
  window === "today" ? panel.today : panel.last_60;

/** How many days before today it is that a number is compared with. */
const earlier = { yesterday: 1, last_week: 7 } as const;
export type Earlier = keyof typeof earlier;
const dayMs = 86_400_000;

/** Whether the company had numbers by this time of an earlier day; before its first, a zero says nothing. */
export const hadNumbers = (panel: Panel, which: Earlier) => panel.as_of - earlier[which] * dayMs > panel.data_from;

/** A number of an earlier day by this time; null before the company's first. */
export const valueBefore = (panel: Panel, which: Earlier, key: IndicatorKey): number | null =>
  hadNumbers(panel, which) ? panel[which][key] : null;

/** The first of the last minutes of which something is known. */
export const firstMinute = (panel: Panel) => Math.max(0, Math.ceil((panel.data_from - panel.minutes.from) / 60_000));

export interface Change {
  direction: "up" | "down" | "same";
  /** How it is expressed: as a share of the base, a difference, or a multiple of the base. */
  as: "share" | "difference" | "times";
  amount: number;
  tone: "ok" | "warn" | "plain";
}

/** For a base smaller than this, a percentage would suggest more than there is; of percentages, the points are told. */
const smallBase: Record<Unit, number> = { count: 20, ms: 1000, ratio: Infinity, mean: Infinity };
/** A smaller difference does not show: a tenth of a second, a tenth of a percentage point, a hundredth. */
const leastDifference: Record<Unit, number> = { count: 0, ms: 50, ratio: 0.0005, mean: 0.005 };
/** Above this multiple, a percentage is hard to understand. */
const tenfold = 10;

/** A number compared with an earlier one. Null if there is nothing to compare with. */
export function changeOf(
  today: number | null,
  yesterday: number | null,
  rise: Measure["rise"],
  unit: Unit = "count",
): Change | null {
  if (today === null || yesterday === null) return null;
  const difference = today - yesterday;
  const share = difference / yesterday;
  const small = yesterday < smallBase[unit];
  if (small ? Math.abs(difference) <= leastDifference[unit] : Math.abs(share) < 0.005)
    return { direction: "same", as: small ? "difference" : "share", amount: 0, tone: "plain" };
  const direction = difference > 0 ? "up" : "down";
  const tone = rise === "neutral" ? "plain" : (rise === "good") === difference > 0 ? "ok" : "warn";
  if (small) return { direction, as: "difference", amount: difference, tone };
  return today > tenfold * yesterday
    ? { direction, as: "times", amount: today / yesterday, tone }
    : { direction, as: "share", amount: share, tone };
}

export type Freshness = "fresh" | "aging" | "stale" | "stopped";
/** Green up to 2 seconds, a warning after 5, hot after 30. */
export const freshness = (ageMs: number): Freshness =>
  ageMs <= 2000 ? "fresh" : ageMs <= 5000 ? "aging" : ageMs <= 30_000 ? "stale" : "stopped";

/** A round number at or above the largest value, and the grid lines between zero and it. */
export function scaleOf(values: readonly number[], lines = 4): { top: number; steps: number[] } {
  const largest = Math.max(0, ...values);
  if (largest === 0) return { top: lines, steps: Array.from({ length: lines + 1 }, (_, index) => index) };
  const rough = largest / lines;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = Math.max(
    1,
    [1, 2, 2.5, 5, 10].map((factor) => factor * power).find((one) => one >= rough && Number.isInteger(one)) ??
      10 * power,
  );
  const count = Math.ceil(largest / step);
  return { top: step * count, steps: Array.from({ length: count + 1 }, (_, index) => index * step) };
}

export interface Point {
  x: number;
  y: number;
}

/** The corners of a radar: each axis runs from 0 at the centre to 1 at the rim. An axis without a value has no corner. */
export function radarPoints(reaches: readonly (number | null)[], centre: Point, radius: number): (Point | null)[] {
  return reaches.map((reach, index) => {
    if (reach === null) return null;
    const angle = (index / reaches.length) * 2 * Math.PI - Math.PI / 2;
    return { x: centre.x + Math.cos(angle) * reach * radius, y: centre.y + Math.sin(angle) * reach * radius };
  });
}

/** The steps of a session on its way to a human agent, each with its share of the previous one. */
export const steps = ["session_created", "session_used", "session_transferred", "answered"] as const;
export interface Step {
  key: IndicatorKey;
  value: number;
  /** Its share of the previous step; null for the first step, and if the previous one is zero. */
  share: number | null;
  /** Its share of the largest step, for the bar. */
  length: number;
}

export function funnelOf(values: IndicatorValues): Step[] {
  const largest = Math.max(1, ...steps.map((key) => values[key]));
  return steps.map((key, index) => {
    const before = steps[index - 1];
    const whole = before === undefined ? 0 : values[before];
    return { key, value: values[key], share: whole > 0 ? values[key] / whole : null, length: values[key] / largest };
  });
}

/** The ratios of the radar, in the order of its axes from the top, and what each is computed from. */
export const signs = [
  { key: "service_level", part: "answered_in_time", whole: "wait_ended" },
  { key: "abandonment", part: "abandoned", whole: "wait_ended" },
  { key: "transfer_ratio", part: "session_transferred", whole: "session_created" },
  { key: "no_answer_ratio", part: "no_answer", whole: "dialogue" },
  { key: "good_ratio", part: "rating_good", whole: "session_rated" },
  { key: "utilisation", part: "slots_used", whole: "slots" },
] as const;
export type SignKey = (typeof signs)[number]["key"];

export interface Axis {
  key: SignKey;
  name: string;
  value: number | null;
  target: IndicatorTarget | null;
}

/** How far out a ratio is drawn: outward is better, whatever it measures. */
export const reachOf = (value: number, target: IndicatorTarget | null) =>
  Math.max(0, Math.min(1, target?.direction === "at_most" ? 1 - value : value));
export const misses = (value: number | null, target: IndicatorTarget | null) =>
  value !== null && target !== null && (target.direction === "at_most" ? value > target.value : value < target.value);

export interface Arc {
  from: number;
  to: number;
}
/** Where each part of a ring begins and ends, as shares of a full turn; null if there is nothing to divide. */
export function arcsOf(parts: readonly number[], gap = 0.008): Arc[] | null {
  const whole = parts.reduce((sum, part) => sum + part, 0);
  if (whole === 0) return null;
  const alone = parts.filter((part) => part > 0).length === 1;
  let at = 0;
  return parts.map((part) => {
    const from = at;
    at += part / whole;
    return part === 0
      ? { from, to: from }
      : { from: from + (alone ? 0 : gap / 2), to: Math.max(from + gap, at - (alone ? 0 : gap / 2)) };
  });
}

/** The positions of labels at the ends of lines, moved apart so that none covers another. */
export function spread(wanted: readonly number[], distance: number, top: number, bottom: number): number[] {
  const sorted = wanted.map((y, index) => ({ y, index })).sort((a, b) => a.y - b.y);
  sorted.forEach((one, rank) => {
    const before = sorted[rank - 1];
    one.y = Math.max(one.y, before ? before.y + distance : top);
  });
  let limit = bottom;
  for (const one of [...sorted].reverse()) {
    one.y = Math.min(one.y, limit);
    limit = one.y - distance;
  }
  const placed = new Array<number>(wanted.length);
  for (const one of sorted) placed[one.index] = one.y;
  return placed;
}

/** A cell that no spreadsheet takes for a formula, quoted if necessary. */
export function csvCell(value: string | number | null): string {
  if (value === null) return "";
  if (typeof value === "number") return String(value);
  const safe = /^[=+\-@\t\r]/.test(value) && !/^-?\d+(\.\d+)?$/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

export const csv = (rows: readonly (readonly (string | number | null)[])[]): string =>
  "\uFEFF" + rows.map((row) => row.map(csvCell).join(",")).join("\r\n") + "\r\n";

export const indicatorMap = (list: readonly Indicator[] | undefined): ReadonlyMap<string, Indicator> =>
  new Map(list?.map((one) => [one.key as string, one]));
