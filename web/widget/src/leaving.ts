import type { Entry } from "@yingda/api/types";
import { clearDraft, draw, say, ui } from "./app";
import { get, set } from "./kept";
import { t, when } from "./text";

/** Out of hours: who is there, and messages that are answered later. */

/** Whether people answer now, as far as is known. */
export const isClosed = (): boolean => ui.site?.service?.open === false;

/** Why nobody is there, and when people are back. */
export function closedText(): string {
  const opens = ui.site?.service?.opens_at;
  return opens ? t("closed.until", { when: when(opens) }) : t("closed.now");
}

/** The server says that nobody is there, and until when. */
export function told({ opens_at = null, promised_by = null }: { opens_at?: number | null; promised_by?: number | null }): void {
  if (ui.site) ui.site = { ...ui.site, service: { ...ui.site.service, open: false, opens_at, promised_by } };
}

/** What was written for later and not sent. */
export function recallLeft(): void {
  try {
    Object.assign(ui.left, JSON.parse(get("left") ?? "{}"));
  } catch {
    // the storage may hold anything
  }
}

/** Opens the form for a message. What was being written is not written twice. */
export function openLeft(): void {
  ui.leaving = true;
  if (!ui.left.text) writeLeft({ text: ui.draft });
  draw();
}
export function closeLeft(): void {
  ui.leaving = false;
  draw();
}
export function writeLeft(part: Partial<typeof ui.left>): void {
  Object.assign(ui.left, part);
  const { text, contact } = ui.left;
  set("left", text || contact ? JSON.stringify(ui.left) : null);
}

/** Sends it like any other words: through the outbox, which keeps it until it is stored. */
export function leaveMessage(): void {
  const text = ui.left.text.trim();
  const contact = ui.left.contact.trim();
  if (!text) return;
  say({ type: "leave_message", text, contact: contact || null });
  const by = ui.site?.service?.promised_by;
  set("promised", by ? String(by) : null);
  if (ui.draft.trim() === text) clearDraft();
  writeLeft({ text: "", contact: "" });
  closeLeft();
}

/** Which episode waits for its rating, or null. Where the site asks for none, and for a message left, there is none. */
export function unrated(): string | null {
  const { c } = ui;
  if (c.state !== "resolved" || ui.site?.service?.asks_rating === false || c.pending.some((p) => /rate|leave_message/.test(p.body.type) && !p.code)) return null;
  const since = c.entries.map((e) => e.kind === "opened" || e.kind === "reopened").lastIndexOf(true);
  const episode = c.entries.slice(since + 1);
  const id = `${c.id}/${c.episode}`;
  const isRated = (e: Entry) => e.kind === "rated" || (e.kind === "resolved" && wasLeft(e));
  return ui.skipped === id || episode.some(isRated) || !episode.some((e) => e.kind === "message") ? null : id;
}

/** The episode ended with a message for later. */
export const wasLeft = (e: Entry): boolean => (e.body as { outcome?: string } | null)?.outcome === "left_message";

