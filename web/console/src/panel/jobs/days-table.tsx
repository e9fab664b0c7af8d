import type { WarehouseDay, WarehouseJobs, WarehouseRun } from "@yingda/api/types";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Confirm } from "../../lib/confirm";
import { count, dayAndTime, nothing } from "../../lib/format";
import { useRefused } from "../../lib/mutations";
import { usePrefs } from "../../lib/prefs";
import { may, useMe } from "../../lib/session";
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
  return (
    <section className="card jobs-card" aria-label={t("days")}>
      <h2>{t("days")}</h2>
      {days.length === 0 ? (
        <p className="empty">{t("days.none")}</p>
      ) : (
        <div className="jobs-scroll" tabIndex={0} role="group" aria-label={t("days")}>
          <table className="values">
            <thead>
              <tr>
                <th scope="col">{t("col.day")}</th>
                <th scope="col">{t("col.outcome")}</th>
                <th scope="col" className="r">
                  {t("col.facts")}
                </th>
                <th scope="col" className="r">
                  {t("col.events")}
                </th>
                <th scope="col" className="r">
                  {t("col.rows")}
                </th>
                <th scope="col" className="r">
                  {t("col.amounts")}
                </th>
                <th scope="col">{t("col.checked")}</th>
                <th scope="col">
                  <span className="sr">{t("again")}</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {days.map((day) => {
                const run = latest(day);
                const found = run !== null && (run.state === "fine" || run.state === "mismatch") ? run : null;
                const number = (of: "facts" | "events" | "rows" | "amounts") =>
                  found ? count(found[of], language) : nothing;
                return (
                  <tr key={day.day}>
                    <th scope="row">
                      {day.day}
                      {day.final && <span className="jobs-what s1 t3">{t("final")}</span>}
                    </th>
                    <td className="jobs-outcome">
                      {outcome(day, run)}
                      {run !== null && opened === day.day && <Examples of={run} zone={time_zone} />}
                    </td>
                    <td className="r n">{number("facts")}</td>
                    <td className="r n">{number("events")}</td>
                    <td className="r n">{number("rows")}</td>
                    <td className="r n">{number("amounts")}</td>
                    <td className="n">{run?.ended_at ? dayAndTime(run.ended_at, time_zone) : nothing}</td>
                    <td>
                      {mayRecount && (
                        <Confirm
                          ask={t("again.ask", { day: day.day })}
                          what={t("again.what")}
                          act={t("again")}
                          label={t("again.one", { day: day.day })}
                          disabled={isOpen(day.recount) || recount.isPending}
                          onConfirm={() => again(day.day)}
                        >
                          {t("again")}
                        </Confirm>
                      )}
                    </td>
                  </tr>
                );
              })}
            </tbody>
          </table>
        </div>
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
