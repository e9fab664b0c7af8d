import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { call } from "@yingda/api/client";
import type { Alert } from "@yingda/api/types";

/** An alert about a conversation, which the desk opens. */
export type ConversationAlert = Alert & {
  [field in "conversation" | "customer" | "lang" | "state"]: NonNullable<Alert[field]>;
};

const isOfConversation = (alert: Alert): alert is ConversationAlert =>
  alert.conversation !== null && alert.customer !== null && alert.lang !== null && alert.state !== null;

/** Of a page of alerts, those about conversations: only these have a place to go to. */
const ofConversations = ({ items, next, waiting }: { items: Alert[]; next: string | null; waiting: number }) => ({
  items: items.filter(isOfConversation),
  next,
  waiting,
});

/** What tells one alert from another. */
export const keyOf = (alert: ConversationAlert) => `${alert.conversation}.${alert.seq}.${alert.kind}`;

/**
 * How many alerts nobody has acknowledged, and the first page of them: the loudest first, and of equally loud ones the newest. Many from one network are one
 * row.
 */
export const alerts = queryOptions({
  queryKey: ["alerts", "waiting"],
  queryFn: ({ signal }) => call("GET", "/alerts", { signal }),
  select: ofConversations,
});

/** Page after page of the waiting ones, in the same order; with a network, each of those that came from there. */
export const waitingAlerts = (network: string | null) =>
  infiniteQueryOptions({
    queryKey: ["alerts", "pages", network],
    queryFn: ({ pageParam, signal }) => call("GET", "/alerts", { query: { network, cursor: pageParam }, signal }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    select: (data) => ({ ...data, pages: data.pages.map(ofConversations) }),
  });

/** The acknowledged ones, latest first. */
export const pastAlerts = infiniteQueryOptions({
  queryKey: ["alerts", "done"],
  queryFn: ({ pageParam, signal }) => call("GET", "/alerts", { query: { done: true, cursor: pageParam }, signal }),
  initialPageParam: null as string | null,
  getNextPageParam: (page) => page.next,
  select: (data) => ({ ...data, pages: data.pages.map(ofConversations) }),
});

/** What somebody was told of: the alerts, and the networks of which many wait. */
export interface Heard {
  alerts: ReadonlySet<string>;
  floods: ReadonlySet<string>;
}

/** What is known after these alerts, and whether one of them is new: of many from one network, only the first ones are. */
export function hear(rows: readonly ConversationAlert[], before: Heard): { heard: Heard; isNew: boolean } {
  const isFlood = (one: ConversationAlert) => one.network !== null && before.floods.has(one.network);
  const isNew = rows.some((one) => !before.alerts.has(keyOf(one)) && !isFlood(one));
  const floods = rows.flatMap((one) => (one.network !== null && (one.others > 0 || isFlood(one)) ? [one.network] : []));
  return { heard: { alerts: new Set([...before.alerts, ...rows.map(keyOf)]), floods: new Set(floods) }, isNew };
}
