import type { WarehouseDay, WarehouseJobs, WarehouseRun } from "@yingda/api/types";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Confirm } from "../../lib/confirm";
import { count, dayAndTime, nothing } from "../../lib/format";
import { useRefused } from "../../lib/mutations";
import { usePrefs } from "../../lib/prefs";
import { may, useMe } from "../../lib/session";
import { Table } from "../../lib/table";
import type { Column } from "../../lib/table-model";
import { toast } from "../../lib/toast";
import { isOpen, latest, toneOf } from "./model";
import { Progress } from "./progress";
import { useRecount } from "./queries";

/** The 30 days before today: what their checks found, and counting one of them again. */
export function DaysTable({ of: { days, time_zone } }: { of: WarehouseJobs }) {
  const { t } = useTranslation("jobs");
  const { language } = usePrefs();
  const refused = useRefused();
  const recount = useRecount();
  const mayRecount = may(useMe(), "days.recount");
  const [opened, setOpened] = useState<string | null>(null);
  const again = (day: string) =>
    recount.mutate(day, { onSuccess: () => toast(t("again.begun", { day })), onError: refused });
  const outcome = (of: WarehouseDay, run: WarehouseRun | null) => (
    <>
      <span className={run ? toneOf(run.state) : "tag"}>{t(run ? `state.${run.state}` : "state.unchecked")}</span>
      {run && isOpen(run) && <Progress label={t("again.one", { day: of.day })} of={run.progress} />}
      {run !== null && run.mismatches > 0 && (
        <button
          type="button"
          className="num"
          aria-expanded={opened === of.day}
          onClick={() => setOpened(opened === of.day ? null : of.day)}
        >
          {t("mismatches", { count: run.mismatches })}
        </button>
      )}
      {run?.kind === "recount" && run.asked_by_name !== null && (
        <span className="s1 t3">{t("again.by", { name: run.asked_by_name, count: run.changed })}</span>
      )}
    </>
  );
  const number = (of: "facts" | "events" | "rows" | "amounts"): Column<WarehouseDay> => ({
    id: of,
    title: t(`col.${of}`),
    align: "end",
    className: "n",
    cell: (day) => {
      const run = latest(day);
      return run !== null && (run.state === "fine" || run.state === "mismatch") ? count(run[of], language) : nothing;
    },
  });
  const columns: readonly Column<WarehouseDay>[] = [
    {
      id: "day",
      title: t("col.day"),
      isHeading: true,
      cell: ({ day, final }) => (
        <>
          {day}
          {final && <span className="jobs-what s1 t3">{t("final")}</span>}
        </>
      ),
    },
    {
      id: "outcome",
      title: t("col.outcome"),
      className: "jobs-outcome",
      cell: (day) => {
        const run = latest(day);
        return (
          <>
            {outcome(day, run)}
            {run !== null && opened === day.day && <Examples of={run} zone={time_zone} />}
          </>
        );
      },
    },
    number("facts"),
    number("events"),
    number("rows"),
    number("amounts"),
    {
      id: "checked",
      title: t("col.checked"),
      className: "n",
      cell: (day) => {
        const at = latest(day)?.ended_at;
        return at ? dayAndTime(at, time_zone) : nothing;
      },
    },
    {
      id: "again",
      title: t("again"),
      isTitleHidden: true,
      cell: ({ day, recount: open }) =>
        mayRecount && (
          <Confirm
            ask={t("again.ask", { day })}
            what={t("again.what")}
            act={t("again")}
            label={t("again.one", { day })}
            disabled={isOpen(open) || recount.isPending}
            onConfirm={() => again(day)}
          >
            {t("again")}
          </Confirm>
        ),
    },
  ];
  return (
    <section className="card jobs-card" aria-label={t("days")}>
      <h2>{t("days")}</h2>
      {days.length === 0 ? (
        <p className="empty">{t("days.none")}</p>
      ) : (
        <Table
          label={t("days")}
          form="values"
          className="jobs-scroll"
          columns={columns}
          rows={days}
          keyOf={({ day }) => day}
        />
      )}
    </section>
  );
}

/** Some of what a check found: where, what is stored, and what was counted. */
function Examples({ of, zone }: { of: WarehouseRun; zone: string }) {
  const { t } = useTranslation("jobs");
  const { language } = usePrefs();
  return (
    <ul className="jobs-examples s1">
      {of.examples.map(({ table, indicator, dimension, part, starts_at, stored, counted }) => (
        <li key={[table, indicator, dimension, part, starts_at].join(" ")}>
          <code>{[table, indicator, dimension === "" ? part : `${dimension}=${part}`].filter(Boolean).join(" ")}</code>{" "}
          {t("example", {
            at: dayAndTime(starts_at, zone),
            stored: count(stored, language),
            counted: count(counted, language),
          })}
        </li>
      ))}
    </ul>
  );
}
