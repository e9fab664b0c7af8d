import { say } from "../saying";
import { clearDraft } from "../writing";
import { h } from "../dom";
import { set } from "../kept";
import { closeLeft, isClosed, writeLeft } from "../leaving";
import { Button } from "./sheet";
import { t, when } from "../text";
import { draw, ui } from "../ui";

/** The maximum length of contact details that the server accepts. */
const CONTACT = 200;

/** Sends it like any other message: as one of the unsent, which are kept until they are stored. */
function leaveMessage(): void {
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

/** A message that people answer when they are back. The text is saved from the first letter on, and sent like any other message. */
export function LeaveMessage() {
  const { left, site } = ui;
  const opens = isClosed() ? site?.service?.opens_at : null;
  const by = site?.service?.promised_by;
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
