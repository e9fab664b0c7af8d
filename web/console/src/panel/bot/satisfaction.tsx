import type { Indicator } from "@yingda/api/types";
import { useTranslation } from "react-i18next";
import { count, percent } from "../../lib/format";
import { usePrefs } from "../../lib/prefs";
import { Change } from "../change";
import { Meaning, Opens } from "./cards";
import { satisfaction, type Numbers } from "./model";

/** What customers think of answers, of the bot alone, and of conversations in which a person served. */
export function Satisfaction({ numbers, names }: { numbers: Numbers; names: ReadonlyMap<string, Indicator> }) {
  const { t } = useTranslation("botreport");
  const { language } = usePrefs();
  return (
    <section className="card bot-card bot-third" aria-labelledby="bot-satisfaction">
      <header>
        <h2 id="bot-satisfaction">{t("satisfaction")}</h2>
      </header>
      <ul className="bot-bars">
        {satisfaction.map(({ key, behind, rated, of }) => {
          const { now = null, before = null } = numbers.get(key) ?? {};
          const words = t(`satisfaction.${of}`);
          return (
            <li key={key}>
              <span className="row">
                <span className="grow t2">
                  <Meaning indicator={names.get(key)} words={words} />
                </span>
                <Opens open={behind} className="dimension-value" label={`${words} ${percent(now, language)}`}>
                  {percent(now, language)}
                </Opens>
                <span className="bot-share n s2">
                  {before !== null && <Change measure={{ rise: "good", unit: "ratio" }} now={now} before={before} />}
                </span>
              </span>
              <span className="bot-bar" aria-hidden="true">
                <i style={{ inlineSize: `${(now ?? 0) * 100}%` }} />
              </span>
              <span className="s1 t3">
                {t("satisfaction.rated")} <Opens open={rated}>{count(numbers.get(rated)?.now ?? 0, language)}</Opens>
              </span>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
