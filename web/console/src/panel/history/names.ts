import { useTranslation } from "react-i18next";
import { say } from "../../lib/i18n";
import { usePrefs } from "../../lib/prefs";
import type { Measured } from "./model";
import type { SplitBy } from "./search";

/** What a part of a number is called; of what has no part of a dimension, it says so in the words of that dimension. */
export function usePartName(): (line: Measured, split: SplitBy) => string {
  const { t } = useTranslation("panel");
  const { language } = usePrefs();
  return ({ part, called }, split) =>
    part === null || part === undefined
      ? t(`history.without.${split}`)
      : say(called ?? undefined, language) ||
        (split === "topic" ? part : t("history.part.gone", { id: part.slice(-4) }));
}
