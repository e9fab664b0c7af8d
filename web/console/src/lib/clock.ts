import { useSyncExternalStore } from 'react'

let offset = 0

/** The server's clock, as far as the last welcome told it. Ages are measured against it. */
export const serverNow = () => Date.now() + offset
export function setServerClock(now: number) { offset = now - Date.now() }

interface Clock { now(): number; subscribe(listener: () => void): () => void }
const clocks = new Map<number, Clock>()

/** One timer a period for the whole page, running while somebody reads it and the page is looked at. */
function clockOf(period: number): Clock {
  const known = clocks.get(period)
  if (known) return known
  const listeners = new Set<() => void>()
  let at = serverNow()
  let timer: ReturnType<typeof setInterval> | undefined
  const tick = () => {
    if (document.hidden) return
    at = serverNow()
    for (const listener of [...listeners]) listener()
  }
  const clock: Clock = {
    now() {
      // Nobody has kept it going.
      if (listeners.size === 0 && Math.abs(serverNow() - at) >= Math.min(period, 1000)) at = serverNow()
      return at
    },
    subscribe(listener) {
      if (listeners.size === 0) {
        timer = setInterval(tick, period)
        document.addEventListener('visibilitychange', tick)
      }
      listeners.add(listener)
      return () => {
        listeners.delete(listener)
        if (listeners.size > 0) return
        clearInterval(timer)
        document.removeEventListener('visibilitychange', tick)
      }
    },
  }
  clocks.set(period, clock)
  return clock
}

/** The server's time, renewed every `period` ms while the page is looked at. */
export function useNow(period = 1000): number {
  const clock = clockOf(period)
  return useSyncExternalStore(clock.subscribe, clock.now)
}

/** What is made of the time, looked at every second; whoever uses it is drawn anew only when that changes. */
export function useClockText(make: (now: number) => string): string {
  const clock = clockOf(1000)
  return useSyncExternalStore(clock.subscribe, () => make(clock.now()))
}
