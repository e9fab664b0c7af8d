import { call } from "@yingda/api/client";
import type { Timed } from "@yingda/api/response-times";

/** The collector is loaded beside what is needed first; without it, nothing is noted. */
const collector = import("@yingda/api/response-times")
  .then(({ responseTimes }) =>
    responseTimes((body) => void call("POST", "/response-times", { body, keepalive: true }).catch(() => undefined)),
  )
  .catch(() => undefined);

/** Notes how long something took; what was noted is sent now and then, and what cannot be sent is lost. */
export const noteTime = (what: Timed, ms: number): void => void collector.then((note) => note?.(what, ms));

let isOver = false;

/** A page can be used: the time since the navigation began is noted if nobody had to do anything before. */
export function noteUsable(counts: boolean): void {
  if (!isOver && counts && !document.hidden) noteTime("page", performance.now());
  isOver = true;
}
