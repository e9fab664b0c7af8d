import type { Interval, OpeningHours, Week } from "@yingda/api/types";
import { folded } from "../lib/normal";

export const days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const satisfies readonly (keyof Week)[];
export type Day = (typeof days)[number];

const office: Interval[] = [{ from: "09:00", to: "18:00" }];
const always: Interval[] = [{ from: "00:00", to: "24:00" }];
const week = (of: (day: Day) => Interval[]): Week =>
  Object.fromEntries(days.map((day) => [day, of(day).map((interval) => ({ ...interval }))])) as unknown as Week;

/** The initial hours: nine to six from Monday to Friday. */
export const officeHours = (): OpeningHours => ({
  week: week((day) => (day === "sat" || day === "sun" ? [] : office)),
  days: [],
  answer_within_h: 2,
});
export const alwaysOpen = (): OpeningHours => ({ week: week(() => always), days: [], answer_within_h: 2 });

/** `9`, `930` and `9:30` as `09:30`, also in full width; anything that is not a time of day is returned trimmed. */
export function asTime(text: string): string {
  const match = /^\s*(\d{1,2})(?:[:.。]?(\d{2}))?\s*$/.exec(folded(text));
  if (!match) return text.trim();
  const [hour, minute] = [Number(match[1]), Number(match[2] ?? 0)];
  if (minute > 59 || hour * 60 + minute > 1440) return text.trim();
  return `${String(hour).padStart(2, "0")}:${String(minute).padStart(2, "0")}`;
}

/** Minutes since midnight; null if it is not a time of day. */
export function minutesOf(text: string): number | null {
  const match = /^(\d{2}):(\d{2})$/.exec(text);
  if (!match) return null;
  const at = Number(match[1]) * 60 + Number(match[2]);
  return Number(match[2]) < 60 && at <= 1440 ? at : null;
}

/** The beginning and length of an interval as shares of a day; null while it is invalid. */
export function share(interval: Interval): { start: number; length: number } | null {
  const [from, to] = [minutesOf(interval.from), minutesOf(interval.to)];
  return from === null || to === null || to <= from ? null : { start: from / 1440, length: (to - from) / 1440 };
}

/** The next interval to add to a day: after the last one, or office hours. */
export function nextInterval(intervals: readonly Interval[]): Interval {
  const last = intervals.at(-1);
  const end = last ? minutesOf(last.to) : null;
  if (end === null || end >= 1380) return { from: "09:00", to: "18:00" };
  const text = (at: number) => `${String(Math.floor(at / 60)).padStart(2, "0")}:${String(at % 60).padStart(2, "0")}`;
  return { from: text(end + 60), to: text(Math.min(1440, end + 60 + 240)) };
}
