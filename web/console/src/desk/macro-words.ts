import type { Macro, MacroAct } from "@yingda/api/types";
import { useTranslation } from "react-i18next";
import { shortened } from "./shortened";
import { say } from "../lib/i18n";
import { usePrefs } from "../lib/prefs";

/** Above this many minutes, a time is said in hours; above as many hours, in days. */
const HOUR = 60;
const DAY = 24 * HOUR;

/** What an act of a macro does, and what all of them do, in a few words. */
export function useMacroWords() {
  const { t } = useTranslation("desk");
  const { language } = usePrefs();
  const lasting = (minutes: number) =>
    minutes % DAY === 0
      ? t("macro.days", { count: minutes / DAY })
      : minutes % HOUR === 0
        ? t("macro.hours", { count: minutes / HOUR })
        : t("macro.minutes", { count: minutes });
  const act = (one: MacroAct): string => {
    switch (one.type) {
      case "label":
        return t("macro.act.label", { name: say(one.name, language) });
      case "reply":
        return t("macro.act.reply", { text: shortened(say(one.text, language)) });
      case "note":
        return t("macro.act.note", { text: shortened(one.text) });
      case "snooze":
        return t("macro.act.snooze", { lasting: lasting(one.minutes) });
      case "transfer":
        return t("macro.act.transfer", { name: say(one.name, language) });
      case "resolve":
        return t("macro.act.resolve");
    }
  };
  return { act, preview: ({ acts }: Pick<Macro, "acts">) => acts.map(act).join(" → ") };
}
