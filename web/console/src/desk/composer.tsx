import { Button } from "@yingda/antd";
import { useQuery } from "@tanstack/react-query";
import type { CannedReply } from "@yingda/api/types";
import {
  useCallback,
  useId,
  useImperativeHandle,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
  type ClipboardEvent,
  type DragEvent,
  type KeyboardEvent,
  type Ref,
  type RefObject,
} from "react";
import { useTranslation } from "react-i18next";
import { Icon } from "../lib/icon";
import { Kbd } from "../lib/kbd";
import { useKeys } from "../lib/keys";
import { useMe } from "../lib/session";
import { Tip } from "../lib/tip";
import { bodyFor, fill, insertAt, insertReply, matchReplies, slashAt } from "./canned";
import { CannedList } from "./canned-list";
import { keepDraft, readDraft, type Draft } from "./drafts";
import { EmojiPicker } from "./emoji";
import { allReplies } from "./queries";
import { useTray } from "./tray";
import { TrayView } from "./tray-view";

export interface ComposerHandle {
  focus(): void;
  /** puts a refused message back for editing, before the current draft: its text, and files already uploaded */
  bring(mode: "reply" | "note", text: string, files: readonly string[]): void;
}

export interface ComposerProps {
  conversation: string;
  customer: string;
  lang: string;
  /** Only notes can be written, because someone else serves this customer. */
  notesOnly?: boolean;
  onReply(text: string): void;
  /** `files` are already uploaded; with files, the text may be empty */
  onNote(text: string, files: readonly string[]): void;
  onTyping(on: boolean): void;
  onFiles(files: File[]): void;
  handle?: Ref<ComposerHandle>;
}

const longest = 32 * 1024;
const sizeOf = (text: string) => new TextEncoder().encode(text).length;

/** Replies and private notes are written on different backgrounds, so that nobody sends a note to a customer by mistake. */
export function Composer({
  conversation,
  customer,
  lang,
  notesOnly = false,
  onReply,
  onNote,
  onTyping,
  onFiles,
  handle,
}: ComposerProps) {
  const { t } = useTranslation("desk");
  const me = useMe();
  const area = useRef<HTMLTextAreaElement>(null);
  const picker = useRef<HTMLInputElement>(null);
  const [draft, setDraft] = useState<Draft>(() => readDraft(me.agent, conversation));
  const [caret, setCaret] = useState(0);
  const [closedAt, setClosedAt] = useState<number | null>(null);
  const [chosen, setChosen] = useState(0);
  const [over, setOver] = useState(false);
  const wantedCaret = useRef<number | null>(null);
  const lastTyping = useRef(0);
  const listId = useId();

  const mode = notesOnly ? "note" : draft.mode;
  const words = draft[mode];
  const tooLong = sizeOf(words) > longest;
  const replyTray = useTray(`${me.agent}.${conversation}.reply`);
  const noteTray = useTray(`${me.agent}.${conversation}.note`);
  const tray = mode === "note" ? noteTray : replyTray;
  const ready = (words.trim() !== "" || tray.list.length > 0) && !tooLong && !tray.blocked && !tray.uploading;

  const [kept, setKept] = useState(true);
  const latest = useRef(draft);
  const change = useCallback(
    (next: Draft) => {
      latest.current = next;
      setDraft(next);
      setKept(keepDraft(me.agent, conversation, next));
    },
    [me.agent, conversation],
  );
  const write = (text: string, at?: number) => {
    change({ ...draft, [mode]: text });
    if (at !== undefined) {
      wantedCaret.current = at;
      setCaret(at);
    }
  };

  useLayoutEffect(() => {
    const box = area.current;
    if (!box) return;
    box.style.blockSize = "auto";
    box.style.blockSize = `${box.scrollHeight}px`;
    if (wantedCaret.current !== null) {
      box.setSelectionRange(wantedCaret.current, wantedCaret.current);
      wantedCaret.current = null;
    }
  }, [words]);

  useImperativeHandle(
    handle,
    () => ({
      focus: () => area.current?.focus(),
      bring: (mode, text, files) => {
        change({ ...draft, mode, [mode]: [text, draft[mode]].filter((one) => one !== "").join("\n") });
        (mode === "note" ? noteTray : replyTray).bring(files);
        area.current?.focus();
      },
    }),
    [change, draft, noteTray, replyTray],
  );
  useKeys({
    "Alt+KeyM": () => {
      if (!notesOnly) change({ ...draft, mode: draft.mode === "note" ? "reply" : "note" });
      area.current?.focus();
    },
  });

  const typing = (on: boolean) => {
    if (mode === "note") return;
    const now = Date.now();
    if (on && now - lastTyping.current < 3000) return;
    if (!on && lastTyping.current === 0) return;
    lastTyping.current = on ? now : 0;
    onTyping(on);
  };

  const query = mode === "reply" || words.startsWith("/") ? slashAt(words, caret) : null;
  const open = query !== null && closedAt !== query.start;
  const replies = useQuery({ ...allReplies, enabled: open });
  const matches = useMemo(
    () => (open && replies.data ? matchReplies(replies.data, query.words, lang).slice(0, 50) : []),
    [open, replies.data, query?.words, lang],
  );
  const at = Math.min(chosen, Math.max(0, matches.length - 1));

  const use = (reply: CannedReply) => {
    if (!query) return;
    const body = fill(bodyFor(reply, lang).text, {
      "customer.name": customer,
      "agent.name": me.name,
      "agent.number": me.number,
    });
    const next = insertReply(words, query, body);
    write(next.text, next.caret);
    setChosen(0);
    area.current?.focus();
  };

  const sent = () => {
    tray.clear();
    typing(false);
    // While the files were uploading, the other half of the draft may have changed.
    const now = latest.current;
    change({ ...now, [mode]: "", mode: notesOnly || now.mode !== mode ? now.mode : "reply" });
    setCaret(0);
    area.current?.focus();
  };
  const send = async () => {
    if (!ready) return;
    const text = words.trim();
    if (mode === "reply") {
      if (text !== "") onReply(text);
      if (tray.list.length > 0) onFiles(tray.list.flatMap((one) => one.file ?? []));
      sent();
      return;
    }
    // A note is sent whole or not at all: its text stays here until its files are on the server.
    if (tray.list.length > 0) {
      const files = await tray.upload();
      if (files === null) return;
      onNote(text, files);
    } else onNote(text, []);
    sent();
  };

  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    if (event.nativeEvent.isComposing || event.keyCode === 229) return;
    if (open && matches.length > 0) {
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        event.preventDefault();
        setChosen((at + (event.key === "ArrowDown" ? 1 : matches.length - 1)) % matches.length);
        return;
      }
      if ((event.key === "Enter" && !event.shiftKey) || event.key === "Tab") {
        event.preventDefault();
        const reply = matches[at];
        if (reply) use(reply);
        return;
      }
    }
    if (event.key === "Escape" && open) {
      event.preventDefault();
      event.stopPropagation();
      setClosedAt(query.start);
      return;
    }
    if (event.key === "Enter" && !event.shiftKey && !event.altKey && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      void send();
    }
  };

  const onPaste = (event: ClipboardEvent) => {
    const files = [...event.clipboardData.files];
    if (files.length === 0) return;
    event.preventDefault();
    tray.add(files);
  };
  const onDrop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    tray.add(event.dataTransfer.files);
  };
  const openSlash = () => {
    const box = area.current;
    const start = box?.selectionStart ?? words.length;
    const gap = start > 0 && !/\s/.test(words[start - 1] ?? "") ? " /" : "/";
    const next = insertAt(words, start, box?.selectionEnd ?? start, gap);
    setClosedAt(null);
    write(next.text, next.caret);
    box?.focus();
  };
  const choose = (accept: string) => {
    if (!picker.current) return;
    picker.current.accept = accept;
    picker.current.click();
  };

  return (
    <div
      className={`composer composer-${mode}${over ? " composer-over" : ""}`}
      onDragOver={(event) => {
        if (event.dataTransfer.types.includes("Files")) {
          event.preventDefault();
          setOver(true);
        }
      }}
      onDragLeave={() => setOver(false)}
      onDrop={onDrop}
    >
      {open && (
        <CannedList
          id={listId}
          loading={replies.isPending}
          failed={replies.isError}
          matches={matches}
          chosen={at}
          lang={lang}
          onChoose={setChosen}
          onUse={use}
        />
      )}
      {mode === "note" && (
        <div className="composer-private">
          <Icon name="lock" />
          {t("note.private")}
        </div>
      )}
      <TrayView tray={tray} />
      <textarea
        ref={area}
        rows={1}
        className="composer-words"
        value={words}
        readOnly={tray.uploading}
        placeholder={mode === "note" ? t("composer.note_placeholder") : t("composer.placeholder")}
        aria-label={mode === "note" ? t("composer.note_label") : t("composer.label")}
        role="combobox"
        aria-autocomplete="list"
        aria-expanded={open}
        aria-controls={open ? listId : undefined}
        aria-activedescendant={open && matches.length > 0 ? `${listId}-${at}` : undefined}
        onChange={(event) => {
          write(event.target.value);
          setCaret(event.target.selectionStart);
          setChosen(0);
          if (event.target.value === "") setClosedAt(null);
          typing(event.target.value.trim() !== "");
        }}
        onSelect={(event) => setCaret(event.currentTarget.selectionStart)}
        onKeyDown={onKeyDown}
        onPaste={onPaste}
        onBlur={() => typing(false)}
      />
      {tooLong && (
        <p className="field-error composer-long" role="alert">
          {t("composer.too_long")}
        </p>
      )}
      {!kept && words !== "" && (
        <p className="s2 warn composer-long" role="status">
          {t("composer.not_kept")}
        </p>
      )}
      <div className="composer-tools">
        {!notesOnly && (
          <div className="seg" role="group" aria-label={t("composer.ground")}>
            <button
              type="button"
              aria-pressed={mode === "reply"}
              onClick={() => {
                change({ ...draft, mode: "reply" });
                area.current?.focus();
              }}
            >
              {t("composer.reply")}
            </button>
            <button
              type="button"
              aria-pressed={mode === "note"}
              onClick={() => {
                change({ ...draft, mode: "note" });
                area.current?.focus();
              }}
            >
              <Icon name="lock" />
              {t("composer.note")}
            </button>
          </div>
        )}
        <EmojiPicker
          onPick={(emoji) => {
            const box = area.current;
            const next = insertAt(words, box?.selectionStart ?? words.length, box?.selectionEnd ?? words.length, emoji);
            write(next.text, next.caret);
            box?.focus();
          }}
        />
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
            <button type="button" className="ib s" aria-label={t("composer.canned")} onClick={openSlash}>
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
            tray.add(event.target.files ?? []);
            event.target.value = "";
            area.current?.focus();
          }}
        />
        <span className="grow" />
        {mode === "reply" && (
          <span className="s1 t3 composer-hint">
            <Kbd keys="/" /> {t("composer.canned")}
          </span>
        )}
        <Button type="primary" className="composer-send" disabled={!ready} onClick={() => void send()}>
          <Icon name={mode === "note" ? "lock" : "send"} />
          <span className="composer-send-word">{mode === "note" ? t("composer.keep_note") : t("composer.send")}</span>
        </Button>
      </div>
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
