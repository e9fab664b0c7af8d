import type { Indicator, Metric } from "@yingda/api/types";
import { ChartCard } from "./chart-card";
import { usePartName } from "./names";
import { chartsOf, named, splitChartsOf, tonesOf, type Measured, type Piece } from "./model";
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
  const partName = usePartName();
  const { split } = search;
  if (!split)
    return chartsOf(items, search.times).map((chart) => (
      <ChartCard key={chart.table.name} chart={chart} search={search} {...shared} />
    ));
  const nameOf = (line: Measured) => partName(line, split);
  const charts = splitChartsOf(items, split, search.of, search.times);
  const colours = tonesOf(
    charts.map(({ lines }) => lines),
    nameOf,
  );
  return charts.map((chart) => (
    <ChartCard
      key={chart.table.name}
      chart={{ ...chart, lines: named(chart.lines, nameOf) }}
      colours={colours}
      search={search}
      {...shared}
    />
  ));
}
