/**
 * Calls `look` twice a second, even while the page is in a background tab: browsers throttle the page's own timers there to one a minute, and a console that
 * does not ping makes its agent unreachable. A worker's timers keep running.
 */
export function ticker(look: () => void): () => void {
  if (typeof Worker === "undefined") {
    const clock = setInterval(look, 500);
    return () => clearInterval(clock);
  }
  const worker = new Worker(new URL("./tick.ts", import.meta.url), { type: "module" });
  worker.onmessage = look;
  return () => worker.terminate();
}
