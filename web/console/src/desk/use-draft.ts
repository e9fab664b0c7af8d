import { useCallback, useEffect, useLayoutEffect, useRef, useState } from "react";
import { useMe } from "../lib/session";
import { insertAt } from "./canned";
import { followDraft, keepDraft, readDraft, type Draft } from "./drafts";

export type Writing = ReturnType<typeof useDraft>;

/** What somebody is writing in a conversation, a reply or a note, and the box in which they write it. */
export function useDraft(conversation: string, notesOnly: boolean) {
  const me = useMe();
  const area = useRef<HTMLTextAreaElement>(null);
  const [draft, setDraft] = useState<Draft>(() => readDraft(me.agent, conversation));
  const [caret, setCaret] = useState(0);
  const [kept, setKept] = useState(true);
  const latest = useRef(draft);
  const wantedCaret = useRef<number | null>(null);
  const mode = notesOnly ? "note" : draft.mode;
  const words = draft[mode];

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
  // One draft, however many tabs show it: what one of them has sent, no other sends again.
  useEffect(
    () =>
      followDraft(me.agent, conversation, (next) => {
        latest.current = { ...next, mode: latest.current.mode };
        setDraft(latest.current);
      }),
    [me.agent, conversation],
  );
  const focus = useCallback(() => area.current?.focus(), []);

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

  return {
    area,
    draft,
    /** The draft as it is by now, also for what began before it was changed. */
    latest,
    mode,
    words,
    notesOnly,
    caret,
    /** Whether this browser stored the draft. */
    kept,
    change,
    setCaret,
    focus,
    /** Replaces the text; the caret goes to `at`, or stays where the box has it. */
    write,
    turnTo: (next: Draft["mode"]) => {
      change({ ...draft, mode: next });
      focus();
    },
    /** Puts text in place of what is selected, or where the caret is; `text` is told where that is. */
    insert: (text: (start: number) => string) => {
      const start = area.current?.selectionStart ?? words.length;
      const next = insertAt(words, start, area.current?.selectionEnd ?? start, text(start));
      write(next.text, next.caret);
      focus();
    },
  };
}
