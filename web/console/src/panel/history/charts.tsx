import type { Indicator, Metric } from "@yingda/api/types";
import { ChartCard } from "./chart-card";
import { chartsOf, splitChartsOf, type Piece } from "./model";
import type { HistorySearch } from "./search";

interface Props {
  items: readonly Metric[];
  first: Metric;
  pieces: readonly Piece[];
  names: ReadonlyMap<string, Indicator>;
  search: HistorySearch;
  range: string;
  alone: string;
}

/** A chart for each kind of number, or for each of their parts. */
export function Charts({ items, search, ...shared }: Props) {
  const charts = search.split
    ? splitChartsOf(items, search.split, search.of, search.times)
    : chartsOf(items, search.times);
  return charts.map((chart) => <ChartCard key={chart.table.name} chart={chart} search={search} {...shared} />);
}
