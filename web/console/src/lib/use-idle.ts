import { useEffect } from "react";

/** What somebody does who is about to use a page. */
const uses = ["pointermove", "pointerdown", "keydown"] as const;

/**
 * Does something once, as soon as the page is used and the browser has nothing else to do; not at all where it cannot tell. A page that is only opened asks for
 * nothing that it does not show. `act` is to stay the same.
 */
export function useIdle(act: () => void) {
  useEffect(() => {
    let idle: number | undefined;
    const stop = new AbortController();
    const used = () => {
      stop.abort();
      idle = window.requestIdleCallback?.(act);
    };
    for (const use of uses) addEventListener(use, used, { signal: stop.signal, passive: true });
    return () => {
      stop.abort();
      if (idle !== undefined) cancelIdleCallback(idle);
    };
  }, [act]);
}
