import { useEffect, useState } from 'react'

let offset = 0

/** The server's clock, as far as the last welcome told it. Ages are measured against it. */
export const serverNow = () => Date.now() + offset
export function setServerClock(now: number) { offset = now - Date.now() }

/** The server's time, renewed every `period` ms while the page is looked at. */
export function useNow(period = 1000): number {
  const [now, setNow] = useState(serverNow)
  useEffect(() => {
    const tick = () => { if (!document.hidden) setNow(serverNow()) }
    tick()
    const timer = setInterval(tick, period)
    document.addEventListener('visibilitychange', tick)
    return () => { clearInterval(timer); document.removeEventListener('visibilitychange', tick) }
  }, [period])
  return now
}
