import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { count } from "../lib/format";
import { usePrefs } from "../lib/prefs";
import { may, useMe } from "../lib/session";
import { useLists, useWaitingForMe } from "../live/context";
import { alerts } from "../lib/alerts";
import { queues } from "../lib/directory";
import type { Area, Page } from "./areas";

/** The number of unhandled left messages in the member's queues. */
function useLeftForMe() {
  const me = useMe();
  const { data } = useQuery({ ...queues, enabled: may(me, "desk") });
  return (
    data?.items
      .filter((queue) => queue.everybody || queue.members.includes(me.agent))
      .reduce((sum, queue) => sum + queue.left_messages, 0) ?? 0
  );
}

/** A number in a red field, and what it counts in words. */
function Badge({ of, words }: { of: number; words: string }) {
  return (
    <span className="badge">
      <span aria-hidden="true">{of > 99 ? "99+" : of}</span>
      <span className="sr">{words}</span>
    </span>
  );
}

/** What waits for the member: conversations, left messages, or both. */
function Waiting({ conversations, left }: { conversations: number; left: number }) {
  const { t } = useTranslation("shell");
  const words = [
    conversations > 0 && t("rail.waiting", { count: conversations }),
    left > 0 && t("rail.left", { count: left }),
  ].filter(Boolean);
  return words.length === 0 ? null : <Badge of={conversations + left} words={` ${words.join(t("rail.and"))}`} />;
}
const InboxBadge = () => <Waiting conversations={useWaitingForMe()} left={useLeftForMe()} />;
const DeskBadge = () => <Waiting conversations={useWaitingForMe()} left={0} />;
const LeftBadge = () => <Waiting conversations={0} left={useLeftForMe()} />;

/** The number of alerts that nobody has acknowledged. */
export function useAlertCount() {
  const me = useMe();
  return useQuery({ ...alerts, enabled: may(me, "desk") }).data?.waiting ?? 0;
}
function AlertsBadge() {
  const { t } = useTranslation("kit");
  const waiting = useAlertCount();
  return waiting === 0 ? null : <Badge of={waiting} words={` ${t("alert.many", { count: waiting })}`} />;
}

/** How many wait in all queues. */
function QueuesCount() {
  const { language } = usePrefs();
  const waiting = useLists()?.queue.size ?? 0;
  return waiting === 0 ? null : <span className="n">{count(waiting, language)}</span>;
}

/** What is shown beside the name of an area and of a page; only what waits for somebody is. */
export const areaBadges: Partial<Record<Area["id"], () => React.ReactNode>> = { inbox: InboxBadge };
export const pageBadges: Partial<Record<Page["id"], () => React.ReactNode>> = {
  desk: DeskBadge,
  queues: QueuesCount,
  feedback: LeftBadge,
  alerts: AlertsBadge,
};
