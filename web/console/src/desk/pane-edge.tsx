import { pressed } from "@yingda/api/keys";
import { useRef, type KeyboardEvent, type PointerEvent } from "react";
import { useTranslation } from "react-i18next";
import { rem } from "../lib/rem";
import { keepOwn, useOwn } from "../live/own";
import { bounded, widthAfter, widthOf, widths, type Pane } from "./panes";
import "./pane-edge.css";

const isRtl = (edge: HTMLElement) => getComputedStyle(edge).direction === "rtl";

/** The edge of a pane: dragged, or moved with the arrows, it makes the pane wider or narrower; a double click or Enter gives it its usual width. */
export function PaneEdge({ pane }: { pane: Pane }) {
  const { t } = useTranslation("desk");
  const width = widthOf(useOwn(), pane);
  const drag = useRef<{ x: number; width: number; now: number } | null>(null);
  const begin = (event: PointerEvent<HTMLElement>) => {
    if (event.button !== 0) return;
    const edge = event.currentTarget;
    // As wide as it is drawn: a narrow window may leave less room than was chosen.
    const drawn = edge.ownerDocument.getElementById(`pane-${pane}`)?.offsetWidth ?? 0;
    const from = drawn > 0 ? drawn / rem() : width;
    drag.current = { x: event.clientX, width: from, now: from };
    edge.setPointerCapture?.(event.pointerId);
    event.preventDefault();
    edge.focus();
  };
  const move = (event: PointerEvent<HTMLElement>) => {
    const from = drag.current;
    if (!from) return;
    const towards = (pane === "list") !== isRtl(event.currentTarget) ? 1 : -1;
    from.now = bounded(pane, from.width + ((event.clientX - from.x) * towards) / rem());
    // Until it is let go, only the page's style follows.
    event.currentTarget.closest<HTMLElement>(".desk")?.style.setProperty(`--${pane}-width`, `${from.now}rem`);
  };
  const end = () => {
    const from = drag.current;
    drag.current = null;
    if (from && from.now !== from.width) keepOwn({ [pane]: from.now });
  };
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const next = widthAfter(pane, width, pressed(event), isRtl(event.currentTarget));
    if (next === undefined) return;
    event.preventDefault();
    keepOwn({ [pane]: next });
  };
  return (
    <div
      className={`pane-edge pane-edge-${pane}`}
      role="separator"
      tabIndex={0}
      aria-orientation="vertical"
      aria-label={t(`pane.width.${pane}`)}
      aria-controls={`pane-${pane}`}
      aria-valuenow={width}
      aria-valuemin={widths[pane].least}
      aria-valuemax={widths[pane].most}
      title={t("pane.width.how")}
      onPointerDown={begin}
      onPointerMove={move}
      onPointerUp={end}
      onPointerCancel={end}
      onDoubleClick={() => keepOwn({ [pane]: null })}
      onKeyDown={onKeyDown}
    />
  );
}
