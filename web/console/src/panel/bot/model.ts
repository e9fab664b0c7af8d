import type { AnsweredFrom, Bilingual, KnowledgeVersion, Metric, Metrics } from "@yingda/api/types";
import type { MetricKey } from "../model";
import type { BotSearch } from "./search";

/** A share, and the count behind it. */
export interface Rate {
  key: string;
  behind: MetricKey;
  /** Whether a rise is good. */
  rise: "good" | "watch" | "neutral";
}

/** How questions to the bot end. */
export const answering: readonly Rate[] = [
  { key: "answer_rate", behind: "turn_answered", rise: "good" },
  { key: "offer_rate", behind: "turn_offered", rise: "neutral" },
  { key: "no_answer_ratio", behind: "no_answer", rise: "watch" },
  { key: "poor_answer_ratio", behind: "poor_answer", rise: "watch" },
];
/** How sessions with the bot end. */
export const resolving: readonly Rate[] = [
  { key: "containment", behind: "bot_contained", rise: "good" },
  { key: "deflection", behind: "bot_deflected", rise: "good" },
  { key: "resolution_confirmed", behind: "bot_confirmed", rise: "good" },
  { key: "resolution_assumed", behind: "bot_assumed", rise: "neutral" },
  { key: "back_ratio", behind: "bot_back", rise: "watch" },
];
/** What customers think of the bot alone, and of people. */
export const satisfaction: readonly (Rate & { rated: MetricKey; of: "answers" | "bot" | "person" })[] = [
  { key: "helped_ratio", behind: "answer_helped", rated: "answer_rated", rise: "good", of: "answers" },
  { key: "bot_good_ratio", behind: "bot_rated_good", rated: "bot_rated", rise: "good", of: "bot" },
  { key: "person_good_ratio", behind: "person_rated_good", rated: "person_rated", rise: "good", of: "person" },
];
/** Why conversations went to a person. */
export const reasons = [
  "handoff_asked",
  "handoff_button",
  "handoff_wish",
  "handoff_misses",
  "handoff_mood",
  "handoff_repetition",
  "handoff_danger",
] as const;
/** What the sample tells. */
export const sampled = ["precision", "coverage_p90", "coverage_p95", "calibration_error"] as const;

/** The numbers of the page that are not split. */
export const wholes: readonly string[] = [
  ...[...answering, ...resolving, ...satisfaction].flatMap(({ key, behind }) => [key, behind]),
  ...satisfaction.map(({ rated }) => rated),
  ...reasons,
  ...sampled,
  "dialogue",
  "bot_ended",
  "transfer_request",
  "judged",
  "judged_right",
];
/** The numbers of each entry. */
export const ofEntries = [
  "turn_answered",
  "poor_answer",
  "poor_unhelpful",
  "poor_asked",
  "poor_repeated",
  "poor_rated",
] as const;
/** The numbers of each interval of confidence. */
export const ofBands = ["turn_answered", "judged", "judged_right", "precision"] as const;

/** The stretch of time that is asked about: days, or moments while a version of the knowledge was live. */
export function rangeOf(search: BotSearch, versions: readonly KnowledgeVersion[] | undefined, now: number) {
  if (search.version !== undefined && versions) {
    const at = versions.findIndex((one) => one.number === search.version);
    const [one, next] = [versions[at], versions[at - 1]];
    if (one) {
      const minute = 60_000;
      const from = Math.floor(one.created_at / minute) * minute;
      const to = next ? Math.ceil(next.created_at / minute) * minute : (Math.floor(now / minute) + 1) * minute;
      const most = 399 * 86_400_000;
      return { from: String(Math.max(from, to - most)), to: String(Math.max(to, from + minute)) };
    }
  }
  return null;
}

export type Numbers = ReadonlyMap<string, { now: number | null; before: number | null }>;

/** The numbers over the whole stretch of time, by key, with those of the stretch before it. */
export const numbersOf = (found: Metrics | undefined): Numbers =>
  new Map(
    found?.items.map((one) => [
      one.key,
      { now: one.series[0]?.total ?? null, before: one.compare?.series[0]?.total ?? null },
    ]),
  );

/** A part of a split, with its numbers. */
export interface PartRow<Key extends string> {
  part: string;
  name: Bilingual | null;
  /** What it is, if the bot answers from it; null for what no longer exists. */
  source: AnsweredFrom | null;
  values: Record<Key, number | null>;
}

/** The parts of split metrics, without what belongs to none. */
export function partsOf<Key extends string>(
  items: readonly Metric[] | undefined,
  keys: readonly Key[],
): PartRow<Key>[] {
  const rows = new Map<string, PartRow<Key>>();
  for (const item of items ?? []) {
    for (const { part, name, source, total } of item.series) {
      if (part === null) continue;
      const none = Object.fromEntries(keys.map((key) => [key, null])) as Record<Key, number | null>;
      const row = rows.get(part) ?? { part, name: name ?? null, source: source ?? null, values: none };
      row.values[item.key as Key] = total;
      rows.set(part, row);
    }
  }
  return [...rows.values()];
}

/** How often an answer has to be given before its share of poor ones says something. */
const few = 5;

/** The entries with poor answers, the most first; of as many, those of which a larger share is poor. */
export function rankedOf(rows: readonly PartRow<(typeof ofEntries)[number]>[]) {
  const poor = (row: PartRow<(typeof ofEntries)[number]>) => row.values.poor_answer ?? 0;
  const share = (row: PartRow<(typeof ofEntries)[number]>) => poor(row) / Math.max(row.values.turn_answered ?? 0, few);
  return rows.filter((row) => poor(row) > 0).sort((one, other) => poor(other) - poor(one) || share(other) - share(one));
}

/** The bounds of an interval of confidence such as `80-85`, as shares. */
export function boundsOf(band: string): { from: number; to: number } {
  const [from = 0, to = 100] = band.split("-").map(Number);
  return { from: from / 100, to: to / 100 };
}
