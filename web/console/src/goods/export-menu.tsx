import { useTranslation } from "react-i18next";
import { usePrefs } from "../lib/prefs";
import { SaveMenu } from "../lib/save-menu";
import { exportUrl } from "./queries";
import type { GoodsSearch } from "./search";

/** Saves the goods that the filters leave as a file. */
export function ExportMenu({ filter, total }: { filter: Omit<GoodsSearch, "open">; total: number }) {
  const { t } = useTranslation("goods");
  const { language } = usePrefs();
  const files = (["csv", "xlsx"] as const).map(
    (format) => [t(`export.${format}`), exportUrl(format, language, filter)] as const,
  );
  return <SaveMenu word={t("export")} about={t("export.what", { count: total })} files={files} />;
}
