import { Link } from "@tanstack/react-router";
import type { Indicator } from "@yingda/api/types";
import { useTranslation } from "react-i18next";
import { count, percent } from "../../lib/format";
import { usePrefs } from "../../lib/prefs";
import { Meaning, Opens } from "./cards";
import { boundsOf, sampled, type Numbers, type ofBands, type PartRow } from "./model";

/** What judging a sample of the answers tells: how many are right, how far confidence can be trusted, and how much can be answered. */
export function Sample({
  numbers,
  names,
  bands,
  teaches,
}: {
  numbers: Numbers;
  names: ReadonlyMap<string, Indicator>;
  bands: readonly PartRow<(typeof ofBands)[number]>[];
  teaches: boolean;
}) {
  const { t } = useTranslation("botreport");
  const { language } = usePrefs();
  const judged = numbers.get("judged")?.now ?? 0;
  const rows = [...bands].sort((one, other) => boundsOf(other.part).from - boundsOf(one.part).from);
  return (
    <section className="card bot-card bot-whole" aria-labelledby="bot-sample">
      <header>
        <h2 id="bot-sample">{t("sample")}</h2>
        <span className="t3 s2">
          {t("sample.judged")} <Opens open="judged">{count(judged, language)}</Opens>
        </span>
        {teaches && (
          <Link to="/reports/bot/sample" className="end s2 b">
            {t("sample.judge")}
          </Link>
        )}
      </header>
      <dl className="bot-rates">
        {sampled.map((key) => (
          <div key={key}>
            <dt>
              <Meaning indicator={names.get(key)} />
            </dt>
            <dd>
              <span className="bot-value n">{percent(numbers.get(key)?.now ?? null, language)}</span>
            </dd>
          </div>
        ))}
      </dl>
      {judged === 0 && <p className="s2 t3 bot-note">{t(teaches ? "sample.none" : "sample.none_yet")}</p>}
      {rows.length > 0 && (
        <div className="scroll" tabIndex={0} role="group" aria-label={t("sample.bands")}>
          <table className="values bot-table" aria-label={t("sample.bands")}>
            <thead>
              <tr>
                <th scope="col">{t("sample.band")}</th>
                <th scope="col" className="r">
                  {t("sample.answers")}
                </th>
                <th scope="col" className="r">
                  {t("sample.judged")}
                </th>
                <th scope="col" className="bot-wide">
                  {t("sample.precision")}
                </th>
              </tr>
            </thead>
            <tbody>
              {rows.map(({ part, values }) => {
                const { from, to } = boundsOf(part);
                const right = values.precision;
                return (
                  <tr key={part}>
                    <th scope="row" className="nowrap">
                      {t("sample.band_of", { from: percent(from, language, 0), to: percent(to, language, 0) })}
                    </th>
                    <td className="r">
                      <Opens open="turn_answered" by="band" part={part}>
                        {count(values.turn_answered ?? 0, language)}
                      </Opens>
                    </td>
                    <td className="r">
                      <Opens open="judged" by="band" part={part}>
                        {count(values.judged ?? 0, language)}
                      </Opens>
                    </td>
                    <td className="bot-reliability">
                      <span className="bot-scale" aria-hidden="true">
                        <u style={{ insetInlineStart: `${from * 100}%`, inlineSize: `${(to - from) * 100}%` }} />
                        {right !== null && <i style={{ inlineSize: `${right * 100}%` }} />}
                      </span>
                      <span className="n s2">{percent(right, language, 0)}</span>
                    </td>
                  </tr>
                );
              })}
            </tbody>
          </table>
          <p className="s1 t3 bot-note">{t("sample.legend")}</p>
        </div>
      )}
    </section>
  );
}
