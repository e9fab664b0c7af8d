import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { alerts } from "../lib/alerts";
import { Icon } from "../lib/icon";
import { nameOf } from "../lib/people";
import { may, useMe } from "../lib/session";
import { notify, play } from "../live/attention";
import "./alert-banner.css";

/**
 * On every page, while somebody may be in danger and nobody has acknowledged it: who it is, and the way there. A new one is heard, too. The open conversation comes
 * last, and is left out where it says so itself.
 */
export function AlertBanner() {
  const { t } = useTranslation("shell");
  const me = useMe();
  const { data } = useQuery({ ...alerts, enabled: may(me, "desk") });
  const waiting = data?.items ?? [];
  const known = useRef<ReadonlySet<string> | null>(null);
  const keys = waiting.map((one) => `${one.conversation}.${one.seq}`).join(" ");
  useEffect(() => {
    if (!data) return;
    const now = new Set(keys === "" ? [] : keys.split(" "));
    const isNew = [...now].some((key) => !known.current?.has(key));
    known.current = now;
    if (!isNew) return;
    play("alert");
    notify(t("alert.title"), t("alert.many", { count: now.size }), "alert", () => undefined);
  }, [data, keys, t]);
  const { conversation: open } = useParams({ strict: false });
  const first = waiting.find((one) => one.conversation !== open) ?? waiting[0];
  if (!first) return null;
  return (
    <div className={first.conversation === open ? "alert-banner alert-banner-open" : "alert-banner"} role="alert">
      <Icon name="alert" />
      <b>{t("alert.title")}</b>
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
        {waiting.length > 1 ? t("alert.many", { count: waiting.length }) : t("alert.list")}
      </Link>
    </div>
  );
}
