import { call } from "@yingda/api/client";
import type { Conversation, Macro } from "@yingda/api/types";
import { useTranslation } from "react-i18next";
import { serverNow } from "../lib/clock";
import { i18next, say } from "../lib/i18n";
import { givenName } from "../lib/people";
import { usePrefs } from "../lib/prefs";
import { useProblemText } from "../lib/problem";
import { useMe } from "../lib/session";
import { toast } from "../lib/toast";
import { dropped, unanswered } from "../live/asked";
import { useLive } from "../live/context";
import { sendOf, undoing, without, type Done } from "./macro-sends";
import { useMacroWords } from "./macro-words";

/** Has a macro done in one of the agent's own conversations: act by act as by hand, until one is refused; nothing if something that it needs is gone. */
export function useRunMacro(): (conversation: string, macro: Pick<Macro, "id" | "name">) => Promise<void> {
  const { t } = useTranslation("desk");
  const { language } = usePrefs();
  const me = useMe();
  const live = useLive();
  const text = useProblemText();
  const words = useMacroWords();
  return async (conversation, { id, name: shown }) => {
    const name = say(shown, language);
    const row = live.lists.get()?.mine.get(conversation);
    if (!row || row.agent?.id !== me.agent) return toast(t("macro.not_yours"), "hot");
    if (row.danger) return toast(t("alert.first"), "hot");
    if (live.status.get().state !== "live") return toast(t("macro.offline"), "hot");
    let macro: Macro | undefined;
    try {
      macro = (await call("GET", "/macros")).items.find((one) => one.id === id);
    } catch (error) {
      return toast(text(error), "hot");
    }
    if (!macro) return toast(t("macro.deleted", { name }), "hot");
    if (macro.gone) return toast(t("macro.gone", { name, gone: say(macro.gone, language) }), "hot");
    const valuesIn = (lang: "zh-CN" | "en") => ({
      "customer.name": givenName(row.customer) ?? i18next.getFixedT(lang, "shell")("visitor.addressed"),
      "agent.name": me.name,
      "agent.number": me.number,
    });
    const why = (code: string) =>
      code === unanswered ? t("macro.unanswered") : code === dropped ? t("macro.dropped") : text(code);
    const done: Done[] = [];
    const added: Conversation["labels"] = [];
    let known = row.labels;
    /** The labels as they are now, also those that others gave meanwhile; what was just added may not have come back yet. */
    const labelsNow = () => {
      known = live.lists.get()?.mine.get(conversation)?.labels ?? known;
      return [...known, ...added.filter((one) => !known.some(({ id }) => id === one.id))];
    };
    for (const act of macro.acts) {
      const body = sendOf(act, { labels: labelsNow(), lang: row.lang }, valuesIn, serverNow());
      if (body === null) continue;
      const code = await live.ask(conversation, body);
      if (code !== null) return toast(t("macro.stopped", { name, act: words.act(act), why: why(code) }), "hot");
      if (act.type === "label") {
        added.push({ id: act.label, name: act.name ?? { zh: "", en: "" }, colour: "plain" });
        done.push({ body, label: act.label });
      } else done.push({ body });
    }
    const { sends, off } = undoing(done);
    const undo = async () => {
      for (const body of sends) {
        const code = await live.ask(conversation, body);
        if (code !== null) return toast(why(code), "hot");
      }
      const body = without(off, labelsNow());
      const code = body && (await live.ask(conversation, body));
      if (code !== null) toast(why(code), "hot");
    };
    const isUndone = sends.length + off.length > 0;
    toast(
      t("macro.done", { name }),
      "plain",
      isUndone ? { word: t("undo"), run: () => void undo(), undoes: true } : null,
    );
  };
}
