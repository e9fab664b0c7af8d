import { Button } from "@yingda/antd";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import type { Queue } from "@yingda/api/types";
import { useTranslation } from "react-i18next";
import { Choice } from "../lib/choice";
import { queues } from "../lib/directory";
import { count } from "../lib/format";
import { say } from "../lib/i18n";
import { usePrefs } from "../lib/prefs";
import { useProblemText } from "../lib/problem";
import { kinds } from "./kinds";
import { LeftCard } from "./left-card";
import { feedback } from "./queries";
import { QueuePick } from "./queue-list";
import { RatingCard } from "./rating-card";
import type { FeedbackSearch } from "./search";
import "./queues.css";

type Found = ReturnType<typeof useFeedback>;

const useFeedback = ({ kind, queue, done }: FeedbackSearch) => useInfiniteQuery(feedback(kind, queue, done ?? false));

/** What waits, or what was handled. */
function List({ found, done, all }: { found: Found; done: boolean; all: readonly Queue[] }) {
  const { t } = useTranslation("queues");
  const { language } = usePrefs();
  const text = useProblemText();
  const rows = found.data?.pages.flatMap((page) => page.items) ?? [];
  const queueOf = (id: string | null) => say(all.find((one) => one.id === id)?.name, language);
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
        <p>{done ? t("left.none_done") : t("feedback.none")}</p>
        {!done && <p>{t("feedback.what")}</p>}
      </div>
    );
  return (
    <>
      <ul className="left-list" aria-label={t("feedback")} aria-busy={found.isFetchingNextPage}>
        {rows.map((one) =>
          one.kind === "rating" ? (
            <RatingCard
              key={`rating.${one.of.conversation}.${one.of.episode}`}
              rating={one.of}
              queue={queueOf(one.of.queue)}
            />
          ) : (
            <LeftCard
              key={`left.${one.of.conversation}.${one.of.episode}`}
              message={one.of}
              queue={queueOf(one.of.queue)}
            />
          ),
        )}
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

/** What customers said of the service: the messages that they left while nobody was available, and ratings with words. */
export function FeedbackPage() {
  const { t } = useTranslation("queues");
  const { language } = usePrefs();
  const text = useProblemText();
  const navigate = useNavigate();
  const search = useSearch({ from: "/inside/inbox/feedback" });
  const known = useQuery(queues);
  const all = known.data?.items ?? [];
  const chosen = all.find((queue) => queue.id === search.queue);
  const queue = known.isPending ? search.queue : chosen?.id;
  const found = useFeedback({ ...search, ...(queue ? { queue } : { queue: undefined }) } as FeedbackSearch);
  const waiting = search.done ? undefined : found.data?.pages[0]?.waiting;
  const show = ({ kind, done }: FeedbackSearch) =>
    void navigate({
      to: "/inbox/feedback",
      search: {
        ...(search.queue ? { queue: search.queue } : {}),
        ...(kind ? { kind } : {}),
        ...(done ? { done } : {}),
      },
    });
  return (
    <div className="page queues">
      <header className="page-head">
        <h1>{t("feedback")}</h1>
        {waiting !== undefined && (
          <span className="n t3" title={t("feedback.waiting", { count: waiting })}>
            {count(waiting, language)}
          </span>
        )}
        <span className="grow" />
        <Choice
          label={t("feedback.kind")}
          value={search.kind ?? "all"}
          options={(["all", ...kinds] as const).map((kind) => ({ value: kind, word: t(`feedback.kind.${kind}`) }))}
          onChange={(kind) => show({ ...search, kind: kinds.find((one) => one === kind) } as FeedbackSearch)}
        />
        <Choice
          label={t("left.which")}
          value={search.done ? "done" : "open"}
          options={[
            { value: "open", word: t("left.open") },
            { value: "done", word: t("left.done") },
          ]}
          onChange={(value) => show({ ...search, done: value === "done" ? true : undefined } as FeedbackSearch)}
        />
      </header>
      <div className="queues-body">
        <QueuePick of="/inbox/feedback" all={all} chosen={chosen} />
        <div className="page-body" data-pane tabIndex={-1}>
          {known.isError && (
            <p className="notice hot" role="alert">
              {text(known.error)}
            </p>
          )}
          <List found={found} done={search.done ?? false} all={all} />
        </div>
      </div>
    </div>
  );
}
