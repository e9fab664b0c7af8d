import { useEffect } from "react";

/** What somebody does who is about to use a page. */
const uses = ["pointermove", "pointerdown", "keydown"] as const;
let isUsed = false;

/**
 * Does something once, as soon as the page has been used and the browser has nothing else to do; not at all where it cannot tell. A page that is only opened asks
 * for nothing that it does not show. `act` is to stay the same.
 */
export function useIdle(act: () => void) {
  useEffect(() => {
    let idle: number | undefined;
    const stop = new AbortController();
    const begin = () => {
      stop.abort();
      isUsed = true;
      idle = window.requestIdleCallback?.(act);
    };
    if (isUsed) begin();
    else for (const use of uses) addEventListener(use, begin, { signal: stop.signal, passive: true });
    return () => {
      stop.abort();
      if (idle !== undefined) cancelIdleCallback(idle);
    };
  }, [act]);
}
