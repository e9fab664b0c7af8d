import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { say } from "../lib/i18n";
import { useProblemText } from "../lib/problem";
import { receiver, type Usable } from "../lib/receiver";
import { toast } from "../lib/toast";
import type { useCanned } from "./use-canned";
import type { Writing } from "./use-draft";

/** Lets what a search finds be put into what is being written here. */
export function useReceiver(writing: Writing, lang: string, canned: ReturnType<typeof useCanned>) {
  const { t } = useTranslation("desk");
  const text = useProblemText();
  /** As it is by now: an answer is read first, and one writes on meanwhile. */
  const now = useRef(writing);
  useEffect(() => {
    now.current = writing;
    /** Puts words where the caret is, apart from the word before it. */
    const insert = (words: string) => {
      const { insert, words: written } = now.current;
      insert((start) => (start > 0 && !/\s/.test(written[start - 1] ?? "") ? ` ${words}` : words));
    };
    const answer = async (read: () => ReturnType<Extract<Usable, { kind: "answer" }>["read"]>) => {
      try {
        const found = await read();
        if (found) insert(say(found, /^en/i.test(lang) ? "en" : "zh-CN"));
        else toast(t("use.gone"), "hot");
      } catch (error) {
        toast(text(error), "hot");
      }
    };
    const own = {
      // A note is not for the customer, and neither is a card in it.
      takes: (what: Usable) => what.kind !== "product" || canned.runs,
      put: async (what: Usable) => {
        if (what.kind === "reply") insert(canned.wordsOf(what.reply));
        else if (what.kind === "answer") await answer(what.read);
        else await canned.sendCard({ id: what.id });
        writing.focus();
      },
    };
    receiver.set(own);
    return () => receiver.set((current) => (current === own ? null : current));
  });
}
