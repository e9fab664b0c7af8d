import type { Panel } from "@yingda/api/types";
import { useTranslation } from "react-i18next";
import { download } from "../lib/download";
import { csv, tables, valueBefore, valuesOf } from "./model";
import type { PanelWindow } from "./search";

/** Saves every number of the panel as a file, with what it is compared with. */
export function useSave(panel: Panel, window: PanelWindow, nameOf: (key: string) => string): () => void {
  const { t } = useTranslation("panel");
  return () => {
    const values = valuesOf(panel, window);
    const head = [
      t("csv.table"),
      t("csv.key"),
      t("column.name"),
      t("column.value"),
      ...(window === "today" ? [t("csv.yesterday"), t("csv.last_week")] : []),
      t("csv.window"),
      t("csv.as_of"),
    ];
    const rows = tables.flatMap((table) =>
      table.measures.flatMap((measure) =>
        [measure.key, ...(measure.ratio ? [measure.ratio] : [])].map((key) => [
          t(`table.${table.name}`),
          key,
          nameOf(key),
          values[key],
          ...(window === "today" ? [valueBefore(panel, "yesterday", key), valueBefore(panel, "last_week", key)] : []),
          window === "today" ? panel.window.day : t("window.last_60"),
          new Date(panel.as_of).toISOString(),
        ]),
      ),
    );
    download(
      `yingda-${panel.window.day}-${window}.csv`,
      new Blob([csv([head, ...rows])], { type: "text/csv;charset=utf-8" }),
    );
  };
}
