import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { say } from "../lib/i18n";
import { tourOf } from "../lib/learning";
import { exercises } from "../lib/practice";
import { usePrefs } from "../lib/prefs";
import { may, useMe } from "../lib/session";

/** The name of a lesson: of a tour or an exercise in words; of an exercise that is not known here by its key. */
export function useLessonName(): (lesson: string) => string {
  const { t } = useTranslation("training");
  const { t: tours } = useTranslation("tour");
  const { language } = usePrefs();
  const known = useQuery({ ...exercises, enabled: may(useMe(), "desk") }).data?.items ?? [];
  return (lesson) => {
    const tour = tourOf(lesson);
    if (tour) return tours(`name.${tour}`);
    const key = lesson.replace(/^practice:/, "");
    const found = known.find((one) => one.key === key);
    return t("practice", { name: found ? say(found.name, language) : key });
  };
}
