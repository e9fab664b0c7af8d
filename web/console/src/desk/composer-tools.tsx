import { Button } from "@yingda/antd";
import { useRef } from "react";
import { useTranslation } from "react-i18next";
import { Icon } from "../lib/icon";
import { Kbd } from "../lib/kbd";
import { Tip } from "../lib/tip";
import { EmojiPicker } from "./emoji";
import type { Writing } from "./use-draft";

interface Props {
  writing: Writing;
  ready: boolean;
  onFiles(files: Iterable<File>): void;
  onCanned(): void;
  onSend(): void;
}

/** The row below the text: whether it is a reply or a note, what can be added to it, and the button that sends it. */
export function ComposerTools({ writing, ready, onFiles, onCanned, onSend }: Props) {
  const { t } = useTranslation("desk");
  const picker = useRef<HTMLInputElement>(null);
  const { mode } = writing;
  const choose = (accept: string) => {
    if (!picker.current) return;
    picker.current.accept = accept;
    picker.current.click();
  };
  return (
    <div className="composer-tools">
      {!writing.notesOnly && <Ground writing={writing} />}
      <EmojiPicker onPick={(emoji) => writing.insert(() => emoji)} />
      <Tip name={t("composer.picture")}>
        <button
          type="button"
          className="ib s"
          aria-label={t("composer.picture")}
          onClick={() => choose("image/png,image/jpeg,image/gif,image/webp")}
        >
          <Icon name="picture" />
        </button>
      </Tip>
      <Tip name={t("composer.file")}>
        <button type="button" className="ib s" aria-label={t("composer.file")} onClick={() => choose("")}>
          <Icon name="clip" />
        </button>
      </Tip>
      {mode === "reply" && (
        <Tip name={t("composer.canned")} keys="/">
          <button type="button" className="ib s" aria-label={t("composer.canned")} onClick={onCanned}>
            <Icon name="bolt" />
          </button>
        </Tip>
      )}
      <input
        ref={picker}
        type="file"
        multiple
        hidden
        onChange={(event) => {
          onFiles(event.target.files ?? []);
          event.target.value = "";
          writing.focus();
        }}
      />
      <span className="grow" />
      {mode === "reply" && (
        <span className="s1 t3 composer-hint">
          <Kbd keys="/" /> {t("composer.canned")}
        </span>
      )}
      <Button type="primary" className="composer-send" disabled={!ready} onClick={onSend}>
        <Icon name={mode === "note" ? "lock" : "send"} />
        <span className="composer-send-word">{mode === "note" ? t("composer.keep_note") : t("composer.send")}</span>
      </Button>
    </div>
  );
}

function Ground({ writing: { mode, turnTo } }: { writing: Writing }) {
  const { t } = useTranslation("desk");
  return (
    <div className="seg" role="group" aria-label={t("composer.ground")}>
      <button type="button" aria-pressed={mode === "reply"} onClick={() => turnTo("reply")}>
        {t("composer.reply")}
      </button>
      <button type="button" aria-pressed={mode === "note"} onClick={() => turnTo("note")}>
        <Icon name="lock" />
        {t("composer.note")}
      </button>
    </div>
  );
}
