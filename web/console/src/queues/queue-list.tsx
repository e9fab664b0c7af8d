import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useRouterState } from "@tanstack/react-router";
import type { Queue } from "@yingda/api/types";
import { useTranslation } from "react-i18next";
import { count, dayAndTime } from "../lib/format";
import { say } from "../lib/i18n";
import { usePrefs } from "../lib/prefs";
import { useMe } from "../lib/session";
import { useLists } from "../live/context";
import { queues } from "../lib/directory";
import { useSecondForm } from "../shell/use-second-form";
import { kinds } from "./kinds";

/** The two pages about queues. */
type Of = "/inbox/queues" | "/inbox/feedback";

interface Kept {
  done?: true | undefined;
  kind?: string | undefined;
}

/** The search of the page after another queue was chosen: the kind and what was handled stay shown, what was read beside the list does not. */
const withQueue = (search: Kept, queue: string | undefined) => {
  const kind = kinds.find((one) => one === search.kind);
  return {
    ...(queue ? { queue } : {}),
    ...(kind ? { kind } : {}),
    ...(search.done ? { done: search.done } : {}),
  };
};

/** The queues, with the number of those who wait in each on the page about those; below the page's entry in the second level. */
export function QueueList({ of }: { of: Of }) {
  const { t } = useTranslation("queues");
  const { language } = usePrefs();
  const me = useMe();
  const lists = useLists();
  const { queue: wanted } = useRouterState({ select: (state) => state.location.search as { queue?: string } });
  const all = useQuery(queues).data?.items ?? [];
  const chosen = all.find((queue) => queue.id === wanted);
  const waiting = lists ? [...lists.queue.values()] : null;
  const isCounted = of === "/inbox/queues";
  const inQueue = (queue: Queue) => waiting?.filter((one) => one.queue?.id === queue.id).length;
  const link = (queue: Queue | undefined) => ({
    className: "second-link second-below",
    to: of,
    search: (now: Kept) => withQueue(now, queue?.id),
    activeProps: { "aria-current": undefined },
    "aria-current": queue?.id === chosen?.id ? ("true" as const) : undefined,
  });
  return (
    <ul className="second-list" aria-label={t("list")}>
      <li>
        <Link {...link(undefined)}>
          <span className="grow">{t("all")}</span>
          {isCounted && <span className="n">{count(waiting?.length, language)}</span>}
        </Link>
      </li>
      {all.map((queue) => (
        <li key={queue.id}>
          <Link {...link(queue)}>
            <span className="grow">
              <bdi>{say(queue.name, language)}</bdi>
              {!queue.service.open && (
                <span className="s1 t3 queues-closed">
                  {queue.service.opens_at === null
                    ? t("closed")
                    : t("closed.until", { time: dayAndTime(queue.service.opens_at, me.time_zone) })}
                </span>
              )}
            </span>
            {isCounted && <span className="n">{count(inQueue(queue), language)}</span>}
          </Link>
        </li>
      ))}
    </ul>
  );
}

interface QueuePickProps {
  of: Of;
  all: readonly Queue[];
  chosen: Queue | undefined;
}

/** The same choice on the page itself, where the second level does not list the queues: in a row, or on narrow pages a list to choose from. */
export function QueuePick({ of, all, chosen }: QueuePickProps) {
  const { t } = useTranslation("queues");
  const { language } = usePrefs();
  const navigate = useNavigate();
  const form = useSecondForm(null);
  if (form === "names") return null;
  if (form === "icons")
    return (
      <div className="queues-row">
        <QueueList of={of} />
      </div>
    );
  return (
    <label className="queues-pick">
      <span className="sr">{t("list")}</span>
      <select
        value={chosen?.id ?? ""}
        onChange={(event) => {
          const queue = event.target.value || undefined;
          void navigate({ to: ".", search: (now) => withQueue(now as Kept, queue) });
        }}
      >
        <option value="">{t("all")}</option>
        {all.map((queue) => (
          <option key={queue.id} value={queue.id}>
            {[say(queue.name, language), ...(queue.service.open ? [] : [t("closed")])].join(t("pick.and"))}
          </option>
        ))}
      </select>
    </label>
  );
}
