import { call } from "@yingda/api/client";
import { responseTimes } from "@yingda/api/response-times";

/** Notes how long something took; what was noted is sent now and then, and what cannot be sent is lost. */
export const noteTime = responseTimes(
  (body) => void call("POST", "/response-times", { body, keepalive: true }).catch(() => undefined),
);

let isOver = false;

/** A page can be used: the time since the navigation began is noted if nobody had to do anything before. */
export function noteUsable(counts: boolean): void {
  if (!isOver && counts && !document.hidden) noteTime("page", performance.now());
  isOver = true;
}
