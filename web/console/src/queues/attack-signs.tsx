import { Button } from "@yingda/antd";
import { Link } from "@tanstack/react-router";
import { call } from "@yingda/api/client";
import { useTranslation } from "react-i18next";
import type { AttackSign } from "../lib/alerts";
import { useNow } from "../lib/clock";
import { ago, count, dayAndTime } from "../lib/format";
import { useChange, useRefused } from "../lib/mutations";
import { usePrefs } from "../lib/prefs";
import { may, useMe } from "../lib/session";

/** Signs of attack: what was done from which address, and where it can be denied. */
export function AttackSigns({ rows }: { rows: readonly AttackSign[] }) {
  const { t } = useTranslation("queues");
  if (rows.length === 0) return null;
  return (
    <ul className="left-list" aria-label={t("sign.title")}>
      {rows.map((sign) => (
        <SignCard key={`${sign.subject}.${sign.seq}`} sign={sign} />
      ))}
    </ul>
  );
}

function SignCard({ sign }: { sign: AttackSign }) {
  const { t } = useTranslation("queues");
  const { language } = usePrefs();
  const me = useMe();
  const now = useNow(30_000);
  const refused = useRefused();
  const acknowledge = useChange([["alerts"]], (subject: string) =>
    call("POST", "/alerts/acknowledge", { body: { subject } }),
  );
  const times = sign.times ?? 0;
  return (
    <li
      className={sign.done_at === null ? "card left-card alert-card" : "card left-card"}
      aria-label={t(`sign.${sign.kind}`)}
    >
      <div className="row wrap">
        <b>{t(`sign.${sign.kind}`)}</b>
        <bdi className="tag line n">{sign.address}</bdi>
        <span className="grow" />
        <time
          className="s2 t3"
          dateTime={new Date(sign.raised_at).toISOString()}
          title={dayAndTime(sign.raised_at, me.time_zone)}
        >
          {ago(Math.min(sign.raised_at, now), now, language)}
        </time>
      </div>
      <p>{t(`sign.${sign.kind}.what`, { count: times, n: count(times, language) })}</p>
      {sign.done_at !== null && (
        <p className="s2 t3">
          {t("alert.done_by", { name: sign.done_by ?? "", time: dayAndTime(sign.done_at, me.time_zone) })}
        </p>
      )}
      {sign.done_at === null && (
        <div className="row wrap">
          {may(me, "settings") && (
            <Link className="alert-open" to="/settings/sign-in">
              {t("sign.deny")}
            </Link>
          )}
          <Button
            size="small"
            loading={acknowledge.isPending}
            onClick={() => acknowledge.mutate(sign.subject, { onError: refused })}
          >
            {t("alert.acknowledge")}
          </Button>
        </div>
      )}
    </li>
  );
}
