import { useTranslation } from "react-i18next";
import { say } from "../../lib/i18n";
import { usePrefs } from "../../lib/prefs";
import type { Measured } from "../history/model";
import type { SplitBy } from "../history/search";

/** What a part of a number is called, as History calls it. */
export function usePartName(): (line: Measured, split: SplitBy | null) => string {
  const { t } = useTranslation("panel");
  const { language } = usePrefs();
  return ({ part, called }, split) =>
    part === null || part === undefined
      ? t(split === "queue" ? "history.part.never" : "history.part.none")
      : say(called ?? undefined, language) ||
        (split === "topic" ? part : t("history.part.gone", { id: part.slice(-4) }));
}
