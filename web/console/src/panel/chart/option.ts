import type { ChartOption, ChartSeries } from "./echarts";
import { dashOf, faint, type Inks } from "./inks";

/** Numbers at the places of the axis; null where there is none. */
export type Values = readonly (number | null)[];

/** One series of a chart. */
export interface Drawn {
  key: string;
  name: string;
  tone: number;
  values: Values;
  /** The same a period earlier, drawn faintly. */
  before: Values | null;
}

/** A place of the axis. */
export interface Place {
  label: string;
  /** Whether its numbers can no longer change. */
  final: boolean;
  /** Whether it is hatched: still in progress, or without numbers. */
  hatched: boolean;
}

/** What a chart shows. */
export interface Figure {
  series: readonly Drawn[];
  places: readonly Place[];
  shape: "lines" | "stacked" | "bars";
  /** The frame of the numbers within the drawing, in pixels. */
  frame: { left: number; right: number; top: number; bottom: number; width: number; height: number };
  /** The lines across, each with its words, and how high a value stands: from 0 at the foot to 1 at the top. */
  steps: readonly { value: number; words: string }[];
  share(value: number): number;
  /** The places that have their label written below them. */
  ticks: readonly number[];
  /** Whether each point is drawn; otherwise only those that no line touches. */
  dotted: boolean;
  /** What a value is to reach, and what is written at its line. */
  target?: { value: number; words: string; number: string } | null;
  /** Values that enclose those of one series, from the lowest to the highest, in its colour. */
  band?: { tone: number; limits: readonly Values[] } | null;
  /** Written across the places at the beginning that have no numbers. */
  note?: { places: number; words: string } | null;
  inks: Inks;
  still: boolean;
}

const hidden = { show: false } as const;

/** Whether a point has no line to either side. */
const isAlone = (values: Values, index: number) =>
  (values[index - 1] ?? null) === null && (values[index + 1] ?? null) === null;

function lineOf(figure: Figure, one: Drawn): ChartSeries {
  const { inks, share, dotted, places, shape } = figure;
  const colour = inks.series[one.tone - 1] ?? inks.text;
  return {
    id: `${shape}:${one.tone}:${one.key}`,
    name: one.name,
    type: "line",
    silent: true,
    z: 4,
    ...(shape === "stacked" ? { stack: "whole", areaStyle: { color: colour, opacity: 0.2 } } : {}),
    lineStyle: { color: colour, width: 2, type: dashOf(one.tone), cap: "round", join: "round" },
    showAllSymbol: true,
    symbol: "circle",
    data: one.values.map((value, index) => ({
      // A place without a value is not a point: the line breaks there.
      value: value === null ? null : share(value),
      symbolSize: value !== null && (dotted || isAlone(one.values, index)) ? 6.4 : 0,
      itemStyle: places[index]?.final
        ? { color: colour }
        : { color: inks.surface, borderColor: colour, borderWidth: 2 },
    })),
  };
}

function beforeOf({ inks, share, places }: Figure, one: Drawn): ChartSeries[] {
  if (!one.before) return [];
  const colour = inks.series[one.tone - 1] ?? inks.text;
  const values = one.before.slice(0, places.length);
  return [
    {
      id: `before:${one.tone}:${one.key}`,
      name: one.name,
      type: "line",
      silent: true,
      z: 2,
      lineStyle: { color: colour, width: 1.5, type: [3, 3], opacity: 0.4 },
      itemStyle: { color: colour, opacity: 0.4 },
      showAllSymbol: true,
      symbol: "circle",
      data: values.map((value, index) => ({
        value: value === null ? null : share(value),
        symbolSize: value !== null && places.length > 1 && isAlone(values, index) ? 4 : 0,
      })),
    },
  ];
}

function barsOf({ inks, share, places }: Figure, one: Drawn): ChartSeries {
  const colour = inks.series[one.tone - 1] ?? inks.text;
  return {
    id: `bars:${one.tone}:${one.key}`,
    name: one.name,
    type: "bar",
    silent: true,
    z: 4,
    barCategoryGap: "24%",
    barGap: "4%",
    data: one.values.map((value, index) => ({
      value: value === null ? null : share(value),
      itemStyle: places[index]?.final
        ? { color: colour }
        : { color: faint(colour, 0.45), borderColor: colour, borderWidth: 1 },
    })),
  };
}

/** The space between values that enclose a series: each limit stands on the one below it. */
function bandOf({ inks, share, band }: Figure): ChartSeries[] {
  if (!band) return [];
  const colour = inks.series[band.tone - 1] ?? inks.text;
  const [foot, ...others] = band.limits;
  if (!foot || others.length === 0) return [];
  const height = (index: number) => (value: number | null, at: number) => {
    const below = band.limits[index - 1]?.[at] ?? null;
    if (value === null || foot[at] === null) return null;
    return index === 0 ? share(value) : Math.max(0, share(value) - share(below ?? value));
  };
  return band.limits.map((values, index) => ({
    id: `band:${index}`,
    type: "line",
    silent: true,
    z: 1,
    stack: "band",
    symbol: "none",
    lineStyle: { width: 0, opacity: 0 },
    areaStyle: { color: colour, opacity: index === 0 ? 0 : 0.24 / index },
    data: values.map(height(index)),
  }));
}

/** About how wide words are, in pixels: Chinese characters are as wide as they are high. */
const widthOf = (words: string, size: number) =>
  [...words].reduce((sum, letter) => sum + (letter > "\u2e80" ? 1 : 0.6) * size, 0);

/** What lies behind the numbers: places that are hatched, the target, and what is written across. */
function groundOf({ inks, share, places, target, note, frame }: Figure): ChartSeries {
  const wide = (frame.right - frame.left) / Math.max(1, places.length);
  const middle = note ? Math.floor((note.places - 1) / 2) : -1;
  // Above the uppermost line there is no room for words, and words that are wider than the plot would lie over the axis.
  const isUppermost = target ? (1 - share(target.value)) * (frame.bottom - frame.top) < 1.25 * inks.small : false;
  const fits = target ? widthOf(target.words, inks.small) < frame.right - frame.left : false;
  const targetWords = fits ? target?.words : target?.number;
  const outlined = { textBorderColor: inks.surface, textBorderWidth: 4, fontSize: inks.small, fontFamily: inks.font };
  return {
    id: "ground",
    type: "bar",
    silent: true,
    z: 0,
    xAxisIndex: 1,
    yAxisIndex: 1,
    barWidth: "100%",
    animation: false,
    data: places.map((place, index) => ({
      value: place.hatched ? 1 : null,
      itemStyle: {
        color: "transparent",
        decal: {
          symbol: "rect",
          color: faint(inks.strong, 0.4),
          dashArrayX: [1, 0],
          dashArrayY: [2, 6],
          rotation: Math.PI / 4,
        },
      },
      label: {
        show: note !== null && index === middle,
        position: "inside",
        formatter: note?.words ?? "",
        offset: [note && note.places % 2 === 0 ? wide / 2 : 0, 0],
        color: inks.text,
        ...outlined,
      },
    })),
    markLine: {
      silent: true,
      symbol: "none",
      animation: false,
      lineStyle: { color: inks.text3, width: 1, type: "solid" },
      label: {
        // The latest values are at the right end.
        position: isUppermost ? "insideStartBottom" : "insideStartTop",
        formatter: targetWords ?? "",
        color: inks.text3,
        ...outlined,
      },
      data: target ? [{ yAxis: share(target.value) }] : [],
    },
  };
}

/** What the library draws for a figure. */
export function optionOf(figure: Figure): ChartOption {
  const { series, places, shape, frame, steps, share, ticks, inks, still } = figure;
  const words = new Map(steps.map((step) => [share(step.value).toFixed(6), step.words]));
  const heights = steps.map((step) => share(step.value));
  const labels = { color: inks.text3, fontSize: inks.small, fontFamily: inks.font };
  const written = new Set(ticks);
  const days = places.map((place) => place.label);
  const drawn =
    shape === "bars"
      ? series.map((one) => barsOf(figure, one))
      : [
          ...(shape === "lines" ? series.flatMap((one) => beforeOf(figure, one)) : []),
          ...series.map((one) => lineOf(figure, one)),
        ];
  return {
    // A chart is there at once; only what changes moves.
    animation: !still,
    animationDuration: 0,
    animationDurationUpdate: 160,
    grid: {
      left: frame.left,
      right: frame.width - frame.right,
      top: frame.top,
      bottom: frame.height - frame.bottom,
      outerBoundsMode: "none",
    },
    xAxis: [
      {
        type: "category",
        data: days,
        axisLine: hidden,
        axisTick: hidden,
        splitLine: hidden,
        axisLabel: { ...labels, margin: 0.5 * inks.rem, interval: (index: number) => written.has(index) },
      },
      { type: "category", data: days, show: false },
    ],
    yAxis: [
      {
        type: "value",
        min: 0,
        max: 1,
        axisLine: hidden,
        axisTick: { show: false, customValues: heights },
        splitLine: { show: true, lineStyle: { color: inks.grid, width: 1 } },
        axisLabel: {
          ...labels,
          margin: 0.4 * inks.rem,
          customValues: heights,
          formatter: (value: number) => words.get(value.toFixed(6)) ?? "",
        },
      },
      { type: "value", min: 0, max: 1, show: false },
    ],
    series: [groundOf(figure), ...bandOf(figure), ...drawn],
  };
}
