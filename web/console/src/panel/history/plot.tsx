import { useRef, useState, type KeyboardEvent, type PointerEvent, type Ref } from "react";
import { useTranslation } from "react-i18next";
import { count, dayInWords } from "../../lib/format";
import { usePrefs } from "../../lib/prefs";
import { rem } from "../../lib/rem";
import { scaleOf } from "../model";
import { useSize } from "../use-size";
import { stack, ticksOf, type HistorySeries, type Piece, type Shape, type Values } from "./model";

interface Props {
  name: string;
  label: string;
  series: readonly HistorySeries[];
  pieces: readonly Piece[];
  shape: Shape;
  zone: string;
  drawing: Ref<SVGSVGElement>;
  onOpen(series: HistorySeries, piece: Piece): void;
}

/**
 * Days as lines, stacked areas or bars. The pointer and the left and right keys move between
 * days, up and down between series; a click or Enter opens the list behind the number.
 */
export function HistoryPlot({ name, label, series, pieces, shape, zone, drawing, onOpen }: Props) {
  const { t } = useTranslation("panel");
  const { language } = usePrefs();
  const box = useRef<HTMLDivElement>(null);
  const { width, height } = useSize(box, { width: 640, height: 224 });
  const [at, setAt] = useState<number | null>(null);
  const [row, setRow] = useState(0);
  const unit = rem();
  const left = 2.75 * unit;
  const right = width - 0.75 * unit;
  const top = 0.75 * unit;
  const bottom = height - 1.5 * unit;
  const length = pieces.length;
  const heights = shape === "stacked" ? stack(series.map((one) => one.values)) : series.map((one) => one.values);
  const drawn = shape === "lines" ? series.flatMap((one) => one.before ?? []) : [];
  const { top: largest, steps } = scaleOf([...heights.flat(), ...drawn].map((value) => value ?? 0));
  const band = (right - left) / Math.max(1, length);
  const x = (index: number) => left + (index + 0.5) * band;
  const y = (value: number) => bottom - (value / largest) * (bottom - top);
  // Days without a count are not points: the line begins on the first day that has numbers.
  const points = (values: Values) =>
    values.flatMap((value, index) => (value === null ? [] : [`${x(index).toFixed(1)},${y(value).toFixed(1)}`]));
  const line = (values: Values) => points(values).join(" ");
  const area = (upper: Values, lower: Values | undefined) =>
    `${line(upper)} ${points(lower ?? upper.map((value) => (value === null ? null : 0)))
      .reverse()
      .join(" ")}`;
  const uncounted = pieces.filter((one) => !one.known).length;
  const begins = pieces[uncounted];
  const since = uncounted > 0 && begins ? t("history.since", { day: begins.day.slice(5) }) : "";
  const dotted = band > 0.75 * unit;
  const ticks = ticksOf(length, (right - left) / (3.4 * unit));
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
  const named =
    at === null || !piece?.known
      ? []
      : [...series.slice(chosen), ...series.slice(0, chosen)].map(
          (one) => `${one.name} ${count(one.values[at], language)}`,
        );
  const words = !piece
    ? ""
    : [dayInWords(piece.from, zone, language), state(piece), ...named]
        .filter((part) => part !== "")
        .join(t("lines.comma"));

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
      if (one && piece.known) onOpen(one, piece);
    }
  };
  const place = (event: { clientX: number; clientY: number }) => {
    const bounds = box.current?.getBoundingClientRect();
    if (!bounds) return null;
    const index = Math.floor((event.clientX - bounds.left - left) / band);
    if (index < 0 || index >= length) return null;
    const across = (event.clientX - bounds.left - left) / band - index;
    const near =
      shape === "bars"
        ? Math.max(0, Math.min(series.length - 1, Math.floor(((across - 0.12) / 0.76) * series.length)))
        : heights.reduce(
            (best, values, one) =>
              Math.abs(y(values[index] ?? 0) - (event.clientY - bounds.top)) <
              Math.abs(y(heights[best]?.[index] ?? 0) - (event.clientY - bounds.top))
                ? one
                : best,
            0,
          );
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
    if (one && where?.known) onOpen(one, where);
  };

  return (
    <div
      ref={box}
      className="plot history-plot"
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
            <text x={left - 0.4 * unit} y={y(step) + 0.28 * unit} textAnchor="end">
              {count(step, language)}
            </text>
          </g>
        ))}
        {ticks.map((tick) => (
          <text key={tick} x={x(tick)} y={height - 0.25 * unit} textAnchor="middle">
            {pieces[tick]?.day.slice(5)}
          </text>
        ))}
        {at !== null && <line className="plot-cursor" x1={x(at)} x2={x(at)} y1={top} y2={bottom} />}
        {shape === "lines" &&
          series.map(
            (one) =>
              one.before && (
                <g key={one.key} className={`plot-series plot-series-${one.tone} history-before`}>
                  <polyline points={line(one.before.slice(0, length))} />
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
                <polyline points={line(heights[index] ?? [])} />
                {heights[index]?.map(
                  (value, n) =>
                    value !== null &&
                    (dotted || n === at || length === 1) && (
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
        {uncounted * band > 7 * unit && (
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
            <b>{dayInWords(piece.from, zone, language)}</b>
            {state(piece) !== "" && <span className="t3"> {state(piece)}</span>}
            {series.some((one) => one.before) && <span className="t3 history-tip-before">{t("history.compare")}</span>}
          </p>
          {series.map((one, index) => (
            <p key={one.key} className={index === chosen ? "history-tip-row b" : "history-tip-row"}>
              <i className={`swatch swatch-${one.tone}`} />
              <span>{one.name}</span>
              <span className="n">{count(one.values[at], language)}</span>
              {one.before && <span className="n t3">{count(one.before[at], language)}</span>}
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
