import type { Body } from "./operations";

/** What a page measured, by what it measured: times in fixed intervals. No text, no id, nothing about the person. */
export type TimesReport = Body<"POST", "/response-times">;
export type Timed = keyof TimesReport;

/** The upper edges of the intervals, in milliseconds; the server has the same (`domain/src/response_time.rs`), and a test compares them. */
export const EDGES = [10, 25, 50, 100, 150, 200, 300, 500, 750, 1000, 1500, 2000, 3000, 5000, 10000, 30000, 60000];
/** How long times are collected before they are sent, in milliseconds. */
const EVERY = 60_000;

/**
 * Counts response times in memory. They are passed to `send` a minute after the first of them, and when the page is hidden, which may be its end.
 * What cannot be sent is lost: these are samples.
 */
export function responseTimes(send: (report: TimesReport) => void): (what: Timed, ms: number) => void {
  let report: TimesReport = {};
  let timer: ReturnType<typeof setTimeout> | undefined;
  const flush = (): void => {
    if (!timer) return;
    clearTimeout(timer);
    timer = undefined;
    send(report);
    report = {};
  };
  addEventListener("pagehide", flush);
  document.addEventListener("visibilitychange", () => document.hidden && flush());
  return (what, ms) => {
    const time = Math.round(Math.min(Math.max(ms, 0), EDGES.at(-1) ?? 0));
    const times = (report[what] ??= { counts: EDGES.map(() => 0), sum_ms: 0 });
    times.counts[EDGES.findIndex((edge) => time <= edge)]!++;
    times.sum_ms += time;
    timer ??= setTimeout(flush, EVERY);
  };
}
