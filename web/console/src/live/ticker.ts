/**
 * Calls twice a second, also while the page lies in a tab behind: there browsers hold the page's own timers back to one a minute, and a console that
 * does not ping is an agent who cannot be reached. Timers of a worker go on.
 */
export function ticker(look: () => void): () => void {
  if (typeof Worker === 'undefined') {
    const clock = setInterval(look, 500)
    return () => clearInterval(clock)
  }
  const worker = new Worker(new URL('./tick.ts', import.meta.url), { type: 'module' })
  worker.onmessage = look
  return () => worker.terminate()
}
