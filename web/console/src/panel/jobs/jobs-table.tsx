import type { WarehouseJob, WarehouseJobs } from "@yingda/api/types";
import { useTranslation } from "react-i18next";
import { dayAndTime, duration, nothing } from "../../lib/format";
import { usePrefs } from "../../lib/prefs";
import { toneOf } from "./model";
import { Progress } from "./progress";

/** What counts all numbers again, on the command line. */
const REBUILD = "yingda warehouse rebuild";

/** The jobs: when each runs, what it is doing, and when it last ran. */
export function JobsTable({ of: { jobs, time_zone, editions } }: { of: WarehouseJobs }) {
  const { t } = useTranslation("jobs");
  const { language } = usePrefs();
  const at = (moment: number | null) => (moment === null ? nothing : dayAndTime(moment, time_zone));
  const next = ({ schedule, next_at }: WarehouseJob) =>
    next_at === null ? t(schedule === "continuous" ? "next.always" : "next.asked") : at(next_at);
  return (
    <section className="card jobs-card" aria-label={t("jobs")}>
      <h2>{t("jobs")}</h2>
      <div className="jobs-scroll" tabIndex={0} role="group" aria-label={t("jobs")}>
        <table className="values">
          <thead>
            <tr>
              <th scope="col">{t("col.job")}</th>
              <th scope="col">{t("col.schedule")}</th>
              <th scope="col">{t("col.state")}</th>
              <th scope="col">{t("col.last")}</th>
              <th scope="col" className="r">
                {t("col.duration")}
              </th>
              <th scope="col">{t("col.next")}</th>
            </tr>
          </thead>
          <tbody>
            {jobs.map((job) => (
              <tr key={job.job}>
                <th scope="row">
                  <b>{t(`job.${job.job}`)}</b>
                  <span className="jobs-what s1 t3">{t(`job.${job.job}.what`)}</span>
                </th>
                <td>{t(`schedule.${job.schedule}`)}</td>
                <td>
                  <span className={toneOf(job.state)}>{t(`state.${job.state}`)}</span>
                  {job.progress && <Progress label={t(`job.${job.job}`)} of={job.progress} />}
                </td>
                <td className="n">{at(job.last_at)}</td>
                <td className="r n">{duration(job.duration_ms, language)}</td>
                <td className="n">{next(job)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p className="s1 t3">
        {editions.filling
          ? t("edition.filling", { shown: editions.shown, next: editions.filling.edition })
          : t("edition.shown", { shown: editions.shown })}{" "}
        {t("rebuild.how")} <code>{REBUILD}</code>
      </p>
    </section>
  );
}
