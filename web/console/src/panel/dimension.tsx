import type { Indicator, IndicatorKey, Panel } from "@yingda/api/types";
import { useTranslation } from "react-i18next";
import { count, percent } from "../lib/format";
import { say } from "../lib/i18n";
import { usePrefs } from "../lib/prefs";
import { Change } from "./change";
import { Door } from "./door";
import { IndicatorName } from "./indicator-name";
import { firstMinute, hadNumbers, valueBefore, valuesOf, type Table as Measures } from "./model";
import type { PanelWindow } from "./search";
import { useSince } from "./since";
import { Sparkline } from "./sparkline";

/** A part of a whole as a bar and as a number. */
function Share({ name, of, ratio }: { name: string; of: IndicatorKey; ratio: number | null }) {
  const { language } = usePrefs();
  return (
    <span className="share" title={name}>
      <span className="sr">{name} </span>
      <span className="share-bar" aria-hidden="true">
        <i className={`share-${of}`} style={{ inlineSize: `${(ratio ?? 0) * 100}%` }} />
      </span>
      <Door open={of} className="t2 s2" label={`${name} ${percent(ratio, language, 0)}`}>
        {percent(ratio, language, 0)}
      </Door>
    </span>
  );
}

/** The indicators of one kind: their numbers, their last minutes, and how they compare with the day before and the week before. */
export function Dimension({
  table,
  panel,
  window,
  names,
}: {
  table: Measures;
  panel: Panel;
  window: PanelWindow;
  names: ReadonlyMap<string, Indicator>;
}) {
  const { t } = useTranslation("panel");
  const { language } = usePrefs();
  const values = valuesOf(panel, window);
  const since = useSince(panel);
  const against = hadNumbers(panel, "yesterday") ? t("against_both") : since;
  return (
    <section className="card dimension" aria-labelledby={`table-${table.name}`}>
      <header>
        <h2 id={`table-${table.name}`}>{t(`table.${table.name}`)}</h2>
        <span className="t3 s1 end">{window === "today" ? against : t("window.last_60")}</span>
      </header>
      <table aria-labelledby={`table-${table.name}`}>
        <thead className="sr">
          <tr>
            <th scope="col">{t("column.name")}</th>
            <td />
            <th scope="col">{t("column.value")}</th>
            <th scope="col">{against}</th>
          </tr>
        </thead>
        <tbody>
          {table.measures.map((measure) => (
            <tr key={measure.key}>
              <th scope="row">
                <IndicatorName indicator={names.get(measure.key)} />
              </th>
              <td className="dimension-line">
                {measure.series ? (
                  <Sparkline values={panel.minutes[measure.series]} from={firstMinute(panel)} />
                ) : (
                  measure.ratio && (
                    <Share
                      name={say(names.get(measure.ratio)?.name, language)}
                      of={measure.key}
                      ratio={values[measure.ratio]}
                    />
                  )
                )}
              </td>
              <td className="r">
                <Door open={measure.key} className="dimension-value">
                  {count(values[measure.key], language)}
                </Door>
              </td>
              <td className="r s2">
                {window === "today" && (
                  <>
                    <Change
                      measure={measure}
                      now={panel.today[measure.key]}
                      before={valueBefore(panel, "yesterday", measure.key)}
                      alone={since}
                    />
                    <span className="dimension-week s1 t3">
                      {t("week")}{" "}
                      <Change
                        measure={measure}
                        now={panel.today[measure.key]}
                        before={valueBefore(panel, "last_week", measure.key)}
                        alone={since}
                      />
                    </span>
                  </>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
