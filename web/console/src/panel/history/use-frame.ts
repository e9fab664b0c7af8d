import { useMemo, type RefObject } from "react";
import type { Inks } from "../chart/inks";
import { useSize } from "../use-size";
import { stack } from "./model";
import { limitsOf, type PlotProps } from "./plot-props";
import { axisOf } from "./scale";

/** The room that half of a label below the plot needs, in rem. */
const halfLabel = 1.2;

export type Frame = ReturnType<typeof useFrame>;

/** Where values and places are drawn, in pixels of the box. */
export function useFrame(
  box: RefObject<HTMLDivElement | null>,
  { series, pieces, shape, unit, target, told }: PlotProps,
  inks: Inks,
) {
  const { width, height } = useSize(box, { width: 640, height: 224 });
  const size = inks.rem;
  const left = (unit === "ms" ? 3.5 : 2.75) * size;
  // The label of the last place stands in its middle and must not be cut off.
  const half = (width - left) / Math.max(1, pieces.length) / 2;
  const right = width - Math.max(0.75 * size, halfLabel * size - half);
  const top = 0.75 * size;
  const bottom = height - 1.5 * size;
  const length = pieces.length;
  const heights = useMemo(() => {
    const values = series.map((one) => one.values);
    return shape === "stacked" ? stack(values) : values;
  }, [series, shape]);
  const { steps, share } = useMemo(() => {
    const drawn = shape === "lines" ? series.flatMap((one) => [one.before ?? [], ...limitsOf(one)]).flat() : [];
    const all = [...heights.flat(), ...drawn, target?.value ?? null].filter((value) => value !== null);
    return told ? told.axis(all) : axisOf(all, unit);
  }, [series, heights, shape, target, unit, told]);
  const band = (right - left) / Math.max(1, length);
  const x = (index: number) => left + (index + 0.5) * band;
  const y = (value: number) => bottom - share(value) * (bottom - top);
  /** The place below a point of the window, and the series that is nearest there. */
  const placeAt = (event: { clientX: number; clientY: number }) => {
    const bounds = box.current?.getBoundingClientRect();
    if (!bounds) return null;
    const index = Math.floor((event.clientX - bounds.left - left) / band);
    if (index < 0 || index >= length) return null;
    const across = (event.clientX - bounds.left - left) / band - index;
    const distances = heights.map((values) => {
      const value = values[index] ?? null;
      return value === null ? Infinity : Math.abs(y(value) - (event.clientY - bounds.top));
    });
    const near =
      shape === "bars"
        ? Math.max(0, Math.min(series.length - 1, Math.floor(((across - 0.12) / 0.76) * series.length)))
        : Math.max(0, distances.indexOf(Math.min(...distances)));
    return { index, near };
  };
  return { width, height, left, right, top, bottom, size, heights, steps, share, band, x, y, placeAt };
}
