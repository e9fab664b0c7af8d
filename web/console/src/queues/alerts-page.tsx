import { Button } from "@yingda/antd";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { call } from "@yingda/api/client";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { type ConversationAlert, alerts, isOfWaiting, keyOf, pastAlerts, waitingAlerts } from "../lib/alerts";
import { allPages } from "../lib/all-pages";
import { Choice } from "../lib/choice";
import { Confirm } from "../lib/confirm";
import { useNow } from "../lib/clock";
import { queues } from "../lib/directory";
import { ago, count, dayAndTime } from "../lib/format";
import { say, tagOf } from "../lib/i18n";
import { useNameOf, useTitleOf } from "../lib/people";
import { usePrefs } from "../lib/prefs";
import { useChange, useRefused } from "../lib/mutations";
import { useProblemText } from "../lib/problem";
import { may, useMe } from "../lib/session";
import { toast } from "../lib/toast";
import { useLive } from "../live/context";
import { AttackSigns } from "./attack-signs";
import "./queues.css";

/** The name of the queue whose members see an alert. */
function useQueueOf() {
  const { language } = usePrefs();
  const all = useQuery(queues).data?.items ?? [];
  return (alert: ConversationAlert) => say(all.find((one) => one.id === alert.queue)?.name, language);
}

function AlertCard({ alert, isInside = false }: { alert: ConversationAlert; isInside?: boolean }) {
  const { t } = useTranslation("queues");
  const { t: desk } = useTranslation("desk");
  const { language } = usePrefs();
  const me = useMe();
  const live = useLive();
  const now = useNow(30_000);
  const name = useNameOf()(alert.customer);
  const title = useTitleOf()({ customer: alert.customer, subject: alert.text, created_at: alert.raised_at });
  const queue = useQueueOf()(alert);
  const refused = useRefused();
  const see = useChange([["alerts"], ["floor"]], (kind: ConversationAlert["kind"]) =>
    call("POST", "/alerts/acknowledge", { body: { subject: alert.subject, kind } }),
  );
  const acknowledge = () => {
    if (isOfWaiting(alert)) return see.mutate(alert.kind, { onError: refused });
    live.watch(alert.conversation);
    live.send(alert.conversation, { type: "acknowledge_alert" });
  };
  return (
    <li
      className={isInside ? "alert-inside" : alert.done_at === null ? "card left-card alert-card" : "card left-card"}
      aria-label={title}
    >
      <div className="row wrap">
        <b dir="auto">{name}</b>
        {isOfWaiting(alert) && <span className="tag warn">{t(`alert.kind.${alert.kind}`)}</span>}
        {queue !== "" && <bdi className="tag line">{queue}</bdi>}
        <span className="tag line">{desk(`standing.${alert.state}`)}</span>
        <span className="grow" />
        <time
          className="s2 t3"
          dateTime={new Date(alert.raised_at).toISOString()}
          title={dayAndTime(alert.raised_at, me.time_zone)}
        >
          {ago(Math.min(alert.raised_at, now), now, language)}
        </time>
      </div>
      <p className="left-words" lang={tagOf(alert.lang)} dir="auto">
        {alert.text === "" ? t("left.gone") : alert.text}
      </p>
      <p className="s2 t3">
        {alert.done_at === null
          ? alert.agent !== null && t("alert.with", { name: alert.agent })
          : t(alert.done_by === null && isOfWaiting(alert) ? "alert.ended" : "alert.done_by", {
              name: alert.done_by ?? "",
              time: dayAndTime(alert.done_at, me.time_zone),
            })}
      </p>
      <div className="row wrap">
        <Link
          className={alert.done_at === null ? "alert-open" : "y-text-button"}
          to="/inbox/$conversation"
          params={{ conversation: alert.conversation }}
          search={alert.state === "queued" ? { list: "queue" } : {}}
        >
          {t("alert.open")}
        </Link>
        {alert.done_at === null && (
          <Button size="small" onClick={acknowledge}>
            {t("alert.acknowledge")}
          </Button>
        )}
        {alert.others > 0 && alert.network !== null && (
          <AcknowledgeAll network={alert.network} total={alert.others + 1} />
        )}
      </div>
      {alert.oldest && <Oldest alert={alert.oldest} />}
      {alert.others > 0 && alert.network !== null && <Others first={alert} network={alert.network} />}
    </li>
  );
}

/** The one that has waited longest of the alerts of a network: the real one may have come first. */
function Oldest({ alert }: { alert: NonNullable<ConversationAlert["oldest"]> }) {
  const { t } = useTranslation("queues");
  const { language } = usePrefs();
  const now = useNow(30_000);
  const name = useNameOf()(alert.customer);
  return (
    <div className="alert-oldest">
      <p className="s2 t3">{t("alert.oldest", { name, ago: ago(Math.min(alert.raised_at, now), now, language) })}</p>
      <p className="left-words" lang={tagOf(alert.lang)} dir="auto">
        <Link
          to="/inbox/$conversation"
          params={{ conversation: alert.conversation }}
          search={alert.state === "queued" ? { list: "queue" } : {}}
        >
          {alert.text === "" ? t("left.gone") : alert.text}
        </Link>
      </p>
    </div>
  );
}

/** Acknowledges each alert of a network, also those that are not shown yet. */
function AcknowledgeAll({ network, total }: { network: string; total: number }) {
  const { t } = useTranslation("queues");
  const text = useProblemText();
  const live = useLive();
  const acknowledge = async () => {
    const all = await allPages((cursor) => call("GET", "/alerts", { query: { network, cursor } }));
    for (const { conversation } of all.items)
      if (conversation !== null) live.send(conversation, { type: "acknowledge_alert" });
  };
  return (
    <Confirm
      ask={t("alert.all.ask", { count: total })}
      what={t("alert.all.what")}
      act={t("alert.all.act")}
      onConfirm={() => void acknowledge().catch((error: unknown) => toast(text(error), "hot"))}
    >
      {t("alert.all", { count: total })}
    </Confirm>
  );
}

/** The other alerts of a network, for which the first one stands; they are read when somebody wants to see them. */
function Others({ first, network }: { first: ConversationAlert; network: string }) {
  const { t } = useTranslation("queues");
  const text = useProblemText();
  const [isOpen, setOpen] = useState(false);
  const found = useInfiniteQuery({ ...waitingAlerts(network), enabled: isOpen });
  const rows = found.data?.pages.flatMap((page) => page.items).filter((one) => keyOf(one) !== keyOf(first)) ?? [];
  const words = t("alert.others", { count: first.others });
  return (
    <>
      <div>
        <Button size="small" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
          {words}
        </Button>
      </div>
      {isOpen && found.isError && (
        <p className="notice hot" role="alert">
          {text(found.error)}
        </p>
      )}
      {isOpen && <Cards rows={rows} label={words} areInside />}
      {isOpen && found.hasNextPage && (
        <div>
          <Button loading={found.isFetchingNextPage} onClick={() => void found.fetchNextPage()}>
            {t("left.more")}
          </Button>
        </div>
      )}
    </>
  );
}

interface CardsProps {
  rows: readonly ConversationAlert[];
  label: string;
  /** They are listed inside the card that stands for them. */
  areInside?: boolean;
}

function Cards({ rows, label, areInside = false }: CardsProps) {
  return (
    <ul className={areInside ? "alerts-inside" : "left-list"} aria-label={label}>
      {rows.map((alert) => (
        // The row of a network stays the same, whichever of its alerts is the first.
        <AlertCard key={alert.others > 0 ? alert.network : keyOf(alert)} alert={alert} isInside={areInside} />
      ))}
    </ul>
  );
}

/** Messages that say that somebody may be in danger: those that wait for somebody to see them, and those that somebody acknowledged. */
export function AlertsPage() {
  const { t } = useTranslation("queues");
  const { language } = usePrefs();
  const text = useProblemText();
  const me = useMe();
  const navigate = useNavigate();
  const { done = false } = useSearch({ from: "/inside/inbox/alerts" });
  const total = useQuery(alerts).data?.waiting ?? 0;
  const open = useInfiniteQuery({ ...waitingAlerts(null), enabled: !done });
  const past = useInfiniteQuery({ ...pastAlerts, enabled: done });
  const found = done ? past : open;
  const rows = found.data?.pages.flatMap((page) => page.items) ?? [];
  const signs = found.data?.pages.flatMap((page) => page.signs) ?? [];
  // Nobody counts those of the past; before the last page is read, there are more than these.
  const known = done
    ? count(past.data && rows.length + signs.length, language) + (past.hasNextPage ? "+" : "")
    : count(total, language);
  return (
    <div className="page queues">
      <header className="page-head">
        <h1>{t("alert.title")}</h1>
        <span className="n t3">{known}</span>
        <span className="grow" />
        {may(me, "queues.manage") && (
          <Link className="y-text-button" to="/settings/floor">
            {t("alert.rules")}
          </Link>
        )}
        <Choice
          label={t("alert.which")}
          value={done ? "done" : "open"}
          options={[
            { value: "open", word: t("alert.waiting") },
            { value: "done", word: t("alert.done") },
          ]}
          onChange={(value) => void navigate({ to: "/inbox/alerts", search: value === "done" ? { done: true } : {} })}
        />
      </header>
      <div className="page-body alerts-body" data-pane tabIndex={-1}>
        {found.isError && (
          <p className="notice hot" role="alert">
            {text(found.error)}
          </p>
        )}
        {found.isPending ? (
          <div className="queue-skeletons" role="status" aria-label={t("loading")}>
            <span className="skeleton queue-skeleton" />
          </div>
        ) : rows.length + signs.length > 0 ? (
          <>
            {rows.length > 0 && <Cards rows={rows} label={t("alert.title")} />}
            <AttackSigns rows={signs} />
          </>
        ) : (
          !found.isError && (
            <div className="empty">
              <p>{done ? t("alert.none_done") : t("alert.none")}</p>
              {!done && <p>{t("alert.what")}</p>}
            </div>
          )
        )}
        {found.hasNextPage && (
          <div className="left-more">
            <Button loading={found.isFetchingNextPage} onClick={() => void found.fetchNextPage()}>
              {t("left.more")}
            </Button>
          </div>
        )}
      </div>
    </div>
  );
}
