import type { PlotProps } from "./plot-props";
import type { Frame } from "./use-frame";

interface Props {
  at: number;
  chosen: number;
  frame: Frame;
  plot: PlotProps;
}

/** The line at the place that is pointed at, with a dot on each series. */
export function PlotCursor({ at, chosen, frame, plot: { series, pieces, shape } }: Props) {
  const { width, height, top, bottom, heights, x, y } = frame;
  return (
    <svg className="plot-over" width={width} height={height} aria-hidden="true">
      <line className="plot-cursor" x1={x(at)} x2={x(at)} y1={top} y2={bottom} />
      {shape !== "bars" &&
        heights.map((values, index) => {
          const value = values[at] ?? null;
          const one = series[index];
          if (value === null || !one) return null;
          return (
            <g key={one.key} className={`plot-series plot-series-${one.tone}`}>
              <circle
                className={pieces[at]?.final ? undefined : "history-provisional"}
                cx={x(at)}
                cy={y(value)}
                r={index === chosen ? 5 : 3.2}
              />
            </g>
          );
        })}
    </svg>
  );
}
