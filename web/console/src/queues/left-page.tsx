import { Button } from "@yingda/antd";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import type { Queue } from "@yingda/api/types";
import { useTranslation } from "react-i18next";
import { Choice } from "../lib/choice";
import { count } from "../lib/format";
import { say } from "../lib/i18n";
import { usePrefs } from "../lib/prefs";
import { useProblemText } from "../lib/problem";
import { queues } from "../lib/directory";
import { LeftCard } from "./left-card";
import { leftMessages } from "./queries";
import { QueuePick } from "./queue-list";
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

/** The messages that customers left while nobody was available. */
export function LeftPage() {
  const { t } = useTranslation("queues");
  const { language } = usePrefs();
  const text = useProblemText();
  const navigate = useNavigate();
  const search = useSearch({ from: "/inside/inbox/left" });
  const found = useQuery(queues);
  const all = found.data?.items ?? [];
  const chosen = all.find((queue) => queue.id === search.queue);
  const left = all
    .filter((queue) => chosen === undefined || queue.id === chosen.id)
    .reduce((sum, queue) => sum + queue.left_messages, 0);
  const show = (done: boolean) =>
    void navigate({
      to: "/inbox/left",
      search: { ...(search.queue ? { queue: search.queue } : {}), ...(done ? { done } : {}) },
    });
  return (
    <div className="page queues">
      <header className="page-head">
        <h1>{t("tab.left")}</h1>
        <span className="n t3">{count(left, language)}</span>
        <span className="grow" />
        <Choice
          label={t("left.which")}
          value={search.done ? "done" : "open"}
          options={[
            { value: "open", word: t("left.open") },
            { value: "done", word: t("left.done") },
          ]}
          onChange={(value) => show(value === "done")}
        />
      </header>
      <div className="queues-body">
        <QueuePick of="/inbox/left" all={all} chosen={chosen} />
        <div className="page-body" data-pane tabIndex={-1}>
          {found.isError && (
            <p className="notice hot" role="alert">
              {text(found.error)}
            </p>
          )}
          <Left queue={found.isPending ? search.queue : chosen?.id} done={search.done ?? false} all={all} />
        </div>
      </div>
    </div>
  );
}
