import { pressed } from "@yingda/api/keys";
import { filesOf } from "@yingda/api/transfer";
import {
  useId,
  useImperativeHandle,
  useLayoutEffect,
  type KeyboardEvent,
  type ReactNode,
  type Ref,
  type RefObject,
} from "react";
import { useTranslation } from "react-i18next";
import { Icon } from "../lib/icon";
import { useKeys } from "../lib/keys";
import { useMe } from "../lib/session";
import { CannedList } from "./canned-list";
import { ComposerNotices } from "./composer-notices";
import { ComposerTools } from "./composer-tools";
import { useTray } from "./tray";
import { TrayView } from "./tray-view";
import { MentionList } from "./mention-list";
import { useCanned } from "./use-canned";
import { useDraft } from "./use-draft";
import { useDrop } from "./use-drop";
import { useMentions } from "./use-mentions";
import { useReceiver } from "./use-receiver";
import { useSending, type Sending } from "./use-sending";
import { useTyping } from "./use-typing";

export interface ComposerHandle {
  focus(): void;
  /** puts a refused message back for editing, before the current draft: its text, and files already uploaded */
  bring(mode: "reply" | "note", text: string, files: readonly string[]): void;
}

export interface ComposerProps extends Sending {
  conversation: string;
  /** The customer's name; null if they gave none. */
  customer: string | null;
  lang: string;
  /** Only notes can be written, because someone else serves this customer. */
  notesOnly?: boolean;
  onTyping(on: boolean): void;
  /** Shown above a reply or a note that is being written: what it quotes. */
  above?: ((mode: "reply" | "note") => ReactNode) | undefined;
  /** The up arrow in an empty field; whether it did something. */
  onUp?: (() => boolean) | undefined;
  handle?: Ref<ComposerHandle> | undefined;
}

/** Esc leaves the field, and only from there the conversation: a list or a suggestion that is closed with it leaves what is being written in sight. */
function leaveField(event: KeyboardEvent<HTMLElement>) {
  event.preventDefault();
  event.stopPropagation();
  event.currentTarget.closest<HTMLElement>("[data-pane]")?.focus();
}

/** What the text field says of the list that it opens. */
const listShown = (id: string, { open, matches, at }: { open: boolean; matches: readonly unknown[]; at: number }) => ({
  "aria-expanded": open,
  "aria-controls": open ? id : undefined,
  "aria-activedescendant": open && at >= 0 && matches.length > 0 ? `${id}-${at}` : undefined,
});

/** Replies and private notes are written on different backgrounds, so that nobody sends a note to a customer by mistake. */
export function Composer({
  conversation,
  customer,
  lang,
  notesOnly = false,
  above,
  onUp,
  handle,
  ...on
}: ComposerProps) {
  const { t } = useTranslation("desk");
  const me = useMe();
  const listId = useId();
  const writing = useDraft(conversation, notesOnly);
  const { draft, mode, words, change, focus } = writing;
  const replyTray = useTray(`${me.agent}.${conversation}.reply`);
  const noteTray = useTray(`${me.agent}.${conversation}.note`);
  const tray = mode === "note" ? noteTray : replyTray;
  const typing = useTyping(mode, on.onTyping);
  const canned = useCanned(writing, lang, customer, conversation);
  useReceiver(writing, lang, canned);
  const mentions = useMentions(writing);
  const { ready, tooLong, send } = useSending(writing, tray, { ...on, called: mentions.called }, () => typing(false));
  const { over, target } = useDrop(tray.add);

  useImperativeHandle(
    handle,
    () => ({
      focus,
      bring: (mode, text, files) => {
        change({ ...draft, mode, [mode]: [text, draft[mode]].filter((one) => one !== "").join("\n") });
        (mode === "note" ? noteTray : replyTray).bring(files);
        focus();
      },
    }),
    [change, focus, draft, noteTray, replyTray],
  );
  useKeys({ "Alt+KeyM": () => (notesOnly ? focus() : writing.turnTo(draft.mode === "note" ? "reply" : "note")) });
  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    if (mentions.onKey(event) || canned.onKey(event)) return;
    if (pressed(event) === "Escape") {
      leaveField(event);
    } else if (pressed(event) === "ArrowUp" && words === "" && !event.altKey && onUp?.()) {
      event.preventDefault();
    } else if (pressed(event) === "Enter" && !event.shiftKey && !event.altKey && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      void send();
    }
  };
  const openSlash = () => {
    canned.reopen();
    writing.insert((start) => (start > 0 && !/\s/.test(words[start - 1] ?? "") ? " /" : "/"));
  };

  return (
    <div className={`composer composer-${mode}${over ? " composer-over" : ""}`} {...target}>
      {canned.open && (
        <CannedList
          id={listId}
          question={canned.question}
          loading={canned.loading}
          failed={canned.failed}
          matches={canned.matches}
          chosen={canned.at}
          lang={lang}
          onChoose={canned.choose}
          onUse={canned.use}
        />
      )}
      {mentions.open && <MentionList id={listId} of={mentions} />}
      {mode === "note" && (
        <div className="composer-private">
          <Icon name="lock" />
          {t("note.private")}
        </div>
      )}
      {above?.(mode)}
      <TrayView tray={tray} />
      <textarea
        ref={writing.area}
        rows={1}
        dir="auto"
        className="composer-words"
        value={words}
        readOnly={tray.uploading}
        placeholder={mode === "note" ? t("composer.note_placeholder") : t("composer.placeholder")}
        aria-label={mode === "note" ? t("composer.note_label") : t("composer.label")}
        role="combobox"
        aria-autocomplete="list"
        {...listShown(listId, mentions.open ? mentions : canned)}
        onChange={({ target: { value, selectionStart } }) => {
          writing.write(value);
          writing.setCaret(selectionStart);
          canned.onTyped(value);
          mentions.onTyped(value);
          typing(value.trim() !== "");
        }}
        onSelect={(event) => writing.setCaret(event.currentTarget.selectionStart)}
        onKeyDown={onKeyDown}
        onPaste={(event) => {
          const files = filesOf(event.clipboardData);
          if (files.length === 0) return;
          event.preventDefault();
          tray.add(files);
        }}
        onBlur={() => typing(false)}
      />
      <ComposerNotices tooLong={tooLong} unkept={!writing.kept && words !== ""} />
      <ComposerTools
        writing={writing}
        ready={ready}
        onFiles={tray.add}
        onCanned={openSlash}
        onSend={() => void send()}
      />
    </div>
  );
}

/** A new composer for each conversation, because a draft belongs to its conversation. */
export function ConversationComposer(props: ComposerProps & { handle: RefObject<ComposerHandle | null> }) {
  const { conversation, handle } = props;
  useLayoutEffect(() => {
    if (matchMedia("(pointer: fine)").matches) handle.current?.focus();
  }, [conversation, handle]);
  return <Composer key={conversation} {...props} />;
}
