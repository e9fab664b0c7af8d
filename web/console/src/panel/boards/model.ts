import type { BoardTile, Indicator, Metric } from "@yingda/api/types";
import type { Query } from "@yingda/api/operations";
import { dayOf } from "../../lib/format";
import {
  apartOf,
  canAdd,
  door,
  drawnOf,
  partsOf,
  piecesOf,
  wholeOf,
  type HistoryMeasure,
  type HistorySeries,
  type Measured,
  type Piece,
  type Tones,
} from "../history/model";
import { answering, resolving, satisfaction } from "../bot/model";
import { statistics } from "../history/search";
import { ratios, riseOf, tables, timesOf, type MetricKey, type Unit } from "../model";
import type { BoardSearch } from "./search";

export type Tile = BoardTile;
export const forms = ["number", "line", "bars", "table"] as const satisfies readonly Tile["form"][];
export const ranges = ["today", "days_7", "days_30"] as const satisfies readonly Tile["range"][];
/** The most tiles of a board. */
export const mostTiles = 12;

/** What is told by other indicators of the console; the others are counts, or sums of times. */
const known: ReadonlyMap<string, HistoryMeasure> = new Map(
  [...tables, ...ratios, ...statistics.map(timesOf)].flatMap((table) =>
    table.measures.map((measure): [string, HistoryMeasure] => [measure.key, measure]),
  ),
);
/** The counts whose lists are behind sums of times, and behind what a sample tells. */
const behindSums: Readonly<Record<string, MetricKey>> = {
  ...Object.fromEntries([...answering, ...resolving, ...satisfaction].map(({ key, behind }) => [key, behind])),
  precision: "judged_right",
  coverage_p90: "judged",
  coverage_p95: "judged",
  calibration_error: "judged",
  first_reply_sum: "first_reply",
  reply_sum: "reply",
  handle_sum: "handled",
  talk_sum: "handled",
  work_sum: "work",
  busy_sum: "busy",
  contact_sum: "busy",
  slot_sum: "work",
};

const unitOf = (unit: Indicator["unit"]): Unit =>
  unit === "ms" || unit === "ratio" || unit === "mean" ? unit : "count";

/** How an indicator is shown, and which list is behind it. */
export function measureOf(indicator: Indicator): HistoryMeasure {
  const key = indicator.key as MetricKey;
  const one = known.get(key) ?? { key, unit: unitOf(indicator.unit), rise: "neutral", behind: behindSums[key] };
  return { ...one, rise: riseOf(one, indicator.target) };
}

/** Whether an indicator can be on a board: what is true only now has no days. */
export const isCounted = (indicator: Indicator) => indicator.key !== "utilisation";

/** The request for a tile's numbers. The days of 7 and 30 are those before today, as in History. */
export const queryOf = (tile: Tile, today: string): Query<"GET", "/metrics"> => ({
  keys: tile.indicator,
  ...(tile.range === "today"
    ? { from: today, to: today, ...(tile.form === "line" || tile.form === "table" ? { grain: "hour" as const } : {}) }
    : { days: tile.range === "days_7" ? 7 : 30 }),
  compare: "previous",
  ...(tile.split === null ? {} : { split: tile.split }),
});

/** What a tile shows: its lines, of which there is one unless it is split, and the days or hours. */
export interface Shown {
  lines: readonly Measured[];
  pieces: readonly Piece[];
  whole: { from: number; to: number };
}

export function shownOf(tile: Tile, metric: Metric, measure: HistoryMeasure): Shown {
  const all = tile.split === null ? [wholeOf(metric, measure)] : partsOf(metric, measure);
  const wanted = tile.part === "" ? null : tile.part;
  const lines = all.filter((line) => line !== null && (tile.part === null || line.part === wanted));
  return {
    lines: lines.filter((line) => line !== null),
    pieces: piecesOf(metric),
    whole: { from: metric.from, to: metric.to },
  };
}

/** The series of a tile's chart, in the colours of its board. */
export const seriesOf = (
  lines: readonly Measured[],
  unit: Unit,
  nameOf: (line: Measured) => string,
  others: string,
  colours?: Tones,
): HistorySeries[] =>
  canAdd(unit) ? drawnOf(lines, nameOf, others, colours) : apartOf(lines, nameOf, new Set(), colours);

/** The search parameters of the list behind a number of a tile. */
export function behindOf(tile: Tile, line: Measured, period: { from: number; to: number }): BoardSearch {
  const { open, at, until, part } = door(line, period);
  return { open, at, until, ...(tile.split !== null && part !== undefined ? { split: tile.split, part } : {}) };
}

/** The tiles with one of them at another place. */
export function moved<T>(tiles: readonly T[], from: number, to: number): T[] {
  const next = [...tiles];
  const [one] = next.splice(from, 1);
  if (one !== undefined) next.splice(Math.max(0, Math.min(tiles.length - 1, to)), 0, one);
  return next;
}

export const todayOf = (now: number, zone: string) => dayOf(now, zone);

const tile = (indicator: string, form: Tile["form"], change: Partial<Tile> = {}): Tile => ({
  indicator,
  form,
  range: "days_7",
  split: null,
  part: null,
  wide: false,
  ...change,
});

/** Boards to begin with. */
export const starters: Readonly<Record<"service" | "bot", readonly Tile[]>> = {
  service: [
    tile("service_level", "number", { range: "today" }),
    tile("abandonment", "number", { range: "today" }),
    tile("good_ratio", "number"),
    tile("handled", "number"),
    tile("wait_ended", "line", { wide: true }),
    tile("first_reply_p90", "line", { wide: true }),
    tile("answered", "bars", { split: "queue" }),
    tile("handled", "bars", { split: "agent" }),
    tile("handle_p50", "table", { split: "agent", wide: true }),
  ],
  bot: [
    tile("dialogue", "number", { range: "today" }),
    tile("containment", "number"),
    tile("no_answer_ratio", "number"),
    tile("resolution_confirmed", "number"),
    tile("dialogue", "line", { wide: true }),
    tile("bot_reply_p95", "line", { wide: true }),
    tile("no_answer", "bars", { split: "topic", wide: true }),
    tile("transfer_request", "line", { wide: true }),
  ],
};
