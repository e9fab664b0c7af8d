import { localOf, momentOf } from "../lib/zone";

const minute = 60_000;
const day = 24 * 60 * minute;

export type Preset = "minutes" | "hour" | "tomorrow" | "monday";

/** The times to which a conversation is usually postponed: in a while, and at nine o'clock of a day in the company's time zone. */
export function presets(now: number, zone: string): readonly (readonly [Preset, number])[] {
  const today = localOf(now, zone).slice(0, 10);
  const nineIn = (days: number) =>
    momentOf(`${new Date(Date.parse(`${today}T00:00:00Z`) + days * day).toISOString().slice(0, 10)}T09:00`, zone);
  const weekday = new Date(`${today}T00:00:00Z`).getUTCDay();
  return [
    ["minutes", now + 20 * minute],
    ["hour", now + 60 * minute],
    ["tomorrow", nineIn(1)],
    ["monday", nineIn((8 - weekday) % 7 || 7)],
  ];
}
