import { useSyncExternalStore } from "react";

let offset = 0;

/** The server's clock, according to the last welcome. Ages are measured against it. */
export const serverNow = () => Date.now() + offset;
export function setServerClock(now: number) {
  offset = now - Date.now();
}

interface Clock {
  now(): number;
  subscribe(listener: () => void): () => void;
}
const clocks = new Map<number, Clock>();

/** One timer per period for the whole page, running while it is in use and the page is visible. */
function clockOf(period: number): Clock {
  const known = clocks.get(period);
  if (known) return known;
  const listeners = new Set<() => void>();
  let at = serverNow();
  let timer: ReturnType<typeof setInterval> | undefined;
  const tick = () => {
    if (document.hidden) return;
    at = serverNow();
    for (const listener of [...listeners]) listener();
  };
  const clock: Clock = {
    now() {
      // It was not kept up to date without listeners.
      if (listeners.size === 0 && Math.abs(serverNow() - at) >= Math.min(period, 1000)) at = serverNow();
      return at;
    },
    subscribe(listener) {
      if (listeners.size === 0) {
        timer = setInterval(tick, period);
        document.addEventListener("visibilitychange", tick);
      }
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
        if (listeners.size > 0) return;
        clearInterval(timer);
        document.removeEventListener("visibilitychange", tick);
        // Whoever looks next reads the time anew.
        if (clocks.get(period) === clock) clocks.delete(period);
      };
    },
  };
  clocks.set(period, clock);
  return clock;
}

/** The server's time, updated every `period` ms while the page is visible. */
export function useNow(period = 1000): number {
  const clock = clockOf(period);
  return useSyncExternalStore(clock.subscribe, clock.now);
}

/** A value derived from the time, checked every second; its user is redrawn only when the value changes. */
export function useClockText(make: (now: number) => string): string {
  const clock = clockOf(1000);
  return useSyncExternalStore(clock.subscribe, () => make(clock.now()));
}
