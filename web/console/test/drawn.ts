import { getInstanceByDom } from "echarts/core";

/** A series of a chart as the library has it. */
export interface DrawnSeries {
  id: string;
  name?: string;
  stack?: string;
  tone: number;
  data: { value: number | null; symbolSize?: number; itemStyle?: { color?: string; borderWidth?: number } }[];
}

/** What is in the only chart of a region, from the library itself. */
const chartOf = (region: HTMLElement) => {
  const host = region.querySelector<HTMLElement>(".plot-drawing");
  const chart = host ? getInstanceByDom(host) : undefined;
  if (!chart) throw new Error("no chart is drawn here");
  return chart;
};

/** The series of a kind: `lines`, `stacked`, `bars`, `before`, `band` or `ground`. */
export const seriesOf = (region: HTMLElement, kind: string): DrawnSeries[] =>
  (chartOf(region).getOption().series as ((Omit<DrawnSeries, "data" | "tone"> & { data: unknown[] }) | null)[])
    // A series that was taken away leaves its place behind.
    .filter((one) => one !== null && one !== undefined)
    .filter((one) => one.id.split(":")[0] === kind)
    .map((one) => ({
      ...one,
      tone: Number(one.id.split(":")[1]),
      data: one.data.map((item) => (typeof item === "object" && item !== null ? item : { value: item })),
    })) as DrawnSeries[];

export const linesOf = (region: HTMLElement) => seriesOf(region, "lines");

/** How many points each stretch of a line has: it breaks where there is no value. */
export function stretchesOf({ data }: DrawnSeries): number[] {
  const lengths: number[] = [];
  data.forEach((one, index) => {
    if (one.value === null) return;
    if (index > 0 && data[index - 1]!.value !== null) lengths[lengths.length - 1]! += 1;
    else lengths.push(1);
  });
  return lengths;
}

/** The words in the drawing. */
export const writtenIn = (region: HTMLElement) =>
  [...region.querySelectorAll(".plot-drawing svg text")].map((one) => one.textContent).join(" | ");
