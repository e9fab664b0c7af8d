import { useQuery } from "@tanstack/react-query";
import { pressed } from "@yingda/api/keys";
import type { CannedReply } from "@yingda/api/types";
import { useMemo, useState, type KeyboardEvent } from "react";
import { i18next } from "../lib/i18n";
import { useFolded } from "../lib/normal";
import { useMe } from "../lib/session";
import { bodyFor, fill, insertReply, isInside, matchReplies, opensList, slashAt } from "./canned";
import { allReplies } from "./queries";
import type { Writing } from "./use-draft";

/** The canned replies that are offered while something that begins with `/` is being typed. */
export function useCanned({ mode, words, caret, write, focus }: Writing, lang: string, customer: string | null) {
  const me = useMe();
  const [closedAt, setClosedAt] = useState<number | null>(null);
  const [chosen, setChosen] = useState(0);
  const query = mode === "reply" || opensList(words) ? slashAt(words, caret) : null;
  const inside = query !== null && isInside(words, query);
  const open = query !== null && closedAt !== query.start;
  const replies = useQuery({ ...allReplies, enabled: open });
  const fold = useFolded();
  const matches = useMemo(
    () => (open && replies.data ? matchReplies(replies.data, query.words, lang, inside, fold).slice(0, 50) : []),
    [open, replies.data, query?.words, inside, lang, fold],
  );
  const at = Math.min(chosen, Math.max(0, matches.length - 1));

  const use = (reply: CannedReply) => {
    if (!query) return;
    const said = bodyFor(reply, lang);
    const body = fill(said.text, {
      "customer.name": customer ?? i18next.getFixedT(said.lang, "shell")("visitor.addressed"),
      "agent.name": me.name,
      "agent.number": me.number,
    });
    const next = insertReply(words, query, body);
    write(next.text, next.caret);
    setChosen(0);
    focus();
  };

  /** Returns whether the key was for the list, so that it does nothing else. */
  const onKey = (event: KeyboardEvent): boolean => {
    if (!open) return false;
    const key = pressed(event);
    if (matches.length > 0 && (key === "ArrowDown" || key === "ArrowUp")) {
      event.preventDefault();
      setChosen((at + (key === "ArrowDown" ? 1 : matches.length - 1)) % matches.length);
      return true;
    }
    if (matches.length > 0 && ((key === "Enter" && !event.shiftKey) || key === "Tab")) {
      event.preventDefault();
      const reply = matches[at];
      if (reply) use(reply);
      return true;
    }
    if (key === "Escape") {
      event.preventDefault();
      event.stopPropagation();
      setClosedAt(query.start);
      return true;
    }
    return false;
  };

  return {
    open,
    loading: replies.isPending,
    failed: replies.isError,
    matches,
    /** The place of the chosen one among the matches. */
    at,
    choose: setChosen,
    use,
    onKey,
    /** Begins at the first one again; a text that was cleared opens the list once more. */
    onTyped: (text: string) => {
      setChosen(0);
      if (text === "") setClosedAt(null);
    },
    reopen: () => setClosedAt(null),
  };
}
