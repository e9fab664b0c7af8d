import type { Indicator, Panel } from "@yingda/api/types";
import { useTranslation } from "react-i18next";
import { count, percent } from "../lib/format";
import { say } from "../lib/i18n";
import { usePrefs } from "../lib/prefs";
import { Table } from "../lib/table";
import type { Column } from "../lib/table-model";
import { Door } from "./door";
import { IndicatorName } from "./indicator-name";
import { misses, signs, type Axis, type valuesOf } from "./model";

/** The signs of the radar as a table: what each is a part of, and its target. */
export function SignTable({
  title,
  axes,
  panel,
  values,
  names,
}: {
  title: string;
  axes: readonly Axis[];
  panel: Panel;
  values: ReturnType<typeof valuesOf>;
  names: ReadonlyMap<string, Indicator>;
}) {
  const { t } = useTranslation("panel");
  const { language } = usePrefs();
  const rows = axes.flatMap((axis, index) => {
    const sign = signs[index];
    return sign ? [{ axis, sign }] : [];
  });
  const columns: readonly Column<(typeof rows)[number]>[] = [
    {
      id: "name",
      title: t("column.name"),
      isHeading: true,
      cell: ({ axis: { key } }) => (
        <IndicatorName indicator={names.get(key)} words={say(names.get(key)?.name, language) || key} />
      ),
    },
    {
      id: "of",
      title: t("column.of"),
      align: "end",
      className: "nowrap",
      cell: ({ sign }) =>
        sign.key === "utilisation" ? (
          <>
            <Door open="slots">{count(panel.now.slots_used, language)}</Door> / {count(panel.now.slots, language)}
          </>
        ) : (
          <>
            <Door open={sign.part}>{count(values[sign.part], language)}</Door> /{" "}
            <Door open={sign.whole}>{count(values[sign.whole], language)}</Door>
          </>
        ),
    },
    {
      id: "value",
      title: t("column.value"),
      align: "end",
      className: ({ axis }) => (misses(axis.value, axis.target) ? "hot b" : undefined),
      cell: ({ axis, sign }) => (
        <Door open={sign.key === "utilisation" ? "agents" : sign.part}>{percent(axis.value, language, 0)}</Door>
      ),
    },
    {
      id: "target",
      title: t("column.target"),
      align: "end",
      className: "nowrap t3",
      cell: ({ axis: { target } }) =>
        target ? t(`target.${target.direction}`, { share: percent(target.value, language, 0) }) : t("nothing"),
    },
  ];
  return (
    <Table
      label={title}
      form="values"
      className="plot-table"
      columns={columns}
      rows={rows}
      keyOf={({ axis }) => axis.key}
    />
  );
}
