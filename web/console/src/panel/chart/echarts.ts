import { BarChart, LineChart, type BarSeriesOption, type LineSeriesOption } from "echarts/charts";
import {
  GridComponent,
  MarkLineComponent,
  type GridComponentOption,
  type MarkLineComponentOption,
} from "echarts/components";
import { init, use, type ComposeOption, type EChartsType } from "echarts/core";
import { SVGRenderer } from "echarts/renderers";

// Only what is drawn: the library is a script of its own, which only pages with charts load.
use([BarChart, LineChart, GridComponent, MarkLineComponent, SVGRenderer]);

/** What is drawn. */
export type ChartOption = ComposeOption<
  BarSeriesOption | LineSeriesOption | GridComponentOption | MarkLineComponentOption
>;
export type ChartSeries = BarSeriesOption | LineSeriesOption;
export type Chart = EChartsType;

/** A chart of this size in an element of the page, drawn as SVG. */
export const chartIn = (element: HTMLElement, width: number, height: number): Chart =>
  init(element, null, { renderer: "svg", width, height });
