import type { WarehouseJob, WarehouseJobs } from "@yingda/api/types";
import { useTranslation } from "react-i18next";
import { dayAndTime, duration, nothing } from "../../lib/format";
import { usePrefs } from "../../lib/prefs";
import { Table } from "../../lib/table";
import type { Column } from "../../lib/table-model";
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
  const columns: readonly Column<WarehouseJob>[] = [
    {
      id: "job",
      title: t("col.job"),
      isHeading: true,
      cell: ({ job }) => (
        <>
          <b>{t(`job.${job}`)}</b>
          <span className="jobs-what s1 t3">{t(`job.${job}.what`)}</span>
        </>
      ),
    },
    { id: "schedule", title: t("col.schedule"), cell: ({ schedule }) => t(`schedule.${schedule}`) },
    {
      id: "state",
      title: t("col.state"),
      narrow: "beside",
      cell: ({ job, state, progress }) => (
        <>
          <span className={toneOf(state)}>{t(`state.${state}`)}</span>
          {progress && <Progress label={t(`job.${job}`)} of={progress} />}
        </>
      ),
    },
    { id: "last", title: t("col.last"), className: "n", cell: ({ last_at }) => at(last_at) },
    {
      id: "duration",
      title: t("col.duration"),
      align: "end",
      className: "n",
      cell: ({ duration_ms }) => duration(duration_ms, language),
    },
    { id: "next", title: t("col.next"), className: "n", cell: next },
  ];
  return (
    <section className="card jobs-card" aria-label={t("jobs")}>
      <h2>{t("jobs")}</h2>
      <Table label={t("jobs")} className="jobs-scroll" columns={columns} rows={jobs} keyOf={({ job }) => job} />
      <p className="s1 t3">
        {editions.filling
          ? t("edition.filling", { shown: editions.shown, next: editions.filling.edition })
          : t("edition.shown", { shown: editions.shown })}{" "}
        {t("rebuild.how")} <code>{REBUILD}</code>
      </p>
    </section>
  );
}
