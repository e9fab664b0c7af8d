import type { IndicatorTarget } from "@yingda/api/types";
import { useMemo, useRef, useState, type KeyboardEvent, type PointerEvent, type RefObject } from "react";
import { useTranslation } from "react-i18next";
import { dayInWords, percent } from "../../lib/format";
import { usePrefs } from "../../lib/prefs";
import { Drawing } from "../chart/drawing";
import { useInks, useStillness } from "../chart/inks";
import { optionOf } from "../chart/option";
import type { Unit } from "../model";
import { useSize } from "../use-size";
import { valueText } from "../value";
import { stack, ticksOf, type HistorySeries, type Piece } from "./model";
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

/** The narrowest plot that has room for its values beside a place, in rem. */
const roomy = 18;
/** The room that half of a label below the plot needs, in rem. */
const halfLabel = 1.2;
const limitsOf = (series: HistorySeries) => (series.band ?? []).map((limit) => limit.values);

/**
 * Days as lines, stacked areas or bars; of the time that was chosen, also the band of its percentiles. The pointer and
 * the left and right keys move between days, up and down between series; a click or Enter opens the list behind the number.
 */
export function HistoryPlot(props: Props) {
  const { label, series, pieces, shape, unit, target, zone, told, drawing, onOpen } = props;
  const { t } = useTranslation("panel");
  const { language } = usePrefs();
  const box = useRef<HTMLDivElement>(null);
  const { width, height } = useSize(box, { width: 640, height: 224 });
  const [at, setAt] = useState<number | null>(null);
  const [row, setRow] = useState(0);
  const inks = useInks();
  const still = useStillness();
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
  const chosen = Math.min(row, series.length - 1);
  const around = shape === "lines" && series[chosen]?.band ? series[chosen] : null;
  const option = useMemo(() => {
    const uncounted = pieces.filter((one) => !one.known).length;
    const begins = pieces[uncounted];
    const wide = (right - left) / Math.max(1, pieces.length);
    return optionOf({
      series,
      places: pieces.map((one) => ({
        label: told?.tick(one) ?? one.time ?? one.day.slice(5),
        final: one.final,
        hatched: one.today || !one.known,
      })),
      shape,
      frame: { left, right, top, bottom, width, height },
      steps: steps.map((value) => ({ value, words: told?.value(value) ?? valueText(value, unit, language) })),
      share,
      ticks: ticksOf(pieces.length, (right - left) / (3.4 * size)),
      dotted: wide > 0.75 * size,
      target: target && {
        value: target.value,
        number: told?.value(target.value) ?? percent(target.value, language),
        words:
          told?.target ??
          t("history.target", {
            target: t(`target.${target.direction}`, { share: percent(target.value, language) }),
          }),
      },
      band: around && { tone: around.tone, limits: limitsOf(around) },
      note:
        begins && uncounted * wide > 7 * size
          ? { places: uncounted, words: t("history.since", { day: begins.day.slice(5) }) }
          : null,
      inks,
      still,
    });
  }, [
    series,
    pieces,
    shape,
    left,
    right,
    top,
    bottom,
    width,
    height,
    steps,
    share,
    unit,
    language,
    size,
    target,
    told,
    around,
    inks,
    still,
    t,
  ]);
  const state = (piece: Piece) =>
    !piece.known
      ? t("history.state.unknown")
      : piece.today
        ? t("history.state.today")
        : piece.final
          ? ""
          : t("history.state.provisional");
  const piece = at === null ? undefined : pieces[at];
  const whenOf = (piece: Piece) =>
    told?.name(piece) ??
    [dayInWords(piece.from, zone, language), ...(piece.time === undefined ? [] : [piece.time])].join(" ");
  const wordsOf = (value: number | null | undefined) => told?.value(value) ?? valueText(value, unit, language);
  const named =
    at === null || !piece?.known
      ? []
      : [...series.slice(chosen), ...series.slice(0, chosen)].map(
          (one) => `${one.name} ${one.values[at] === null ? t("history.no_value") : wordsOf(one.values[at])}`,
        );
  const isNarrow = width < roomy * size;
  const near = at === null ? null : (heights[chosen]?.[at] ?? null);
  const isHigh = near !== null && y(near) < (top + bottom) / 2;
  const words = !piece
    ? ""
    : [whenOf(piece), state(piece), ...named].filter((part) => part !== "").join(t("lines.comma"));

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
      <Drawing option={option} width={width} height={height} drawing={drawing} />
      {at !== null && (
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
      )}
      {piece && at !== null && (
        <div
          className={`history-tip ${isNarrow ? "history-tip-whole" : ""} ${isNarrow && isHigh ? "history-tip-low" : ""}`}
          aria-hidden="true"
          style={
            isNarrow
              ? undefined
              : x(at) > width / 2
                ? { insetInlineEnd: `${width - x(at) + 12}px` }
                : { insetInlineStart: `${x(at) + 12}px` }
          }
        >
          <p>
            <b>{whenOf(piece)}</b>
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
          {around?.band && (
            <p className="t3 s1 history-tip-band">
              {around.band.map((limit) => `${t(`history.times.${limit.at}`)} ${wordsOf(limit.values[at])}`).join(" · ")}
            </p>
          )}
        </div>
      )}
      <span className="sr" aria-live="polite">
        {words}
      </span>
    </div>
  );
}
