import { say } from "../saying";
import { clearDraft } from "../writing";
import { h, type Child } from "../dom";
import { set } from "../kept";
import { isClosed } from "../leaving";
import { offered } from "./offered";
import { Button } from "./sheet";
import { t, when } from "../text";
import { draw, ui } from "../ui";

/** The maximum length of contact details that the server accepts. */
const CONTACT = 200;

function writeLeft(part: Partial<typeof ui.left>): void {
  Object.assign(ui.left, part);
  const { text, contact } = ui.left;
  set("left", text || contact ? JSON.stringify(ui.left) : null);
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
/** Begins with the draft or the question, so that nothing has to be written twice. */
function begin(): void {
  ui.leaving = true;
  if (!ui.left.text) writeLeft({ text: (begun = ui.draft || question()) });
}
function closeLeft(): void {
  ui.leaving = false;
  // the next time, something else may have been asked
  if (ui.left.text === begun) writeLeft({ text: "" });
  draw();
}

/** By when it is answered: as it was offered in this wait, or else as the site says. */
function promised(): number | null | undefined {
  const offer = offered();
  return offer ? offer.body?.promised_by : ui.site?.service?.promised_by;
}

/** Sends it like any other message: as one of the unsent, which are kept until they are stored. */
function leaveMessage(): void {
  const text = ui.left.text.trim();
  const contact = ui.left.contact.trim();
  if (!text) return;
  say({ type: "leave_message", text, contact: contact || null });
  const by = promised();
  set("promised", by ? String(by) : null);
  if (ui.draft.trim() === text) clearDraft();
  writeLeft({ text: "", contact: "" });
  closeLeft();
}

/** A message that people answer when they are back. The text is saved from the first letter on, and sent like any other message. */
export function LeaveMessage() {
  if (ui.leaving === "new") begin();
  const { left, site } = ui;
  const opens = isClosed() ? site?.service?.opens_at : null;
  const by = promised();
  return (
    <form
      class="sheet"
      aria-label={t("left.title")}
      onSubmit={(e) => {
        e.preventDefault();
        leaveMessage();
      }}
    >
      <b>{t("left.title")}</b>
      <p class="promise">
        {opens && [t("closed.until", { when: when(opens) }), t("left.and")]}
        {by ? t("left.promise", { when: when(by) }) : t("left.find")}
      </p>
      <label class="field">
        {t("left.what")}
        <textarea
          class="say"
          id="write"
          rows={3}
          dir="auto"
          required
          value={left.text}
          onInput={(e) => {
            writeLeft({ text: e.currentTarget.value });
            draw();
          }}
        />
      </label>
      <label class="field">
        {t("left.contact")}
        <input
          class="say"
          name="contact"
          dir="auto"
          maxLength={CONTACT}
          autocomplete="email"
          value={left.contact}
          onInput={(e) => writeLeft({ contact: e.currentTarget.value })}
        />
      </label>
      <div class="row">
        <Button press={closeLeft}>{t("left.not_now")}</Button>
        <button class="btn p" disabled={!left.text.trim()}>
          {t("left.send")}
        </button>
      </div>
    </form>
  );
}

/** A message that was left, in the log. */
export const Left = ({ text, contact }: { text: Child; contact: string | null }): Child => [
  <small>{t("left.label")}</small>,
  text,
  contact && <small>{t("left.reach", { contact })}</small>,
];
