import { scaleOf, type Unit } from "../model";

/** An axis: the values that have a line, and how high each value stands, from 0 at the foot to 1 at the top. */
export interface Scale {
  steps: readonly number[];
  share(value: number): number;
}

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;
const shortest = 200;
/** Round times, each list with fewer than the one before, so that a wide range has not too many lines. */
const round = [
  [
    ...[0.2, 0.3, 0.5, 1, 2, 3, 5, 7, 10, 15, 20, 30, 45].map((n) => n * second),
    ...[1, 2, 3, 5, 7, 10, 15, 20, 30, 45].map((n) => n * minute),
    ...[1, 2, 3, 4, 6, 8, 12].map((n) => n * hour),
    ...[1, 2, 3, 5, 7, 14, 28].map((n) => n * day),
  ],
  [
    ...[0.2, 0.5, 1, 2, 5, 10, 30].map((n) => n * second),
    ...[1, 2, 5, 10, 30].map((n) => n * minute),
    ...[1, 2, 4, 8].map((n) => n * hour),
    ...[1, 2, 4, 7, 14, 28].map((n) => n * day),
  ],
  [
    ...[0.2, 1, 5, 30].map((n) => n * second),
    ...[2, 10].map((n) => n * minute),
    ...[1, 4].map((n) => n * hour),
    ...[1, 7, 28].map((n) => n * day),
  ],
];
/** The same for times of a program. */
const fine = [
  [
    10,
    20,
    30,
    50,
    70,
    100,
    150,
    200,
    300,
    500,
    700,
    ...[1, 1.5, 2, 3, 5, 7, 10, 15, 20, 30, 60].map((n) => n * second),
  ],
  [10, 20, 50, 100, 200, 500, ...[1, 2, 5, 10, 20, 60].map((n) => n * second)],
  [10, 50, 200, ...[1, 5, 20, 60].map((n) => n * second)],
];
/** The number of lines that fit. */
const most = 6;

/** The round times around some values: from the last below them to the first above them. */
function roundTimes(all: readonly number[], values: readonly number[]): number[] {
  const [least, largest] = [Math.min(...values), Math.max(...values)];
  const below = all.findLastIndex((one) => one <= least);
  const from = Math.max(0, Math.min(all.length - 2, below));
  const to = all.findIndex((one) => one >= largest && one > all[from]!);
  return all.slice(from, to < 0 ? undefined : to + 1);
}

/** Each step is several times the one before. What took less than the least stands at the foot. */
function timeScale(values: readonly number[], lists: readonly number[][], least: number): Scale {
  const range = values.length === 0 ? [second, minute] : values.map((value) => Math.max(least, value));
  const candidates = lists.map((all) => roundTimes(all, range));
  const steps = candidates.find((one) => one.length <= most) ?? candidates[candidates.length - 1] ?? [];
  const [foot = second, top = minute] = [steps[0], steps[steps.length - 1]];
  const share = (value: number) => Math.log(Math.max(foot, value) / foot) / Math.log(top / foot);
  return { steps, share: (value) => Math.min(1, share(value)) };
}

/** The axis for values of a unit. */
export function axisOf(values: readonly number[], unit: Unit): Scale {
  // Times of an answer and of a whole service differ by orders of magnitude.
  if (unit === "ms") return timeScale(values, round, shortest);
  // Ratios have whole percentages at their lines, and averages tenths.
  const whole = { ratio: 100, mean: 10, count: 1 }[unit];
  const { top, steps } = scaleOf(values.map((value) => value * whole));
  return { steps: steps.map((step) => step / whole), share: (value) => (value * whole) / top };
}

/** The axis for times of a program, from a hundredth of a second to a minute. */
export const fineAxis = (values: readonly number[]): Scale => timeScale(values, fine, 10);
