import { useEffect } from "react";

/** Does something once, as soon as the browser has nothing else to do; not at all where it cannot tell. `act` is to stay the same. */
export function useIdle(act: () => void) {
  useEffect(() => {
    const idle = window.requestIdleCallback?.(act);
    return () => {
      if (idle !== undefined) cancelIdleCallback(idle);
    };
  }, [act]);
}
