import { useTranslation } from "react-i18next";
import type { HistorySeries, Piece } from "./model";
import type { PlotProps } from "./plot-props";
import type { Frame } from "./use-frame";
import type { Told } from "./use-telling";

/** The narrowest plot that has room for its values beside a place, in rem. */
const roomy = 18;

interface Props {
  at: number;
  piece: Piece;
  chosen: number;
  /** The series whose band is drawn. */
  around: HistorySeries | null;
  frame: Frame;
  plot: PlotProps;
  told: Told;
}

/** The values at the place that is pointed at. */
export function PlotTip({
  at,
  piece,
  chosen,
  around,
  frame,
  plot: { series },
  told: { whenOf, stateOf, wordsOf },
}: Props) {
  const { t } = useTranslation("panel");
  const { width, top, bottom, size, heights, x, y } = frame;
  const isNarrow = width < roomy * size;
  const near = heights[chosen]?.[at] ?? null;
  const isHigh = near !== null && y(near) < (top + bottom) / 2;
  return (
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
        {stateOf(piece) !== "" && <span className="t3"> {stateOf(piece)}</span>}
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
  );
}
