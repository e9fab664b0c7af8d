import { useQuery } from "@tanstack/react-query";
import { pressed } from "@yingda/api/keys";
import type { CannedReply, Macro } from "@yingda/api/types";
import { useMemo, useState, type KeyboardEvent } from "react";
import { i18next } from "../lib/i18n";
import { useFolded } from "../lib/normal";
import { useProblemText } from "../lib/problem";
import { useMe } from "../lib/session";
import { toast } from "../lib/toast";
import { dropped, unanswered } from "../live/asked";
import { useListed, useLive } from "../live/context";
import { macros } from "./macros";
import { useRunMacro } from "./use-run-macro";
import { bodyFor, fill, insertReply, isInside, matchReplies, opensList, questionIn, slashAt } from "./canned";
import { allReplies } from "./queries";
import { useAnswers, type OnSale, type PublishedAnswer } from "./use-answers";
import type { Writing } from "./use-draft";

/** What the list offers: a reply or an answer to insert, a macro to run, or a product whose card is sent. */
export type Offered = CannedReply | Macro | PublishedAnswer | OnSale;
export const isMacro = (one: Offered): one is Macro => "acts" in one;
export const isOnSale = (one: Offered): one is OnSale => "price_fen" in one;
export const isAnswer = (one: Offered): one is PublishedAnswer => "answer" in one;

/** The canned replies, and the macros, that are offered while something that begins with `/` is being typed. */
export function useCanned(
  { mode, words, caret, write, focus }: Writing,
  lang: string,
  customer: string | null,
  conversation: string,
) {
  const me = useMe();
  const live = useLive();
  const text = useProblemText();
  const [closedAt, setClosedAt] = useState<number | null>(null);
  /** The one that was chosen with an arrow or the pointer. */
  const [chosen, setChosen] = useState<number | null>(null);
  const query = mode === "reply" || opensList(words) ? slashAt(words, caret) : null;
  const inside = query !== null && isInside(words, query);
  const open = query !== null && closedAt !== query.start;
  const replies = useQuery({ ...allReplies, enabled: open && questionIn(query) === null });
  const fold = useFolded();
  const { mine } = useListed(conversation);
  const question = open ? questionIn(query) : null;
  // a macro writes to the customer: none is run from a note
  const runs = mine && mode === "reply";
  const { answers, goods, searching, failed } = useAnswers(question, lang, runs);
  const { data: all } = useQuery({ ...macros, enabled: open && runs });
  const run = useRunMacro();
  const matches = useMemo((): Offered[] => {
    if (!open) return [];
    if (question !== null) return [...answers, ...goods];
    const wanted = fold(query.words);
    const named = ({ name }: Macro) => fold(name.zh).includes(wanted) || fold(name.en).includes(wanted);
    const found = runs && !inside ? (all?.items ?? []).filter(named) : [];
    const said = matchReplies(replies.data ?? [], query.words, lang, inside, fold);
    return [...said.slice(0, 50), ...found.slice(0, 20)];
  }, [open, replies.data, all, runs, query?.words, inside, lang, fold, question, answers, goods]);
  const last = matches.length - 1;
  // Within a word the sign may mean itself, as in `and/or`: then nothing is chosen before somebody chooses, and Enter sends.
  const at = chosen === null ? (inside ? -1 : 0) : Math.min(chosen, Math.max(0, last));

  const sendCard = async ({ id }: Pick<OnSale, "id">) => {
    const code = await live.ask(conversation, { type: "product", product: id });
    // what was not answered is sent again, and stands in the log until then
    if (code !== null && code !== unanswered && code !== dropped) toast(text(code), "hot");
  };
  const wordsOf = (reply: CannedReply) => {
    const said = bodyFor(reply, lang);
    return fill(said.text, {
      "customer.name": customer ?? i18next.getFixedT(said.lang, "shell")("visitor.addressed"),
      "agent.name": me.name,
      "agent.number": me.number,
    });
  };
  const use = (reply: Offered) => {
    if (!query) return;
    if (isMacro(reply) || isOnSale(reply)) {
      const rest = insertReply(words, query, "");
      write(rest.text, rest.caret);
      setChosen(null);
      void (isMacro(reply) ? run(conversation, reply) : sendCard(reply));
      return;
    }
    const body = isAnswer(reply) ? reply.answer : wordsOf(reply);
    const next = insertReply(words, query, body);
    write(next.text, next.caret);
    setChosen(null);
    focus();
  };

  /** Returns whether the key was for the list, so that it does nothing else. */
  const onKey = (event: KeyboardEvent): boolean => {
    if (!open) return false;
    const key = pressed(event);
    if (matches.length > 0 && (key === "ArrowDown" || key === "ArrowUp")) {
      event.preventDefault();
      setChosen(key === "ArrowDown" ? (at + 1) % matches.length : at <= 0 ? last : at - 1);
      return true;
    }
    if (matches.length > 0 && ((key === "Enter" && !event.shiftKey && at >= 0) || key === "Tab")) {
      event.preventDefault();
      const reply = matches[Math.max(at, 0)];
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
    /** The question whose published answers are offered; `null` while replies are. */
    question,
    loading: question === null ? replies.isPending : searching,
    failed: question === null ? replies.isError : failed,
    matches,
    /** The place of the chosen one among the matches; -1 while none is. */
    at,
    choose: setChosen,
    use,
    /** Whether something may be sent or done here besides what is being written. */
    runs,
    sendCard,
    wordsOf,
    onKey,
    /** Begins at the first one again; a text that was cleared opens the list once more. */
    onTyped: (text: string) => {
      setChosen(null);
      if (text === "") setClosedAt(null);
    },
    reopen: () => setClosedAt(null),
  };
}
