import { useLayoutEffect, useState, type RefObject } from "react";
import { rem } from "../lib/rem";

/** Whether the pane around an element is lower than so many rem: large letters count as little room. */
export function useLow(at: RefObject<HTMLElement | null>, least: number) {
  const [low, setLow] = useState(false);
  useLayoutEffect(() => {
    const pane = at.current?.closest(".col");
    if (!pane || typeof ResizeObserver === "undefined") return;
    const look = () => setLow(pane.clientHeight > 0 && pane.clientHeight < least * rem());
    look();
    const size = new ResizeObserver(look);
    size.observe(pane);
    return () => size.disconnect();
  }, [at, least]);
  return low;
}
