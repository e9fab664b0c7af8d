import type { Entry } from "@yingda/api/types";
import { get, set } from "./kept";
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

/** What was asked last in this episode; words that only ask for a person are no question. */
function question(): string {
  let last = "";
  let before = "";
  for (const { kind, by, body } of ui.c.entries) {
    const { text, via, outcome } = (body ?? {}) as { text?: string; via?: string; outcome?: string };
    if (kind === "reopened") last = before = "";
    else if (via === "words" || outcome === "closed") last = before;
    else if (kind === "message" && by.kind === "customer" && text) {
      before = last;
      last = text;
    }
  }
  return last;
}

/** what the form began with */
let begun = "";
/** Opens the form for a message, with the draft or the question in it, so that nothing has to be written twice. */
export function openLeft(): void {
  ui.leaving = true;
  if (!ui.left.text) writeLeft({ text: (begun = ui.draft || question()) });
  draw();
}
export function closeLeft(): void {
  ui.leaving = false;
  // the next time, something else may have been asked
  if (ui.left.text === begun) writeLeft({ text: "" });
  draw();
}
export function writeLeft(part: Partial<typeof ui.left>): void {
  Object.assign(ui.left, part);
  const { text, contact } = ui.left;
  set("left", text || contact ? JSON.stringify(ui.left) : null);
}

/** The episode that waits for its rating, or null; also null if the site asks for no ratings, and after a left message. */
export function unrated(): string | null {
  const { c } = ui;
  if (
    c.state !== "resolved" ||
    ui.site?.service?.asks_rating === false ||
    c.pending.some((p) => /rate|leave_message/.test(p.body.type) && !p.code)
  )
    return null;
  const since = c.entries.map((e) => e.kind === "opened" || e.kind === "reopened").lastIndexOf(true);
  const episode = c.entries.slice(since + 1);
  const id = `${c.id}/${c.episode}`;
  const isRated = (e: Entry) => e.kind === "rated" || (e.kind === "resolved" && wasLeft(e));
  return ui.skipped === id || episode.some(isRated) || !episode.some((e) => e.kind === "message") ? null : id;
}

/** Whether the episode ended with a message for later. */
export const wasLeft = (e: Entry): boolean => (e.body as { outcome?: string } | null)?.outcome === "left_message";
