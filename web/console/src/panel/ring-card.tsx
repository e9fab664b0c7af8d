import { scoresOf } from "@yingda/api/rating";
import type { Indicator, IndicatorKey, Panel } from "@yingda/api/types";
import { useTranslation } from "react-i18next";
import { count, percent } from "../lib/format";
import { say } from "../lib/i18n";
import { usePrefs } from "../lib/prefs";
import { Change } from "./change";
import { Door } from "./door";
import { IndicatorName } from "./indicator-name";
import { tables, valueBefore, valuesOf } from "./model";
import { PlotCard, type Toggled } from "./plot-card";
import { Ring } from "./ring";
import type { PanelWindow } from "./search";
import { useSince } from "./since";

const measureOf = (key: IndicatorKey) =>
  tables.flatMap((table) => table.measures).find((measure) => measure.key === key)!;
const ratings = [
  ["rating_good", "good_ratio"],
  ["rating_mid", "mid_ratio"],
  ["rating_poor", "poor_ratio"],
] as const;

interface Props extends Toggled {
  panel: Panel;
  window: PanelWindow;
  names: ReadonlyMap<string, Indicator>;
}

/** How satisfied customers were. */
export function RingCard({ panel, window, names, asTable, onToggle }: Props) {
  const { t } = useTranslation("panel");
  const { language } = usePrefs();
  const values = valuesOf(panel, window);
  const nameOf = (key: string) => say(names.get(key)?.name, language) || key;
  const rated = values.session_rated ?? 0;
  const since = useSince(panel);
  return (
    <PlotCard
      name="ring"
      title={t("ring.title")}
      asTable={asTable}
      onToggle={onToggle}
      aside={
        <span>
          {t("ring.rated")} <Door open="session_rated">{count(rated, language)}</Door> /{" "}
          {count(values.session_used, language)}
        </span>
      }
      table={
        <div className="plot-table table-values scroll" tabIndex={0} role="group" aria-label={t("ring.title")}>
          <table>
            <tbody>
              {ratings.map(([key, ratio]) => (
                <tr key={key}>
                  <th scope="row">{t(`ring.${key}`, scoresOf[key])}</th>
                  <td className="r">
                    <Door open={key}>{count(values[key], language)}</Door>
                  </td>
                  <td className="r">
                    <Door open={key} label={`${nameOf(ratio)} ${percent(values[ratio], language)}`}>
                      {percent(values[ratio], language)}
                    </Door>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      }
    >
      <Ring parts={ratings.map(([key]) => values[key] ?? 0)} goodRatio={values.good_ratio} window={window}>
        <table className="ring-legend">
          <tbody>
            {ratings.map(([key, ratio], index) => (
              <tr key={key}>
                <th scope="row">
                  <i className={`ring-key ring-key-${index + 1}`} />
                  <IndicatorName indicator={names.get(key)} words={t(`ring.${key}`, scoresOf[key])} />
                </th>
                <td className="r">
                  <Door open={key}>{count(values[key], language)}</Door>
                </td>
                <td className="r t3">
                  <Door open={key} label={`${nameOf(ratio)} ${percent(values[ratio], language)}`}>
                    {percent(values[ratio], language)}
                  </Door>
                </td>
                {window === "today" && (
                  <td className="r">
                    <Change
                      measure={measureOf(key)}
                      now={panel.today[key]}
                      before={valueBefore(panel, "yesterday", key)}
                      alone={since}
                    />
                  </td>
                )}
              </tr>
            ))}
          </tbody>
        </table>
      </Ring>
    </PlotCard>
  );
}
