import { Button } from "@yingda/antd";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import type { Conversation, Queue } from "@yingda/api/types";
import { useCallback, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { TransferDialog } from "../desk/transfer-dialog";
import { Choice } from "../lib/choice";
import { count, dayAndTime } from "../lib/format";
import { say } from "../lib/i18n";
import { useKeys } from "../lib/keys";
import { usePrefs } from "../lib/prefs";
import { useProblemText } from "../lib/problem";
import { useNameOf } from "../lib/people";
import { useMe } from "../lib/session";
import { toast } from "../lib/toast";
import { useWide } from "../lib/use-wide";
import { useLists, useLive } from "../live/context";
import { byAge } from "../live/lists";
import type { QueuesSearch } from "./search";
import { queues } from "../settings/queries";
import { LeftCard } from "./left-card";
import { Preview } from "./preview";
import { leftMessages } from "./queries";
import { Waiting } from "./waiting";
import "./queues.css";

/** Messages left while nobody was available: the unhandled ones, or the handled ones. */
function Left({ queue, done, all }: { queue: string | undefined; done: boolean; all: readonly Queue[] }) {
  const { t } = useTranslation("queues");
  const { language } = usePrefs();
  const text = useProblemText();
  const found = useInfiniteQuery(leftMessages(queue, done));
  const rows = found.data?.pages.flatMap((page) => page.items) ?? [];
  if (found.isPending)
    return (
      <div className="queue-skeletons" role="status" aria-label={t("loading")}>
        <span className="skeleton queue-skeleton" />
      </div>
    );
  if (found.isLoadingError)
    return (
      <p className="notice hot" role="alert">
        {text(found.error)}
      </p>
    );
  if (rows.length === 0)
    return (
      <div className="empty">
        <p>{done ? t("left.none_done") : t("left.none")}</p>
        {!done && <p>{t("left.what")}</p>}
      </div>
    );
  return (
    <>
      <ul className="left-list" aria-label={t("tab.left")} aria-busy={found.isFetchingNextPage}>
        {rows.map((message) => (
          <LeftCard
            key={`${message.conversation}.${message.episode}`}
            message={message}
            queue={say(all.find((one) => one.id === message.queue)?.name, language)}
          />
        ))}
      </ul>
      {found.isError && (
        <p className="notice hot" role="alert">
          {text(found.error)}
        </p>
      )}
      {found.hasNextPage && (
        <div className="left-more">
          <Button loading={found.isFetchingNextPage} onClick={() => void found.fetchNextPage()}>
            {t("left.more")}
          </Button>
        </div>
      )}
    </>
  );
}

/** The queues: who waits in which, and the messages left for later. */
export function QueuesPage() {
  const { t } = useTranslation("queues");
  const { language } = usePrefs();
  const me = useMe();
  const text = useProblemText();
  const navigate = useNavigate();
  const search = useSearch({ from: "/inside/queues" });
  const lists = useLists();
  const live = useLive();
  const wide = useWide();
  const found = useQuery(queues);
  const all = found.data?.items ?? [];
  const chosen = all.find((queue) => queue.id === search.queue);
  const tab = search.tab ?? "waiting";
  const waiting = useMemo(() => (lists ? byAge(lists.queue.values()) : null), [lists]);
  const inQueue = (queue: Queue) =>
    tab === "left" ? queue.left_messages : (waiting?.filter((one) => one.queue?.id === queue.id).length ?? 0);
  const shown = useMemo(
    () => waiting?.filter((one) => chosen === undefined || one.queue?.id === chosen.id) ?? null,
    [waiting, chosen],
  );
  const left = all
    .filter((queue) => chosen === undefined || queue.id === chosen.id)
    .reduce((sum, queue) => sum + queue.left_messages, 0);
  const go = (change: QueuesSearch) => void navigate({ to: "/queues", search: { ...search, ...change } });
  const read = useCallback(
    (id: string | null) =>
      void navigate({
        to: "/queues",
        search: ({ open: _, ...kept }) => (id === null ? kept : { ...kept, open: id }),
        replace: true,
      }),
    [navigate],
  );
  const take = useCallback(
    (id: string) => {
      live.send(id, { type: "take" });
      void navigate({ to: "/desk/$conversation", params: { conversation: id }, search: {} });
    },
    [live, navigate],
  );
  const nameOf = useNameOf();
  const [moving, setMoving] = useState<string | null>(null);
  const moved = moving === null ? undefined : lists?.queue.get(moving);
  const onMove = all.length > 1 ? setMoving : null;
  const move = (one: Conversation, to: string, name: string, note: string) => {
    live.send(one.id, { type: "transfer", to, ...(note ? { note } : {}) });
    const from = one.queue?.id;
    toast(
      t("moved", { name: nameOf(one.customer), queue: name }),
      "plain",
      from === undefined
        ? null
        : { word: t("left.take_back"), run: () => live.send(one.id, { type: "transfer", to: from }) },
    );
  };
  // If there is no room beside the list, nothing is read there: the desk opens instead.
  const open = tab === "waiting" && wide ? (search.open ?? null) : null;
  useKeys({
    Escape: () => {
      if (open !== null) read(null);
    },
  });
  const show = (next: "waiting" | "left") =>
    void navigate({
      to: "/queues",
      search: {
        ...(search.queue ? { queue: search.queue } : {}),
        ...(next === "left" ? { tab: "left" as const } : {}),
      },
    });
  const pick = (id: string | undefined) =>
    void navigate({
      to: "/queues",
      search: {
        ...(id ? { queue: id } : {}),
        ...(search.tab ? { tab: search.tab } : {}),
        ...(search.done ? { done: search.done } : {}),
      },
    });

  return (
    <div className="page queues">
      <header className="page-head">
        <h1>{t("title")}</h1>
        <div className="seg" role="group" aria-label={t("which")}>
          <button type="button" aria-pressed={tab === "waiting"} onClick={() => show("waiting")}>
            {t("tab.waiting")} <span className="n">{count(shown?.length, language)}</span>
          </button>
          <button type="button" aria-pressed={tab === "left"} onClick={() => show("left")}>
            {t("tab.left")} <span className="n">{count(left, language)}</span>
          </button>
        </div>
        <span className="grow" />
        {tab === "left" && (
          <Choice
            label={t("left.which")}
            value={search.done ? "done" : "open"}
            options={[
              { value: "open", word: t("left.open") },
              { value: "done", word: t("left.done") },
            ]}
            onChange={(value) => go({ done: value === "done" ? true : undefined })}
          />
        )}
      </header>
      <div className={open === null ? "queues-body" : "queues-body queues-reading"}>
        <nav className="queues-side" aria-label={t("list")}>
          <button
            type="button"
            className="queues-one"
            aria-current={chosen === undefined ? "true" : undefined}
            onClick={() => pick(undefined)}
          >
            <span className="grow">{t("all")}</span>
            <span className="n">
              {count(
                tab === "left" ? all.reduce((sum, queue) => sum + queue.left_messages, 0) : waiting?.length,
                language,
              )}
            </span>
          </button>
          {all.map((queue) => (
            <button
              key={queue.id}
              type="button"
              className="queues-one"
              aria-current={queue.id === chosen?.id ? "true" : undefined}
              onClick={() => pick(queue.id)}
            >
              <span className="grow">
                {say(queue.name, language)}
                {!queue.service.open && (
                  <span className="s1 t3 queues-closed">
                    {queue.service.opens_at === null
                      ? t("closed")
                      : t("closed.until", { time: dayAndTime(queue.service.opens_at, me.time_zone) })}
                  </span>
                )}
              </span>
              <span className="n">{count(inQueue(queue), language)}</span>
            </button>
          ))}
        </nav>
        <label className="queues-pick">
          <span className="sr">{t("list")}</span>
          <select value={chosen?.id ?? ""} onChange={(event) => pick(event.target.value || undefined)}>
            <option value="">{t("all")}</option>
            {all.map((queue) => (
              <option key={queue.id} value={queue.id}>
                {say(queue.name, language)}
              </option>
            ))}
          </select>
        </label>
        <div className="page-body" data-pane tabIndex={-1}>
          {found.isError && (
            <p className="notice hot" role="alert">
              {text(found.error)}
            </p>
          )}
          {tab === "waiting" ? (
            <Waiting
              rows={shown}
              chosen={chosen ?? (all.length === 1 ? all[0] : undefined)}
              open={open}
              onOpen={wide ? read : null}
              onTake={take}
              onMove={onMove}
            />
          ) : (
            <Left queue={found.isPending ? search.queue : chosen?.id} done={search.done ?? false} all={all} />
          )}
        </div>
        {moved?.queue && (
          <TransferDialog
            key={`move-${moved.id}`}
            open
            customer={nameOf(moved.customer)}
            waitsIn={moved.queue.id}
            onClose={() => setMoving(null)}
            onTransfer={(to, name, note) => move(moved, to, name, note)}
          />
        )}
        {open !== null && (
          <Preview
            key={open}
            id={open}
            one={lists?.queue.get(open)}
            onTake={take}
            onMove={onMove}
            onClose={() => read(null)}
          />
        )}
      </div>
    </div>
  );
}
