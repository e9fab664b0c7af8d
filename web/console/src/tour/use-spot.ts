import { useEffect, useState } from "react";
import type { Box } from "./place";

/** The place on the screen that is marked so, if it is shown; what is there twice, as on the bar of a phone, is shown once. */
const shown = (anchor: string) =>
  [...document.querySelectorAll(`[data-tour~="${anchor}"]`)].find((one) => one.getClientRects().length > 0);

const isSame = (one: Box | null, other: Box | null) =>
  one === other ||
  (one !== null &&
    other !== null &&
    one.x === other.x &&
    one.y === other.y &&
    one.width === other.width &&
    one.height === other.height);

/** Where on the screen an anchor is now; null while it is not shown, such as before its page is loaded. */
export function useSpot(anchor: string): Box | null {
  const [spot, setSpot] = useState<Box | null>(null);
  useEffect(() => {
    let frame = 0;
    let reached: Element | undefined;
    // Pages are loaded, lists grow and windows are resized: it is looked at as often as it is drawn.
    const look = () => {
      const target = shown(anchor);
      if (target && target !== reached) target.scrollIntoView?.({ block: "nearest", inline: "nearest" });
      reached = target;
      const rect = target?.getBoundingClientRect();
      const next = rect ? { x: rect.x, y: rect.y, width: rect.width, height: rect.height } : null;
      setSpot((before) => (isSame(before, next) ? before : next));
      frame = requestAnimationFrame(look);
    };
    look();
    return () => cancelAnimationFrame(frame);
  }, [anchor]);
  return spot;
}
