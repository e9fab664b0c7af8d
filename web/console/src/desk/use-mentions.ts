import { useQuery } from "@tanstack/react-query";
import { pressed } from "@yingda/api/keys";
import { useRef, useState, type KeyboardEvent } from "react";
import { colleagues } from "../lib/directory";
import { useFolded } from "../lib/normal";
import { useMe } from "../lib/session";
import { insertReply } from "./canned";
import { calledIn, matchColleagues, mentionAt } from "./mentions";
import type { Writing } from "./use-draft";

/** The colleagues that are offered while something that begins with `@` is being typed into a note. */
export function useMentions({ mode, words, caret, write, focus }: Writing) {
  const me = useMe();
  const [closedAt, setClosedAt] = useState<number | null>(null);
  const [choice, setChoice] = useState(0);
  const chosen = useRef(new Set<string>());
  const query = mode === "note" ? mentionAt(words, caret) : null;
  const everyone = useQuery({ ...colleagues, enabled: mode === "note" && /[@＠]/.test(words) });
  const fold = useFolded();
  const matches = query ? matchColleagues(everyone.data?.agents ?? [], query.words, me.agent, fold) : [];
  const open = query !== null && closedAt !== query.start && matches.length > 0;
  const at = Math.min(choice, Math.max(0, matches.length - 1));
  const use = (index: number) => {
    const one = matches[index];
    if (!query || !one) return;
    chosen.current.add(one.id);
    const next = insertReply(words, query, `@${one.name} `);
    write(next.text, next.caret);
    setChoice(0);
    focus();
  };
  /** Returns whether the key was for the list, so that it does nothing else. */
  const onKey = (event: KeyboardEvent): boolean => {
    if (!open) return false;
    const key = pressed(event);
    if (key === "ArrowDown" || key === "ArrowUp")
      setChoice((at + (key === "ArrowDown" ? 1 : matches.length - 1)) % matches.length);
    else if ((key === "Enter" && !event.shiftKey) || key === "Tab") use(at);
    else if (key === "Escape") {
      event.stopPropagation();
      setClosedAt(query.start);
    } else return false;
    event.preventDefault();
    return true;
  };
  return {
    open,
    matches,
    at,
    choose: setChoice,
    use,
    onKey,
    /** Begins at the first one again; a text that was cleared opens the list once more. */
    onTyped: (text: string) => {
      setChoice(0);
      if (text === "") setClosedAt(null);
    },
    called: (text: string) => calledIn(text, everyone.data?.agents ?? [], chosen.current),
  };
}
