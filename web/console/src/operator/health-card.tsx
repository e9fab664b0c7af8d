import { useQuery } from "@tanstack/react-query";
import { bytes } from "@yingda/api/sizes";
import type { InstallationHealth } from "@yingda/api/types";
import { useTranslation } from "react-i18next";
import { useNow } from "../lib/clock";
import { Failed } from "../lib/failed";
import { ago, count, spanInWords } from "../lib/format";
import { LoadingRows } from "../lib/loading";
import { usePrefs } from "../lib/prefs";
import { installationHealth } from "./queries";

interface Fact {
  name: string;
  value: string;
  isBad?: boolean;
  /** What else there is to say of it. */
  more?: string;
}

/** The feed waits for an open transaction of the database: above this, in milliseconds, what follows it is late. */
const late = 5_000;
/** A backup that is older than this, in milliseconds, is too old: most are made once a day. */
const old = 2 * 86_400_000;

function useBackups(now: number): (health: InstallationHealth) => Fact[] {
  const { t } = useTranslation("operator");
  const { language } = usePrefs();
  return ({ backup, failed_backup: failed }) => [
    backup
      ? {
          name: t("health.backup"),
          value: t(backup.is_sealed ? "health.backup.sealed" : "health.backup.made", {
            time: ago(Math.min(backup.begun_at, now), now, language),
            size: bytes(backup.bytes),
          }),
          isBad: backup.begun_at < now - old,
          more: backup.place,
        }
      : { name: t("health.backup"), value: t("health.backup.none") },
    ...(failed
      ? [
          {
            name: t("health.backup.failed", { time: ago(Math.min(failed.at, now), now, language) }),
            value: failed.why,
            isBad: true,
          },
        ]
      : []),
  ];
}

function useFacts(): (health: InstallationHealth) => Fact[] {
  const { t } = useTranslation("operator");
  const { language } = usePrefs();
  const now = useNow(15_000);
  const backups = useBackups(now);
  const n = (value: number) => count(value, language);
  return (health) => {
    const waiting = health.jobs.reduce((sum, one) => sum + one.waiting, 0);
    const dead = health.jobs.reduce((sum, one) => sum + one.dead, 0);
    const oldest = Math.min(...health.jobs.map((one) => one.oldest_at ?? now));
    return [
      { name: t("health.version"), value: health.version },
      { name: t("health.since"), value: ago(Math.min(health.since, now), now, language) },
      { name: t("health.engine"), value: health.engine === "sqlite" ? "SQLite" : "PostgreSQL" },
      { name: t("health.nodes"), value: n(health.nodes) },
      ...(health.redis === null
        ? []
        : [{ name: "Redis", value: health.redis ? t("health.up") : t("health.down"), isBad: !health.redis }]),
      { name: t("health.companies"), value: n(health.companies) },
      { name: t("health.suspended"), value: n(health.suspended) },
      { name: t("health.connections"), value: n(health.connections) },
      {
        name: t("health.jobs"),
        value:
          waiting === 0
            ? n(0)
            : t("health.jobs.waiting", { n: n(waiting), time: spanInWords(Math.max(0, now - oldest), language) }),
      },
      { name: t("health.dead"), value: n(dead), isBad: dead > 0 },
      {
        name: t("health.feed"),
        value: health.feed_lag_ms === 0 ? t("health.none") : spanInWords(health.feed_lag_ms, language),
        isBad: health.feed_lag_ms > late,
      },
      { name: t("health.busy"), value: n(health.busy) },
      { name: t("health.failed"), value: n(health.failed), isBad: health.failed > 0 },
      ...backups(health),
    ];
  };
}

/** How the installation is doing. */
export function HealthCard() {
  const { t } = useTranslation("operator");
  const found = useQuery(installationHealth);
  const facts = useFacts();
  return (
    <section className="card operator-health" aria-label={t("health")}>
      <header>
        <h2>{t("health")}</h2>
      </header>
      <Failed of={found} />
      {found.isPending && <LoadingRows rows={2} className="" />}
      {found.data && (
        <dl>
          {facts(found.data).map(({ name, value, isBad, more }) => (
            <div key={name}>
              <dt className="s2 t3">{name}</dt>
              <dd className={isBad ? "operator-bad b" : undefined}>{value}</dd>
              {more && <dd className="s2 t3">{more}</dd>}
            </div>
          ))}
        </dl>
      )}
    </section>
  );
}
