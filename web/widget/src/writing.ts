import { ask } from "./ask";
import { connect, drop, known, stream } from "./connection";
import { follow, get, set } from "./kept";
import { say } from "./saying";
import { siteUrl } from "./session";
import { lang } from "./text";
import { draw, ui } from "./ui";

/** What the customer writes, before it is sent. */

let suggestTimer: ReturnType<typeof setTimeout> | undefined;
let draftTimer: ReturnType<typeof setTimeout> | undefined;
/** the draft this page saved last */
let keptDraft: string | null;
let typingTimer: ReturnType<typeof setTimeout> | undefined;
let typingSince = 0;

export function write(text: string, composing = false): void {
  ui.draft = text;
  if (text) connect();
  clearTimeout(draftTimer);
  draftTimer = setTimeout(() => set("draft", (keptDraft = ui.draft || null)), 250);
  typing(!!text);
  clearTimeout(suggestTimer);
  ui.chosen = -1;
  const q = text.trim();
  if (composing || [...q].length < 2 || q.length > 60 || ui.c.state !== "bot") ui.suggestions = [];
  else
    suggestTimer = setTimeout(
      () =>
        ask(`${siteUrl()}/suggestions?q=${encodeURIComponent(q)}&lang=${lang}`).then(
          (r) => {
            if (ui.draft.trim() !== q) return;
            ui.suggestions = r.items;
            draw();
          },
          // missing suggestions do no harm
          () => undefined,
        ),
      120,
    );
  draw();
}

/** Clears the composer. */
export function clearDraft(): void {
  write("");
  clearTimeout(draftTimer);
  // another tab may be writing something else
  if (get("draft") === keptDraft) set("draft", null);
}

function typing(on: boolean): void {
  clearTimeout(typingTimer);
  const id = ui.c.id;
  if (!id || !known || (!on && !typingSince)) return;
  if (on) {
    typingTimer = setTimeout(() => typing(false), 4000);
    if (Date.now() - typingSince < 3000) return;
  }
  typingSince = on ? Date.now() : 0;
  stream?.typing(id, on);
}

/** Restores the draft that was written here. */
export function recallDraft(): void {
  ui.draft = (keptDraft = get("draft")) ?? "";
}

/** Forgets the draft that is about to be kept. */
export const stopKeeping = (): void => clearTimeout(draftTimer);

// one draft, however many tabs show it: what one of them has sent, no other sends again
follow("draft", () => {
  // what is not kept yet was written here
  if (ui.draft !== (keptDraft ?? "")) return;
  recallDraft();
  ui.suggestions = [];
  draw();
});

export function sayText(text: string, quote?: number): void {
  const words = text.trim();
  if (!words) return;
  typing(false);
  if (quote) ui.quote = undefined;
  say({ type: "text", text: words, ...(quote && { quote }) });
}

/** Puts a refused text back into the composer. */
export function edit(id: string, text: string): void {
  drop(id);
  write(ui.draft ? `${text}\n${ui.draft}` : text);
}
