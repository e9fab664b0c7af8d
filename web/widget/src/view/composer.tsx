import { isForInputMethod, pressed } from "@yingda/api/keys";
import { filesOf } from "@yingda/api/transfer";
import { plus, send as sendIcon, smile } from "@yingda/tokens/icons.ts";
import { h } from "../dom";
import { say } from "../saying";
import { addFiles } from "../uploads";
import { clearDraft, sayText, write } from "../writing";
import { pick, t } from "../text";
import { draw, ui } from "../ui";
import { elder, people, suggest } from "./lazy";
import { Sep, Tool } from "./parts";

let box: HTMLTextAreaElement | null = null;
let picker: HTMLInputElement | null = null;

/** Grows with the text, up to five lines. */
function grow(): void {
  if (!box) return;
  box.style.height = "auto";
  box.style.height = `${box.scrollHeight}px`;
}

function submit(): void {
  const pickOne = ui.suggestions[ui.chosen];
  if (pickOne) say({ type: "choice", text: pickOne.text, answer: pickOne.id });
  else sayText(ui.draft, ui.quote);
  clearDraft();
  box?.focus();
}

function key(e: KeyboardEvent): void {
  const name = pressed(e);
  const n = ui.suggestions.length;
  if (name === "Enter" && !e.shiftKey) {
    e.preventDefault();
    submit();
  } else if (n && (name === "ArrowDown" || name === "ArrowUp")) {
    e.preventDefault();
    ui.chosen = ((ui.chosen + 1 + (name === "ArrowDown" ? 1 : n)) % (n + 1)) - 1;
    draw();
  } else if (n && name === "Escape") {
    e.stopPropagation();
    ui.suggestions = [];
    draw();
  }
}

function insert(text: string): void {
  const at = box?.selectionStart ?? ui.draft.length;
  write(ui.draft.slice(0, at) + text + ui.draft.slice(box?.selectionEnd ?? at));
  queueMicrotask(() => {
    box?.focus();
    box?.setSelectionRange(at + text.length, at + text.length);
  });
}

function paste(e: ClipboardEvent): void {
  const files = filesOf(e.clipboardData);
  if (!files.length) return;
  e.preventDefault();
  addFiles(files);
}

const hint = (): string => {
  const { c } = ui;
  if (ui.elder && elder()) return t("elder.write");
  if (ui.status?.state === "down") return t("write.down");
  if (c.state === "queued" || c.state === "offered") return t("write.queue");
  if (c.state === "resolved") return t("write.ended");
  return c.state !== "bot" && c.agent ? t("write.agent", { name: c.agent.name }) : t("chat.write");
};

export function Composer() {
  const list = ui.elder ? [] : ui.suggestions;
  const gone = ui.trouble === "site_unknown";
  return [
    list.length > 0 && suggest()?.Suggestions({ list, choose: submit }),
    ui.emoji && suggest()?.Emoji({ insert }),
    <span class="sr" role="status">
      {list.length > 0 && t("suggest.count", { n: list.length })}
    </span>,
    <div class="comp" onPaste={paste}>
      {ui.quote && people()?.Strip()}
      <div class="box">
        {!ui.elder && <Tool d={plus} label={t("chat.attach")} disabled={gone} press={() => picker?.click()} />}
        <input
          type="file"
          multiple
          hidden
          ref={(e) => void (picker = e)}
          onChange={(e) => {
            addFiles([...(e.currentTarget.files ?? [])]);
            e.currentTarget.value = "";
          }}
        />
        <textarea
          id="write"
          rows={1}
          dir="auto"
          disabled={gone}
          ref={(e) => {
            box = e;
            grow();
          }}
          value={ui.draft}
          placeholder={hint()}
          aria-label={hint()}
          aria-autocomplete="list"
          aria-controls={list.length ? "sugg" : undefined}
          aria-activedescendant={ui.chosen < 0 ? undefined : `s${ui.chosen}`}
          enterkeyhint="send"
          onKeyDown={key}
          onCompositionEnd={(e) => write(e.currentTarget.value)}
          onInput={(e) => write(e.currentTarget.value, isForInputMethod(e))}
        />
        {!ui.elder && (
          <Tool
            d={smile}
            class="smile"
            label={t("chat.emoji")}
            on={ui.emoji}
            disabled={gone}
            press={() => {
              ui.emoji = !ui.emoji;
              draw();
            }}
          />
        )}
        {ui.elder ? (
          <button class="btn p say-it" disabled={!ui.draft.trim()} onClick={submit}>
            {t("chat.send")}
          </button>
        ) : (
          <Tool d={sendIcon} label={t("chat.send")} class="go" disabled={!ui.draft.trim()} press={submit} />
        )}
      </div>
      <div class="ft">
        {/* agents are not AI */}
        {ui.c.state === "bot" && (
          <span>
            {t(ui.elder && elder() ? "elder.note" : "ai.note")}
            <Sep />
          </span>
        )}
        {ui.site && (
          <details>
            <summary>{t("chat.privacy")}</summary>
            <p dir="auto">{pick(ui.site.privacy_note)}</p>
          </details>
        )}
      </div>
    </div>,
  ];
}
