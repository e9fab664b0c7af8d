import type { Entry } from "@yingda/api/types";
import { get } from "./kept";
import { t, when } from "./text";
import { draw, ui } from "./ui";

/** Out of hours: who is available, and messages that are answered later. */

/** Whether nobody answers now, as far as is known. */
export const isClosed = (): boolean => ui.site?.service?.open === false;

/** Says that nobody is available, and when people are back. */
export function closedText(): string {
  const opens = ui.site?.service?.opens_at;
  return opens ? t("closed.until", { when: when(opens) }) : t("closed.now");
}

/** The server reports that nobody is available, and until when. */
export function told({
  opens_at = null,
  promised_by = null,
}: {
  opens_at?: number | null;
  promised_by?: number | null;
}): void {
  if (ui.site) ui.site = { ...ui.site, service: { ...ui.site.service, open: false, opens_at, promised_by } };
}

/** Restores a message for later that was written and not sent. */
export function recallLeft(): void {
  try {
    Object.assign(ui.left, JSON.parse(get("left") ?? "{}"));
  } catch {
    // the storage may contain anything
  }
}

/** Opens the form for a message. */
export function openLeft(): void {
  ui.leaving = "new";
  draw();
}

/** Whether the episode waits for its rating; not if the site asks for no ratings, nor after a left message. */
export function unrated(): boolean {
  const { c } = ui;
  const episode = c.entries.slice(c.entries.map((e) => /opened/.test(e.kind)).lastIndexOf(true) + 1);
  return (
    c.state === "resolved" &&
    !ui.skipped &&
    ui.site?.service?.asks_rating !== false &&
    !c.pending.some((p) => /rate|leave_message/.test(p.body.type) && !p.code) &&
    !episode.some((e) => e.kind === "rated" || wasLeft(e)) &&
    episode.some((e) => e.kind === "message")
  );
}

/** Whether the episode ended with a message for later. */
export const wasLeft = (e: Entry): boolean => (e.body as { outcome?: string } | null)?.outcome === "left_message";
