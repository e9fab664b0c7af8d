import { useInfiniteQuery } from "@tanstack/react-query";
import type { DeadJob } from "@yingda/api/types";
import { useTranslation } from "react-i18next";
import { count, dayAndTime } from "../../lib/format";
import { Listed } from "../../lib/listed";
import { LoadingRows } from "../../lib/loading";
import { useRefused } from "../../lib/mutations";
import { usePrefs } from "../../lib/prefs";
import { RowActs } from "../../lib/row-acts";
import { useMe } from "../../lib/session";
import { toast } from "../../lib/toast";
import { deadJobs, useDiscardDeadJob, useRetryDeadJob } from "./queries";

/** The reasons that have a text of their own. */
const REASONS = ["refused", "not_now", "timeout", "expired", "unreadable", "panicked"];

/** Work that was given up, such as letters that could not be sent: it can be tried again or discarded. */
export function DeadJobs() {
  const { t } = useTranslation("jobs");
  const zone = useMe().time_zone;
  const found = useInfiniteQuery(deadJobs);
  const jobs = found.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <section className="card jobs-card" aria-label={t("dead")}>
      <h2>{t("dead")}</h2>
      <p className="s2 t3">{t("dead.what")}</p>
      <Listed of={found} rows={jobs} loading={<LoadingRows rows={2} />} empty={t("dead.none")}>
        <ul className="jobs-refused">
          {jobs.map((job) => (
            <OneDeadJob key={job.id} job={job} zone={zone} />
          ))}
        </ul>
      </Listed>
    </section>
  );
}

function OneDeadJob({ job, zone }: { job: DeadJob; zone: string }) {
  const { t } = useTranslation("jobs");
  const { language } = usePrefs();
  const retry = useRetryDeadJob();
  const discard = useDiscardDeadJob();
  const refused = useRefused();
  const name = t("dead.one", { kind: t(`dead.kind.${job.kind}`), at: dayAndTime(job.created_at, zone) });
  const reason = job.last_code !== null && REASONS.includes(job.last_code) ? job.last_code : "other";
  const busy = retry.isPending || discard.isPending;
  return (
    <li className="row wrap">
      <span className="grow">
        <b>{t(`dead.kind.${job.kind}`)}</b>{" "}
        <span className="s1 t3">{t("dead.asked", { at: dayAndTime(job.created_at, zone) })}</span>
      </span>
      <span className="tag warn">{t(`dead.reason.${reason}`)}</span>
      <span className="s1 t3 n">
        {t("dead.tried", { count: job.attempts, n: count(job.attempts, language), at: dayAndTime(job.died_at, zone) })}
      </span>
      <RowActs
        name={name}
        acts={[
          {
            word: t("dead.retry"),
            label: t("dead.retry.one", { name }),
            disabled: busy,
            run: () => retry.mutate(job.id, { onSuccess: () => toast(t("dead.retried")), onError: refused }),
          },
          {
            word: t("dead.discard"),
            label: t("dead.discard.one", { name }),
            disabled: busy,
            asks: { ask: t("dead.discard.ask"), what: t("dead.discard.what"), danger: true },
            run: () => discard.mutate(job.id, { onSuccess: () => toast(t("dead.discarded")), onError: refused }),
          },
        ]}
      />
    </li>
  );
}
