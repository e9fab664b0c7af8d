import type { Panel } from "@yingda/api/types";
import { useTranslation } from "react-i18next";
import { count, hourMinute } from "../lib/format";
import { usePrefs } from "../lib/prefs";
import { Table } from "../lib/table";
import type { Column } from "../lib/table-model";
import { Lines } from "./lines";
import { firstMinute } from "./model";
import { PlotCard, type Toggled } from "./plot-card";

const plotted = ["session_created", "session_transferred", "no_answer", "session_rated"] as const;

/** The last minutes, as lines. */
export function LinesCard({
  panel,
  asTable,
  onToggle,
  onMinute,
}: Toggled & { panel: Panel; onMinute(at: number): void }) {
  const { t } = useTranslation("panel");
  const { language } = usePrefs();
  const series = plotted.map((key) => ({ key, name: t(`series.${key}`), values: panel.minutes[key] }));
  const known = firstMinute(panel);
  const minute = (index: number) => panel.minutes.from + index * 60_000;
  return (
    <PlotCard
      name="lines"
      title={t("lines.title")}
      aside={t("lines.click")}
      asTable={asTable}
      onToggle={onToggle}
      table={
        <Table
          label={t("lines.title")}
          form="values"
          className="plot-table"
          columns={[
            {
              id: "minute",
              title: t("lines.minute"),
              isHeading: true,
              cell: (index) => hourMinute(minute(index), panel.time_zone),
            },
            ...series.map(
              (one): Column<number> => ({
                id: one.key,
                title: one.name,
                align: "end",
                cell: (index) => (index < known ? t("nothing") : count(one.values[index], language)),
              }),
            ),
          ]}
          rows={[...panel.minutes.session_created.keys()].reverse()}
          keyOf={String}
        />
      }
    >
      <Lines series={series} known={known} from={panel.minutes.from} zone={panel.time_zone} onMinute={onMinute} />
    </PlotCard>
  );
}
