import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { type Heard, alerts, hear, isOfWaiting } from "../lib/alerts";
import { Icon } from "../lib/icon";
import { nameOf } from "../lib/people";
import { may, useMe } from "../lib/session";
import { notify, play } from "../live/attention";
import "./alert-banner.css";

/**
 * On every page, while somebody may be in danger and nobody has acknowledged it: who it is, and the way there. A new one is heard, too. The open conversation comes
 * last, and is left out where it says so itself; so does a row that stands for many from one network.
 */
export function AlertBanner() {
  const { t } = useTranslation("kit");
  const me = useMe();
  const { data } = useQuery({ ...alerts, enabled: may(me, "desk") });
  const known = useRef<Heard>({ alerts: new Set(), floods: new Map() });
  useEffect(() => {
    if (!data) return;
    let later: ReturnType<typeof setTimeout> | undefined;
    const listen = () => {
      // Whoever waits too long is shown; a sound is for danger, and for what the company calls urgent.
      const loud = data.items.filter((one) => !isOfWaiting(one) || one.level === "urgent");
      const { heard, isNew, again } = hear(loud, known.current, Date.now());
      known.current = heard;
      if (again !== null) later = setTimeout(listen, again);
      if (!isNew) return;
      play(
        "alert",
        loud
          .map(({ conversation }) => conversation)
          .sort()
          .join(),
      );
      notify(t("alert.title"), t("alert.many", { count: data.waiting }), "alert", () => undefined);
    };
    listen();
    return () => clearTimeout(later);
  }, [data, t]);
  const { conversation: open } = useParams({ strict: false });
  const elsewhere = data?.items.filter((one) => one.conversation !== open) ?? [];
  const first = elsewhere.find((one) => one.others === 0) ?? elsewhere[0] ?? data?.items[0];
  if (!data || !first) return null;
  return (
    <div className={first.conversation === open ? "alert-banner alert-banner-open" : "alert-banner"} role="alert">
      <Icon name="alert" />
      <b>{t(isOfWaiting(first) ? `alert.${first.kind}` : "alert.title")}</b>
      <Link
        className="el"
        to="/inbox/$conversation"
        params={{ conversation: first.conversation }}
        search={first.state === "queued" ? { list: "queue" } : {}}
      >
        <bdi>{nameOf(first.customer, t)}</bdi>
        {first.text !== "" && (
          <>
            <i className="dot" />
            <bdi>{first.text}</bdi>
          </>
        )}
      </Link>
      <span className="grow" />
      <Link className="alert-all" to="/inbox/alerts">
        {data.waiting > 1 ? t("alert.many", { count: data.waiting }) : t("alert.list")}
      </Link>
    </div>
  );
}
