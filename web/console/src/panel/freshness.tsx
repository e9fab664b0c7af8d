import type { Panel } from "@yingda/api/types";
import { useTranslation } from "react-i18next";
import { serverNow, useNow } from "../lib/clock";
import { decimal, hourMinute } from "../lib/format";
import { usePrefs } from "../lib/prefs";
import { freshness } from "./model";

/** The age of the numbers, measured against the server's clock. */
export function Freshness({ panel }: { panel: Panel }) {
  const { t } = useTranslation("panel");
  const { language } = usePrefs();
  useNow(500);
  const age = Math.max(0, serverNow() - panel.as_of);
  const level = freshness(age);
  return (
    <span className={`fresh fresh-${level}`} title={t("fresh.title")}>
      {level === "stopped"
        ? t("fresh.stopped", { time: hourMinute(panel.as_of, panel.time_zone) })
        : t("fresh.age", { age: decimal(age / 1000, language) })}
    </span>
  );
}
