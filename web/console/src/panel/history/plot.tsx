import { pressed } from "@yingda/api/keys";
import { useRef, useState, type KeyboardEvent, type PointerEvent } from "react";
import { useTranslation } from "react-i18next";
import { Drawing } from "../chart/drawing";
import { useInks } from "../chart/inks";
import type { HistorySeries } from "./model";
import { PlotCursor } from "./plot-cursor";
import type { PlotProps } from "./plot-props";
import { PlotTip } from "./plot-tip";
import { useFrame } from "./use-frame";
import { useOption } from "./use-option";
import { useTelling } from "./use-telling";

/**
 * Days as lines, stacked areas or bars; of the time that was chosen, also the band of its percentiles. The pointer and
 * the left and right keys move between days, up and down between series; a click or Enter opens the list behind the number.
 */
export function HistoryPlot(props: PlotProps) {
  const { label, series, pieces, shape, drawing, onOpen } = props;
  const { t } = useTranslation("panel");
  const box = useRef<HTMLDivElement>(null);
  const [at, setAt] = useState<number | null>(null);
  const [row, setRow] = useState(0);
  const inks = useInks();
  const frame = useFrame(box, props, inks);
  const told = useTelling(props);
  const { length } = pieces;
  const chosen = Math.min(row, series.length - 1);
  const around = shape === "lines" && series[chosen]?.band ? series[chosen] : null;
  const option = useOption(props, frame, around, inks);
  const piece = at === null ? undefined : pieces[at];
  const named =
    at === null || !piece?.known
      ? []
      : [...series.slice(chosen), ...series.slice(0, chosen)].map(
          (one) => `${one.name} ${one.values[at] === null ? t("history.no_value") : told.wordsOf(one.values[at])}`,
        );
  const words = !piece
    ? ""
    : [told.whenOf(piece), told.stateOf(piece), ...named].filter((part) => part !== "").join(t("lines.comma"));

  const hasValue = (one: HistorySeries, index: number) =>
    pieces[index]?.known === true && (one.values[index] ?? null) !== null;

  const onKeyDown = (event: KeyboardEvent) => {
    const key = pressed(event);
    const step = { ArrowLeft: -1, ArrowRight: 1, Home: -length, End: length }[key];
    const turn = { ArrowUp: -1, ArrowDown: 1 }[key];
    if (step !== undefined) {
      event.preventDefault();
      setAt((before) => Math.max(0, Math.min(length - 1, (before ?? (step > 0 ? -1 : length)) + step)));
    } else if (turn !== undefined && series.length > 0) {
      event.preventDefault();
      setRow((chosen + turn + series.length) % series.length);
    } else if (key === "Enter" && piece) {
      // Otherwise the same key press would press the button that gets the focus in the opened list.
      event.preventDefault();
      const one = series[chosen];
      if (one && at !== null && hasValue(one, at)) onOpen?.(one, piece);
    }
  };
  const onMove = (event: PointerEvent) => {
    const found = frame.placeAt(event);
    setAt(found?.index ?? null);
    if (found) setRow(found.near);
  };
  const onClick = (event: { clientX: number; clientY: number }) => {
    const found = frame.placeAt(event);
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
      <Drawing option={option} width={frame.width} height={frame.height} drawing={drawing} />
      {at !== null && <PlotCursor at={at} chosen={chosen} frame={frame} plot={props} />}
      {piece && at !== null && (
        <PlotTip at={at} piece={piece} chosen={chosen} around={around} frame={frame} plot={props} told={told} />
      )}
      <span className="sr" aria-live="polite">
        {words}
      </span>
    </div>
  );
}
