import type { IndicatorTarget } from "@yingda/api/types";
import { useRef, useState, type KeyboardEvent, type PointerEvent, type Ref } from "react";
import { useTranslation } from "react-i18next";
import { dayInWords, percent } from "../../lib/format";
import { usePrefs } from "../../lib/prefs";
import { rem } from "../../lib/rem";
import type { Unit } from "../model";
import { useSize } from "../use-size";
import { valueText } from "../value";
import { stack, stretchesOf, ticksOf, type HistorySeries, type Piece, type Values } from "./model";
import type { Shape } from "./search";
import { axisOf, type Scale } from "./scale";

/** How values and pieces are told where they are not those of days. */
interface Telling {
  value(value: number | null | undefined): string;
  tick(piece: Piece): string;
  name(piece: Piece): string;
  target: string;
  axis(values: readonly number[]): Scale;
}

interface Props {
  name: string;
  label: string;
  series: readonly HistorySeries[];
  pieces: readonly Piece[];
  shape: Shape;
  unit: Unit /** What the ratio drawn is to reach, if there is only one. */;
  target: IndicatorTarget | null;
  zone: string;
  told?: Telling;
  drawing?: Ref<SVGSVGElement>;
  /** Absent if there is no list behind the numbers. */
  onOpen?(series: HistorySeries, piece: Piece): void;
}

/**
 * Days as lines, stacked areas or bars. The pointer and the left and right keys move between
 * days, up and down between series; a click or Enter opens the list behind the number.
 */
export function HistoryPlot(props: Props) {
  const { name, label, series, pieces, shape, unit, target, zone, told, drawing, onOpen } = props;
  const { t } = useTranslation("panel");
  const { language } = usePrefs();
  const box = useRef<HTMLDivElement>(null);
  const { width, height } = useSize(box, { width: 640, height: 224 });
  const [at, setAt] = useState<number | null>(null);
  const [row, setRow] = useState(0);
  const size = rem();
  const left = (unit === "ms" ? 3.25 : 2.75) * size;
  const right = width - 0.75 * size;
  const top = 0.75 * size;
  const bottom = height - 1.5 * size;
  const length = pieces.length;
  const heights = shape === "stacked" ? stack(series.map((one) => one.values)) : series.map((one) => one.values);
  const drawn = shape === "lines" ? series.flatMap((one) => one.before ?? []) : [];
  const all = [...heights.flat(), ...drawn, target?.value ?? null].filter((value) => value !== null);
  const { steps, share } = told ? told.axis(all) : axisOf(all, unit);
  const band = (right - left) / Math.max(1, length);
  const x = (index: number) => left + (index + 0.5) * band;
  const y = (value: number) => bottom - share(value) * (bottom - top);
  // Days without a value are not points: the line begins on the first day that has numbers, and breaks where one has none.
  const stretches = (values: Values) =>
    stretchesOf(values).map((points) => points.map((one) => `${x(one.index).toFixed(1)},${y(one.value).toFixed(1)}`));
  const points = (values: Values) => stretches(values).flat();
  const isAlone = (values: Values, index: number) =>
    (values[index - 1] ?? null) === null && (values[index + 1] ?? null) === null;
  const area = (upper: Values, lower: Values | undefined) =>
    `${points(upper).join(" ")} ${points(lower ?? upper.map((value) => (value === null ? null : 0)))
      .reverse()
      .join(" ")}`;
  const uncounted = pieces.filter((one) => !one.known).length;
  const begins = pieces[uncounted];
  const since = uncounted > 0 && begins ? t("history.since", { day: begins.day.slice(5) }) : "";
  const dotted = band > 0.75 * size;
  const ticks = ticksOf(length, (right - left) / (3.4 * size));
  const chosen = Math.min(row, series.length - 1);
  const state = (piece: Piece) =>
    !piece.known
      ? t("history.state.unknown")
      : piece.today
        ? t("history.state.today")
        : piece.final
          ? ""
          : t("history.state.provisional");
  const piece = at === null ? undefined : pieces[at];
  const wordsOf = (value: number | null | undefined) => (told ? told.value(value) : valueText(value, unit, language));
  const nameOf = (piece: Piece) => (told ? told.name(piece) : dayInWords(piece.from, zone, language));
  const named =
    at === null || !piece?.known
      ? []
      : [...series.slice(chosen), ...series.slice(0, chosen)].map(
          (one) => `${one.name} ${one.values[at] === null ? t("history.no_value") : wordsOf(one.values[at])}`,
        );
  const words = !piece
    ? ""
    : [nameOf(piece), state(piece), ...named].filter((part) => part !== "").join(t("lines.comma"));

  const hasValue = (one: HistorySeries, index: number) =>
    pieces[index]?.known === true && (one.values[index] ?? null) !== null;

  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowLeft: -1, ArrowRight: 1, Home: -length, End: length }[event.key];
    const turn = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (step !== undefined) {
      event.preventDefault();
      setAt((before) => Math.max(0, Math.min(length - 1, (before ?? (step > 0 ? -1 : length)) + step)));
    } else if (turn !== undefined && series.length > 0) {
      event.preventDefault();
      setRow((chosen + turn + series.length) % series.length);
    } else if (event.key === "Enter" && piece) {
      // Otherwise the same key press would press the button that gets the focus in the opened list.
      event.preventDefault();
      const one = series[chosen];
      if (one && at !== null && hasValue(one, at)) onOpen?.(one, piece);
    }
  };
  const place = (event: { clientX: number; clientY: number }) => {
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
  const onMove = (event: PointerEvent) => {
    const found = place(event);
    setAt(found?.index ?? null);
    if (found) setRow(found.near);
  };
  const onClick = (event: { clientX: number; clientY: number }) => {
    const found = place(event);
    const one = found && series[found.near];
    const where = found && pieces[found.index];
    if (one && where && hasValue(one, found.index)) onOpen?.(one, where);
  };

  return (
    <div
      ref={box}
      className={onOpen ? "plot history-plot" : "plot history-plot history-still"}
      tabIndex={0}
      role="application"
      aria-roledescription={t(`history.kind.${shape}`)}
      aria-label={label}
      onKeyDown={onKeyDown}
      onBlur={() => setAt(null)}
      onPointerMove={onMove}
      onPointerLeave={() => setAt(null)}
      onClick={onClick}
    >
      <svg ref={drawing} width={width} height={height} viewBox={`0 0 ${width} ${height}`} aria-hidden="true">
        <defs>
          <pattern
            id={`hatch-${name}`}
            width="8"
            height="8"
            patternUnits="userSpaceOnUse"
            patternTransform="rotate(45)"
          >
            <line className="history-hatch" x1="0" y1="0" x2="0" y2="8" />
          </pattern>
        </defs>
        {pieces.map(
          (one, index) =>
            one.today && (
              <rect
                key={one.from}
                className="history-open"
                x={x(index) - band / 2}
                y={top}
                width={band}
                height={bottom - top}
                fill={`url(#hatch-${name})`}
              />
            ),
        )}
        {uncounted > 0 && (
          <rect
            className="history-uncounted"
            x={left}
            y={top}
            width={uncounted * band}
            height={bottom - top}
            fill={`url(#hatch-${name})`}
          />
        )}
        {steps.map((step) => (
          <g key={step}>
            <line className="plot-grid" x1={left} x2={right} y1={y(step)} y2={y(step)} />
            <text x={left - 0.4 * size} y={y(step) + 0.28 * size} textAnchor="end">
              {wordsOf(step)}
            </text>
          </g>
        ))}
        {ticks.map((tick) => (
          <text key={tick} x={x(tick)} y={height - 0.25 * size} textAnchor="middle">
            {pieces[tick] && (told ? told.tick(pieces[tick]) : pieces[tick].day.slice(5))}
          </text>
        ))}
        {at !== null && <line className="plot-cursor" x1={x(at)} x2={x(at)} y1={top} y2={bottom} />}
        {shape === "lines" &&
          series.map(
            (one) =>
              one.before && (
                <g key={one.key} className={`plot-series plot-series-${one.tone} history-before`}>
                  {stretches(one.before.slice(0, length)).map((points) => (
                    <polyline key={points[0]} points={points.join(" ")} />
                  ))}
                  {one.before.map(
                    (value, n) =>
                      value !== null &&
                      n < length &&
                      length > 1 &&
                      isAlone(one.before ?? [], n) && <circle key={n} cx={x(n)} cy={y(value)} r="2" />,
                  )}
                </g>
              ),
          )}
        {series.map((one, index) => (
          <g key={one.key} className={`plot-series plot-series-${one.tone} history-${shape}`}>
            {shape === "bars" ? (
              one.values.map((value, n) => {
                if (value === null) return null;
                const wide = (band * 0.76) / series.length;
                return (
                  <rect
                    key={n}
                    className={pieces[n]?.final ? undefined : "history-provisional"}
                    x={x(n) - band * 0.38 + index * wide}
                    y={y(value)}
                    width={Math.max(1, wide - 1)}
                    height={bottom - y(value)}
                  />
                );
              })
            ) : (
              <>
                {shape === "stacked" && <polygon points={area(heights[index] ?? [], heights[index - 1])} />}
                {stretches(heights[index] ?? []).map((points) => (
                  <polyline key={points[0]} points={points.join(" ")} />
                ))}
                {heights[index]?.map(
                  (value, n) =>
                    value !== null &&
                    (dotted || n === at || isAlone(heights[index] ?? [], n)) && (
                      <circle
                        key={n}
                        className={pieces[n]?.final ? undefined : "history-provisional"}
                        cx={x(n)}
                        cy={y(value)}
                        r={n === at && index === chosen ? 5 : 3.2}
                      />
                    ),
                )}
              </>
            )}
          </g>
        ))}
        {target && (
          <g className="history-target">
            <line x1={left} x2={right} y1={y(target.value)} y2={y(target.value)} />
            <text x={right} y={y(target.value) - 0.3 * size} textAnchor="end">
              {told?.target ??
                t("history.target", {
                  target: t(`target.${target.direction}`, { share: percent(target.value, language) }),
                })}
            </text>
          </g>
        )}
        {uncounted * band > 7 * size && (
          <text className="history-since" x={left + (uncounted * band) / 2} y={(top + bottom) / 2} textAnchor="middle">
            {since}
          </text>
        )}
      </svg>
      {piece && at !== null && (
        <div
          className="history-tip"
          aria-hidden="true"
          style={
            x(at) > width / 2 ? { insetInlineEnd: `${width - x(at) + 12}px` } : { insetInlineStart: `${x(at) + 12}px` }
          }
        >
          <p>
            <b>{nameOf(piece)}</b>
            {state(piece) !== "" && <span className="t3"> {state(piece)}</span>}
            {series.some((one) => one.before) && <span className="t3 history-tip-before">{t("history.compare")}</span>}
          </p>
          {series.map((one, index) => (
            <p key={one.key} className={index === chosen ? "history-tip-row b" : "history-tip-row"}>
              <i className={`swatch swatch-${one.tone}`} />
              <span>{one.name}</span>
              <span className="n">{wordsOf(one.values[at])}</span>
              {one.before && <span className="n t3">{wordsOf(one.before[at])}</span>}
            </p>
          ))}
        </div>
      )}
      <span className="sr" aria-live="polite">
        {words}
      </span>
    </div>
  );
}
