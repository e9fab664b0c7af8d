import type { IndicatorTarget } from "@yingda/api/types";
import type { RefObject } from "react";
import type { Unit } from "../model";
import type { HistorySeries, Piece } from "./model";
import type { Scale } from "./scale";
import type { Shape } from "./search";

/** How values and pieces are told where they are not those of days. */
interface Telling {
  value(value: number | null | undefined): string;
  tick(piece: Piece): string;
  name(piece: Piece): string;
  target: string;
  axis(values: readonly number[]): Scale;
}

export interface PlotProps {
  label: string;
  series: readonly HistorySeries[];
  pieces: readonly Piece[];
  shape: Shape;
  unit: Unit;
  /** What the ratio drawn is to reach, if there is only one. */
  target: IndicatorTarget | null;
  zone: string;
  drawing?: RefObject<SVGSVGElement | null>;
  told?: Telling;
  /** Absent if there is no list behind the numbers. */
  onOpen?(series: HistorySeries, piece: Piece): void;
}

/** The limits of the percentiles around a series. */
export const limitsOf = (series: HistorySeries) => (series.band ?? []).map((limit) => limit.values);
