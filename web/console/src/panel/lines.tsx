import { pressed } from "@yingda/api/keys";
import { useId, useLayoutEffect, useRef, useState, type KeyboardEvent, type PointerEvent, type RefObject } from "react";
import { useTranslation } from "react-i18next";
import { count, hourMinute } from "../lib/format";
import { usePrefs } from "../lib/prefs";
import { rem } from "../lib/rem";
import { scaleOf, spread } from "./model";
import { useSize } from "./use-size";

export interface Series {
  key: string;
  name: string;
  values: readonly number[];
}
interface Props {
  series: readonly Series[];
  /** The first value that says something: what is before it is hatched, and has no line. */
  known: number;
  from: number;
  zone: string;
  onMinute(at: number): void;
}

const minute = 60_000;

/** The width of the names at the ends, in pixels: the widest so far, so that the plot does not move under the pointer. */
function useLabelWidth(box: RefObject<HTMLElement | null>, series: readonly Series[], unit: number): number {
  const about =
    Math.max(2.5, ...series.map((one) => one.name.length * (/[^\x00-\x7f]/.test(one.name) ? 0.8 : 0.47) + 1.2)) * unit;
  const of = `${unit} ${series.map((one) => one.name).join(" ")}`;
  const [measured, setMeasured] = useState({ of: "", width: 0 });
  useLayoutEffect(() => {
    const labels = [...(box.current?.querySelectorAll<SVGTextElement>(".plot-label") ?? [])];
    const width = Math.ceil(Math.max(0, ...labels.map((label) => label.getComputedTextLength?.() ?? 0)));
    if (width > 0 && (measured.of !== of || width > measured.width)) setMeasured({ of, width });
  });
  return measured.of === of ? measured.width : about;
}

/** The times below the plot; the first and the last stay inside it. */
function Times({
  at,
  x,
  y,
  word,
}: {
  at: readonly number[];
  x(at: number): number;
  y: number;
  word(at: number): string;
}) {
  return at.map((tick, index) => (
    <text key={tick} x={x(tick)} y={y} textAnchor={index === 0 ? "start" : index === at.length - 1 ? "end" : "middle"}>
      {word(tick)}
    </text>
  ));
}

/** What is before the first value that says something. */
function Unknown(place: { x: number; y: number; width: number; height: number }) {
  const hatch = useId();
  return (
    <>
      <pattern id={hatch} width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
        <line className="plot-hatch" x2="0" y2="6" />
      </pattern>
      <rect {...place} fill={`url(#${hatch})`} />
    </>
  );
}

/**
 * Up to four lines over the last hour. Series differ by colour and dash and are named at their ends,
 * with a leader line in their colour to each name; arrow keys move between minutes, Enter opens one.
 */
export function Lines({ series, known, from, zone, onMinute }: Props) {
  const { t } = useTranslation("panel");
  const { language } = usePrefs();
  const box = useRef<HTMLDivElement>(null);
  const { width, height } = useSize(box, { width: 640, height: 256 });
  const [at, setAt] = useState<number | null>(null);
  const unit = rem();
  const left = 2.25 * unit;
  const right = width - Math.min(useLabelWidth(box, series, unit) + 1.5 * unit, width / 2);
  const top = 0.75 * unit;
  const bottom = height - 1.5 * unit;
  const length = series[0]?.values.length ?? 60;
  const { top: largest, steps } = scaleOf(series.flatMap((one) => one.values));
  const x = (index: number) => left + (index / Math.max(1, length - 1)) * (right - left);
  const y = (value: number) => bottom - (value / largest) * (bottom - top);
  const ends = spread(
    series.map((one) => y(one.values[length - 1] ?? 0)),
    1.05 * unit,
    top,
    bottom,
  );
  const ticks = [0, 1, 2, 3, 4].map((quarter) => Math.round(((length - 1) * quarter) / 4));
  const points = (values: readonly number[]) =>
    values
      .flatMap((value, index) => (index < known ? [] : [`${x(index).toFixed(1)},${y(value).toFixed(1)}`]))
      .join(" ");
  const isKnown = at === null || at >= known;
  const shown = at === null || !isKnown ? length - 1 : at;
  const atWords =
    at === null
      ? ""
      : t("lines.at", {
          time: hourMinute(from + at * minute, zone),
          values: isKnown
            ? series.map((one) => `${one.name} ${count(one.values[at] ?? 0, language)}`).join(t("lines.comma"))
            : t("lines.unknown"),
        });

  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowLeft: -1, ArrowRight: 1, Home: -length, End: length }[pressed(event)];
    if (step !== undefined) {
      event.preventDefault();
      setAt((before) => Math.max(0, Math.min(length - 1, (before ?? (step > 0 ? -1 : length)) + step)));
    } else if (pressed(event) === "Enter" && at !== null && isKnown) {
      event.preventDefault();
      onMinute(from + at * minute);
    }
  };
  const indexAt = (event: PointerEvent) => {
    const bounds = box.current?.getBoundingClientRect();
    if (!bounds) return null;
    const index = Math.round(((event.clientX - bounds.left - left) / (right - left)) * (length - 1));
    return index >= 0 && index < length ? index : null;
  };

  return (
    <div
      ref={box}
      className="plot plot-lines"
      tabIndex={0}
      role="application"
      aria-roledescription={t("lines.kind")}
      aria-label={t("lines.label")}
      onKeyDown={onKeyDown}
      onBlur={() => setAt(null)}
      onPointerMove={(event) => setAt(indexAt(event))}
      onPointerLeave={() => setAt(null)}
      onClick={(event) => {
        const index = indexAt(event as unknown as PointerEvent);
        if (index !== null && index >= known) onMinute(from + index * minute);
      }}
    >
      <svg width={width} height={height} aria-hidden="true">
        {steps.map((step) => (
          <g key={step}>
            <line className="plot-grid" x1={left} x2={right} y1={y(step)} y2={y(step)} />
            <text x={left - 0.4 * unit} y={y(step) + 0.28 * unit} textAnchor="end">
              {count(step, language)}
            </text>
          </g>
        ))}
        <Times at={ticks} x={x} y={height - 0.25 * unit} word={(tick) => hourMinute(from + tick * minute, zone)} />
        {known > 0 && <Unknown x={left} y={top} width={Math.max(0, x(known) - left)} height={bottom - top} />}
        {at !== null && <line className="plot-cursor" x1={x(at)} x2={x(at)} y1={top} y2={bottom} />}
        {series[0] && (
          <polygon
            className="plot-area"
            points={`${x(known).toFixed(1)},${bottom} ${points(series[0].values)} ${right},${bottom}`}
          />
        )}
        {series.map((one, index) => (
          <g key={one.key} className={`plot-series plot-series-${index + 1}`}>
            <polyline points={points(one.values)} />
            <path
              className="plot-lead"
              d={`M${right.toFixed(1)} ${y(one.values[length - 1] ?? 0).toFixed(1)} L${(right + 0.6 * unit).toFixed(1)} ${(ends[index] ?? 0).toFixed(1)} h${(0.5 * unit).toFixed(1)}`}
            />
            <circle cx={x(shown)} cy={y(one.values[shown] ?? 0)} r="3.5" />
            <text className="plot-label" x={right + 1.3 * unit} y={(ends[index] ?? 0) + 0.28 * unit}>
              {one.name} <tspan>{count(one.values[shown] ?? 0, language)}</tspan>
            </text>
          </g>
        ))}
        {at !== null && (
          <text
            className="plot-at"
            x={Math.min(Math.max(x(at), left + 1.2 * unit), right - 1.2 * unit)}
            y={top - 0.1 * unit}
            textAnchor="middle"
          >
            {hourMinute(from + at * minute, zone)}
          </text>
        )}
      </svg>
      <span className="sr" aria-live="polite">
        {atWords}
      </span>
    </div>
  );
}
