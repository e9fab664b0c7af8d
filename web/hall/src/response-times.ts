/** Reports to the server how long the hall took to open. */
import { responseTimes } from "@yingda/api/response-times";
import { call } from "./api";

let isOver = false;

/** The hall can be used: the time since the navigation began is noted, once. */
export function noteUsable(key: string): void {
  if (isOver) return;
  isOver = true;
  if (document.hidden) return;
  const note = responseTimes(
    (body) =>
      void call("POST", "/sites/{key}/response-times", { path: { key }, body, keepalive: true }).catch(() => undefined),
  );
  note("page", performance.now());
}
