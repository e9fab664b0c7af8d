import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { say } from "../lib/i18n";
import { usePrefs } from "../lib/prefs";
import { may, useMe } from "../lib/session";
import { useListed } from "../live/context";
import type { Act } from "./acts";
import { macros } from "../desk/macros";
import { useRunMacro } from "../desk/use-run-macro";
import { useMacroWords } from "../desk/macro-words";

/** The macros as actions of the palette, while a conversation of one's own is open. */
export function useMacroActs(): Act[] {
  const { t } = useTranslation("desk");
  const { language } = usePrefs();
  const me = useMe();
  const { conversation = "" } = useParams({ strict: false });
  const { mine } = useListed(conversation);
  const { data } = useQuery({ ...macros, enabled: mine && may(me, "desk") });
  const run = useRunMacro();
  const { preview } = useMacroWords();
  if (!mine) return [];
  return (data?.items ?? []).map((one) => ({
    id: `macro_${one.id}`,
    icon: "bolt",
    title: say(one.name, language),
    note: preview(one),
    also: `${t("macro.word")} macro ${one.name.zh} ${one.name.en}`,
    run: () => void run(conversation, one),
  }));
}
