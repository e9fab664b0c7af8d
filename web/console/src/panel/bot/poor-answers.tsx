import { Button } from "@yingda/antd";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { count, percent } from "../../lib/format";
import { say } from "../../lib/i18n";
import { LoadingRows } from "../../lib/loading";
import { usePrefs } from "../../lib/prefs";
import { Opens } from "./cards";
import type { ofEntries, PartRow } from "./model";

/** How many are shown at first. */
const some = 10;

/** The answers that turned out poor, the most frequent first, each one press from what it was answered from. */
export function PoorAnswers({
  rows,
  isPending,
  teaches,
}: {
  rows: readonly PartRow<(typeof ofEntries)[number]>[];
  isPending: boolean;
  teaches: boolean;
}) {
  const { t } = useTranslation("botreport");
  const { language } = usePrefs();
  const [all, setAll] = useState(false);
  const shown = all ? rows : rows.slice(0, some);
  return (
    <section className="card bot-card bot-whole" aria-labelledby="bot-poor">
      <header>
        <h2 id="bot-poor">{t("poor")}</h2>
        <span className="end t3 s2 bot-aside">{t("poor.about")}</span>
      </header>
      {isPending && <LoadingRows rows={4} />}
      {!isPending && rows.length === 0 && <p className="empty">{t("poor.none")}</p>}
      {rows.length > 0 && (
        <div className="scroll" tabIndex={0} role="group" aria-labelledby="bot-poor">
          <table className="values bot-table" aria-labelledby="bot-poor">
            <thead>
              <tr>
                <th scope="col">{t("poor.entry")}</th>
                <th scope="col" className="r">
                  {t("poor.poor")}
                </th>
                <th scope="col" className="r">
                  {t("poor.of")}
                </th>
                <th scope="col">{t("poor.why")}</th>
                <td />
              </tr>
            </thead>
            <tbody>
              {shown.map(({ part, name, values }) => {
                const called = name ? say(name, language) || part : part;
                const why = (["poor_unhelpful", "poor_asked", "poor_repeated", "poor_rated"] as const).filter(
                  (key) => (values[key] ?? 0) > 0,
                );
                return (
                  <tr key={part}>
                    <th scope="row">{called}</th>
                    <td className="r">
                      <Opens
                        open="poor_answer"
                        by="entry"
                        part={part}
                        className="dimension-value"
                        label={`${called} ${values.poor_answer ?? 0}`}
                      >
                        {count(values.poor_answer, language)}
                      </Opens>
                    </td>
                    <td className="r nowrap">
                      <span className="t2 n">{count(values.turn_answered, language)}</span>{" "}
                      <span className="t3 n s1">
                        {percent(
                          values.turn_answered ? (values.poor_answer ?? 0) / values.turn_answered : null,
                          language,
                          0,
                        )}
                      </span>
                    </td>
                    <td className="bot-why">
                      {why.map((key) => (
                        <Opens key={key} open={key} by="entry" part={part} className="tag warn">
                          {t(key, { count: values[key] ?? 0 })}
                        </Opens>
                      ))}
                    </td>
                    <td className="r nowrap">
                      {teaches && (
                        <Link
                          to="/bot/answers"
                          search={{ entry: part }}
                          className="s2"
                          aria-label={t("poor.edit_this", { name: called })}
                        >
                          {t("poor.edit")}
                        </Link>
                      )}
                    </td>
                  </tr>
                );
              })}
            </tbody>
          </table>
        </div>
      )}
      {!all && rows.length > some && (
        <div className="bot-more">
          <Button block onClick={() => setAll(true)}>
            {t("poor.all", { count: rows.length })}
          </Button>
        </div>
      )}
    </section>
  );
}
