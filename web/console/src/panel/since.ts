import type { Panel } from "@yingda/api/types";
import { useTranslation } from "react-i18next";
import { dayOf } from "../lib/format";

/** Since when the company has numbers, in words: why there is nothing to compare with before. */
export function useSince(panel: Panel): string {
  const { t } = useTranslation("panel");
  const day = dayOf(panel.data_from, panel.time_zone);
  return day === panel.window.day ? t("since_today") : t("history.since", { day });
}
