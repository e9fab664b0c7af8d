import { Button } from "@yingda/antd";
import { Link, useParams } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useNow } from "../lib/clock";
import { count, decimal, span } from "../lib/format";
import { Kbd } from "../lib/kbd";
import { usePrefs } from "../lib/prefs";
import { readsEverything } from "../lib/roles";
import { may, useMe, useToday } from "../lib/session";
import { reload } from "../lib/reload";
import { useLive, useOutdated, useStatus, useUnsent } from "../live/context";
import { useDialogs } from "./dialogs";

/** The true state of the connection, always shown here. If the strip of an open conversation counts down and offers a retry, this does not repeat it. */
function LinkState() {
  const { t } = useTranslation("desk");
  const { language } = usePrefs();
  const live = useLive();
  const status = useStatus();
  const outdated = useOutdated();
  const { conversation } = useParams({ strict: false }) as { conversation?: string };
  useNow(1000);
  if (outdated)
    return (
      <span className="row">
        <span className="live live-hot">{t("foot.outdated")}</span>
        <Button size="small" type="link" onClick={reload}>
          {t("foot.reload")}
        </Button>
      </span>
    );
  if (status.state === "live") {
    const age = Math.max(0, Date.now() - live.lastFrameAt());
    return <span className="live">{t("foot.live", { age: decimal(age / 1000, language) })}</span>;
  }
  if (status.state === "connecting") return <span className="live live-warn">{t("foot.connecting")}</span>;
  if (conversation !== undefined && !status.reached)
    return <span className="live live-hot">{t("foot.unreachable")}</span>;
  const wait = status.retryAt === null ? 0 : Math.max(0, status.retryAt - Date.now());
  return (
    <span className="row">
      <span className="live live-hot">
        {status.reached
          ? t("foot.reached")
          : wait > 1500
            ? t("foot.down_in", { wait: span(wait, language) })
            : t("foot.down")}
      </span>
      {!status.reached && (
        <Button size="small" type="link" onClick={() => live.retryNow()}>
          {t("foot.retry")}
        </Button>
      )}
    </span>
  );
}

/** A number about the conversations resolved today, linked to their list. */
const Resolved = ({ children }: { children: ReactNode }) => (
  <Link className="num" to="/inbox" search={{ list: "resolved" }}>
    {children}
  </Link>
);

export function Foot() {
  const { t } = useTranslation("desk");
  const { language } = usePrefs();
  const me = useMe();
  const unsent = useUnsent();
  const dialogs = useDialogs();
  const { data: today } = useToday();
  return (
    <footer className="foot">
      <LinkState />
      <span className="foot-rule" />
      <span className={unsent > 0 ? "warn b" : undefined}>
        {unsent > 0 ? t("foot.unsent", { count: unsent }) : t("foot.nothing_unsent")}
      </span>
      {may(me, "desk") && today && (!readsEverything(me) || today.resolved > 0) && (
        <>
          <span className="foot-rule foot-wide" />
          <span className="foot-today foot-wide">
            <span>{t("foot.today")}</span>
            <span>
              {t("foot.resolved")} <Resolved>{count(today.resolved, language)}</Resolved>
            </span>
            <span>
              {t("foot.first_reply")}{" "}
              {today.frt_median_ms === null ? (
                t("foot.none")
              ) : (
                <Resolved>{span(today.frt_median_ms, language)}</Resolved>
              )}
            </span>
            <span>
              {t("foot.good")}{" "}
              {today.rated === 0 ? (
                t("foot.none")
              ) : (
                <Resolved>
                  <bdi dir="ltr">
                    {count(today.rated_good, language)} / {count(today.rated, language)}
                  </bdi>
                </Resolved>
              )}
            </span>
          </span>
        </>
      )}
      <span className="grow" />
      <button type="button" className="foot-keys" onClick={() => dialogs.open("keys")}>
        <Kbd keys="?" /> {t("foot.keys")}
      </button>
    </footer>
  );
}
