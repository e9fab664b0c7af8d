import { Button } from "@yingda/antd";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import type { Conversation } from "@yingda/api/types";
import { Suspense, useCallback, useLayoutEffect, useMemo, useRef, type ReactNode } from "react";
import { partOf } from "../lib/parts";
import { useTranslation } from "react-i18next";
import { serverNow } from "../lib/clock";
import { count, dayOf, hourMinute, span } from "../lib/format";
import { say, tagOf } from "../lib/i18n";
import { useNameOf, useTitleOf } from "../lib/people";
import { usePrefs } from "../lib/prefs";
import { useProblemText } from "../lib/problem";
import { useMe, useToday } from "../lib/session";
import { ShownRows } from "../lib/shown-rows";
import { useHeldList, useMoves, useRoving } from "../lib/use-held-list";
import { useGroups, useLists, useLive } from "../live/context";
import { byAge, isPutOff, offeredTo, waitsSince } from "../live/lists";
import { useChangeState } from "../live/change-state";
import type { DeskList } from "./search";
import { LeftNotice } from "./left-notice";
import { MentionNotice } from "./mention-notice";
import { ListPicker } from "./list-picker";
import { Row, type RowProps } from "./list-row";
import { resolvedToday } from "./queries";
import { StateMenu } from "./state-menu";

const OfferCard = partOf(async () => (await import("./offer")).OfferCard);

/** The conversation that is offered to the agent now: one at a time. */
function Offer() {
  const lists = useLists();
  const me = useMe();
  const one = lists ? offeredTo(lists, me.agent) : undefined;
  return (
    <Suspense fallback={null}>{one && <OfferCard key={`${one.id} ${one.offer?.until ?? 0}`} one={one} />}</Suspense>
  );
}

/** Rows below a heading with their number; without a title, only the rows. */
function Group({
  title,
  total,
  aside,
  children,
}: {
  title: string;
  total: number;
  aside?: ReactNode;
  children: ReactNode;
}) {
  const { language } = usePrefs();
  if (title === "") return children;
  return (
    <section aria-label={title}>
      <h2 className="group-head">
        <b className="t2">{title}</b>
        <span className="n">{count(total, language)}</span>
        <span className="grow" />
        {aside}
      </h2>
      {children}
    </section>
  );
}

/** Above this number of rows, each takes one line. */
const roomyAtMost = 20;

interface GroupOf {
  key: string;
  title: string;
  rows: readonly Conversation[];
  aside?: ReactNode;
}
interface RowsProps {
  list: DeskList;
  groups: readonly GroupOf[];
  current: string | null;
  /** the row that keeps its position until it is left */
  pinned?: string | null;
  timeOf(one: Conversation): Pick<RowProps, "since" | "quiet" | "time">;
  onTake?: (id: string) => void;
  /** receives the order in which the rows are shown */
  onOrder?: (ids: readonly string[]) => void;
}

/** Groups of rows whose order does not change under the pointer. */
/** Reasons that say more than that a person is wanted. */
const why = new Set<string>(["misses", "mood", "repetition"]);

function Rows({ list, groups, current, pinned = null, timeOf, onTake, onOrder }: RowsProps) {
  const { t } = useTranslation("desk");
  const { language } = usePrefs();
  const me = useMe();
  const nameOf = useNameOf();
  const titleOf = useTitleOf();
  const box = useRef<HTMLDivElement>(null);
  const fresh = useMemo(() => groups.map(({ key, rows }) => ({ key, ids: rows.map((one) => one.id) })), [groups]);
  const all = useMemo(() => new Map(groups.flatMap(({ rows }) => rows.map((one) => [one.id, one] as const))), [groups]);
  const { lines, news, row, release, aim } = useHeldList(fresh, all, pinned);
  const ids = useMemo(() => lines.flatMap((line) => line.ids).filter((id) => all.has(id)), [lines, all]);
  useMoves(box, lines);
  const groupOf = useMemo(
    () => new Map(groups.flatMap((group) => group.rows.map((one) => [one.id, group] as const))),
    [groups],
  );
  const result = ({ settled }: Conversation) =>
    [
      settled?.score != null && t("row.rated", { score: settled.score }),
      settled?.first_reply_ms != null && t("row.first_reply", { span: span(settled.first_reply_ms, language) }),
    ]
      .filter(Boolean)
      .join(" · ");
  /** The title of the group it belongs to now, if its row keeps its old position. */
  const leftTo = (key: string, id: string) => {
    const now = groupOf.get(id);
    return now && now.key !== key ? now.title : "";
  };
  const { stop, onFocus, onKeyDown } = useRoving(box, ids, current);
  useLayoutEffect(() => onOrder?.(ids), [onOrder, ids]);
  useLayoutEffect(() => () => onOrder?.([]), [onOrder]);
  return (
    <div
      ref={box}
      className={ids.length > roomyAtMost ? "rows rows-dense" : "rows"}
      {...aim}
      onFocus={(event) => {
        aim.onFocus(event);
        onFocus(event);
      }}
      onKeyDown={onKeyDown}
    >
      <div className="list-news" role="status">
        {news > 0 && (
          <button type="button" onClick={release}>
            {t("list.news", { count: news })}
          </button>
        )}
      </div>
      {groups.map(({ key, title, rows, aside }) => {
        const shown = lines.find((line) => line.key === key)?.ids ?? [];
        if (shown.length === 0) return null;
        const above = ids.indexOf(shown[0] ?? "");
        return (
          <Group key={key} title={title} total={rows.length} aside={aside}>
            <ShownRows
              ids={shown.filter((id) => row(id) !== undefined)}
              keep={[current, stop]}
              above={above}
              className={title === "" ? "resolved-list" : ""}
            >
              {(id, place, of) => {
                const one = row(id);
                if (!one) return null;
                const lang = tagOf(one.lang);
                return (
                  <Row
                    key={id}
                    id={id}
                    list={list}
                    place={place}
                    of={of}
                    name={nameOf(one.customer)}
                    title={titleOf(one)}
                    lang={lang}
                    foreign={lang !== language}
                    queue={list === "queue" ? say(one.queue?.name, language) : ""}
                    asked={list === "queue" ? say(one.about?.name, language) : ""}
                    words={one.preview?.text ?? null}
                    result={list === "resolved" ? result(one) : ""}
                    own={one.preview?.by === "agent" && list === "mine"}
                    unread={list === "mine" ? one.unread : 0}
                    current={id === current}
                    tab={id === stop}
                    gone={!all.has(id)}
                    left={leftTo(key, id)}
                    why={
                      list === "queue" && why.has(one.wait?.why ?? "")
                        ? t(`packet.reason.${one.wait?.why ?? "asked"}`)
                        : ""
                    }
                    danger={one.danger}
                    label={one.labels[0] ? say(one.labels[0].name, language) : ""}
                    colour={one.labels[0]?.colour ?? "plain"}
                    {...timeOf(one)}
                    agent={me.agent}
                    onTake={onTake ?? null}
                  />
                );
              }}
            </ShownRows>
          </Group>
        );
      })}
    </div>
  );
}

function Mine({ current, onOrder }: { current: string | null; onOrder(ids: readonly string[]): void }) {
  const { t } = useTranslation("desk");
  const { language } = usePrefs();
  const me = useMe();
  const groups = useGroups();
  const { data: today } = useToday();
  const change = useChangeState();
  const shown = useMemo(
    () =>
      groups && [
        {
          key: "waiting_for_me",
          title: t("group.waiting_for_me"),
          rows: groups.waitingForMe,
          aside: <span className="plain">{t("group.longest_first")}</span>,
        },
        { key: "waiting_for_customer", title: t("group.waiting_for_customer"), rows: groups.waitingForCustomer },
        { key: "later", title: t("group.later"), rows: groups.later },
      ],
    [groups, t],
  );
  if (!shown) return <ListSkeleton />;
  if (shown.every(({ rows }) => rows.length === 0)) {
    return (
      <div className="empty">
        <p>{me.state === "available" ? t("empty.nobody") : t("empty.not_available")}</p>
        {me.state !== "available" && (
          <Button
            type="primary"
            className="empty-start"
            loading={change.isPending}
            onClick={() => change.mutate({ state: "available" })}
          >
            {t("empty.start")}
          </Button>
        )}
        {today && <p className="empty-more">{t("empty.today", { resolved: count(today.resolved, language) })}</p>}
      </div>
    );
  }
  const timeOf = (one: Conversation) => {
    if (isPutOff(one) && one.state === "on_hold") return { since: one.paused_at ?? one.at, quiet: true, time: "" };
    if (isPutOff(one)) {
      const due = one.due_at ?? one.at;
      const today = dayOf(due, me.time_zone) === dayOf(serverNow(), me.time_zone);
      return {
        since: null,
        quiet: false,
        time: today ? hourMinute(due, me.time_zone) : dayOf(due, me.time_zone).slice(5),
      };
    }
    const since = waitsSince(one);
    return { since: since ?? one.at, quiet: since === null, time: "" };
  };
  return <Rows list="mine" groups={shown} current={current} pinned={current} timeOf={timeOf} onOrder={onOrder} />;
}

function Queue({ current }: { current: string | null }) {
  const { t } = useTranslation("desk");
  const lists = useLists();
  const live = useLive();
  const navigate = useNavigate();
  const waiting = useMemo(
    () =>
      lists && [
        {
          key: "queue",
          title: t("group.queue"),
          rows: byAge(lists.queue.values()),
          aside: <span className="plain">{t("group.longest_first")}</span>,
        },
      ],
    [lists, t],
  );
  const take = useCallback(
    (id: string) => {
      live.send(id, { type: "take" });
      void navigate({ to: "/inbox/$conversation", params: { conversation: id }, search: {} });
    },
    [live, navigate],
  );
  if (!waiting) return <ListSkeleton />;
  if (waiting[0]?.rows.length === 0)
    return (
      <div className="empty">
        <p>{t("empty.queue")}</p>
      </div>
    );
  return (
    <Rows
      list="queue"
      groups={waiting}
      current={current}
      timeOf={(one) => ({ since: one.queued_at ?? one.at, quiet: false, time: "" })}
      onTake={take}
    />
  );
}

function Resolved({ current }: { current: string | null }) {
  const { t } = useTranslation("desk");
  const me = useMe();
  const text = useProblemText();
  const pages = useInfiniteQuery(resolvedToday);
  const groups = useMemo(
    () => [{ key: "resolved", title: "", rows: pages.data?.pages.flatMap((page) => page.items) ?? [] }],
    [pages.data],
  );
  const none = groups[0]?.rows.length === 0;
  if (pages.isPending) return <ListSkeleton />;
  if (pages.isError && none)
    return (
      <p className="notice hot list-notice" role="alert">
        {text(pages.error)}
      </p>
    );
  if (none)
    return (
      <div className="empty">
        <p>{t("empty.resolved")}</p>
      </div>
    );
  return (
    <>
      <Rows
        list="resolved"
        groups={groups}
        current={current}
        timeOf={(one) => ({ since: null, quiet: false, time: hourMinute(one.resolved_at ?? one.at, me.time_zone) })}
      />
      {pages.hasNextPage && (
        <div className="empty">
          <Button size="small" loading={pages.isFetchingNextPage} onClick={() => void pages.fetchNextPage()}>
            {t("more")}
          </Button>
        </div>
      )}
    </>
  );
}

function ListSkeleton() {
  return (
    <div className="list-skeleton" aria-hidden="true">
      {[0, 1, 2, 3].map((row) => (
        <div key={row}>
          <span className="skeleton" />
          <span>
            <span className="skeleton" />
            <span className="skeleton" />
          </span>
        </div>
      ))}
    </div>
  );
}

export function ListPane({ current, onOrder }: { current: string | null; onOrder(ids: readonly string[]): void }) {
  const { t } = useTranslation("desk");
  const navigate = useNavigate();
  const { list = "mine" } = useSearch({ from: "/inside/inbox" });
  const lists = useLists();
  const totals: Record<DeskList, number | undefined> = {
    mine: lists?.mine.size,
    queue: lists?.queue.size,
    resolved: undefined,
  };
  const show = (next: DeskList) =>
    void navigate({
      to: current ? "/inbox/$conversation" : "/inbox",
      params: { conversation: current ?? "" },
      search: next === "mine" ? {} : { list: next },
    });
  return (
    <section
      id="pane-list"
      data-tour="desk"
      className="col list-pane"
      aria-label={t("pane.list")}
      data-pane
      tabIndex={-1}
    >
      <div className="list-top" data-tour="state">
        <StateMenu />
        <ListPicker list={list} totals={totals} onShow={show} />
      </div>
      <LeftNotice />
      <Offer />
      <MentionNotice />
      <div className="scroll list-scroll">
        {list === "mine" ? (
          <Mine current={current} onOrder={onOrder} />
        ) : list === "queue" ? (
          <Queue current={current} />
        ) : (
          <Resolved current={current} />
        )}
      </div>
    </section>
  );
}
