import type { Indicator, Panel } from "@yingda/api/types";
import { useTranslation } from "react-i18next";
import { count, percent } from "../lib/format";
import { say } from "../lib/i18n";
import { usePrefs } from "../lib/prefs";
import { Door } from "./door";
import { IndicatorName } from "./indicator-name";
import { funnelOf, valuesOf } from "./model";
import type { PanelWindow } from "./search";

/** How far sessions got: four steps, each with a link to its list and its share of the previous one. */
export function Funnel({
  panel,
  window,
  names,
}: {
  panel: Panel;
  window: PanelWindow;
  names: ReadonlyMap<string, Indicator>;
}) {
  const { t } = useTranslation("panel");
  const { language } = usePrefs();
  return (
    <section className="card funnel" aria-labelledby="funnel">
      <header>
        <h2 id="funnel">{t("funnel.title")}</h2>
        <span className="t3 s1 end">{t("funnel.aside")}</span>
      </header>
      <ol>
        {funnelOf(valuesOf(panel, window)).map((step) => (
          <li key={step.key}>
            <span className="row">
              <span className="grow">
                <IndicatorName
                  indicator={names.get(step.key)}
                  words={say(names.get(step.key)?.name, language) || step.key}
                />
              </span>
              <Door open={step.key} className="dimension-value">
                {count(step.value, language)}
              </Door>
              <span className="funnel-share n t2 s2">
                {step.share !== null && (
                  <>
                    <span className="sr">{t("funnel.share")} </span>
                    <Door open={step.key}>{percent(step.share, language, 0)}</Door>
                  </>
                )}
              </span>
            </span>
            <span className="funnel-bar" aria-hidden="true">
              <i style={{ inlineSize: `${step.length * 100}%` }} />
            </span>
          </li>
        ))}
      </ol>
    </section>
  );
}
