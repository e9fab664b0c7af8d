import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Failed } from "../../lib/failed";
import { count, dayAndTime } from "../../lib/format";
import { LoadingRows } from "../../lib/loading";
import { Page } from "../../lib/page";
import { usePrefs } from "../../lib/prefs";
import { may, useMe } from "../../lib/session";
import { DeadJobs } from "./dead-jobs";
import { DaysTable } from "./days-table";
import { JobsTable } from "./jobs-table";
import { Layers } from "./layers";
import { warehouse } from "./queries";
import "../panel.css";
import "./jobs.css";

/** The jobs: work that was given up, and those behind the numbers: whether they keep up, what feeds what, and whether what is stored of each day is right. */
export function JobsPage() {
  const { t } = useTranslation("jobs");
  const { language } = usePrefs();
  const me = useMe();
  const found = useQuery(warehouse);
  const known = found.data;
  return (
    <Page title={t("title")} className="jobs-body">
      {may(me, "settings") && <DeadJobs />}
      <Failed of={found} />
      {found.isPending && <LoadingRows rows={6} className="card jobs-card" />}
      {known && (
        <>
          <JobsTable of={known} />
          <Layers of={known} />
          <DaysTable of={known} />
          <section className="card jobs-card" aria-label={t("refused")}>
            <h2>{t("refused")}</h2>
            {known.refused.length === 0 ? (
              <p className="s2 t3">{t("refused.none")}</p>
            ) : (
              <ul className="jobs-refused">
                {known.refused.map(({ reason, kind, count: amount, last_at }) => (
                  <li key={`${reason} ${kind}`} className="row wrap">
                    <span className="tag warn">{t(`reason.${reason}`)}</span>
                    <code className="grow">{kind}</code>
                    <span className="n">{count(amount, language)}</span>
                    <span className="s1 t3 n">{t("refused.last", { at: dayAndTime(last_at, known.time_zone) })}</span>
                  </li>
                ))}
              </ul>
            )}
          </section>
          <p className="s1 t3">
            {t("as_of", { time: dayAndTime(known.as_of, known.time_zone), zone: known.time_zone })}
          </p>
        </>
      )}
    </Page>
  );
}
