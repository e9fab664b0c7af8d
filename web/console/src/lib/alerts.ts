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
const ofConversations = ({ items, next }: { items: Alert[]; next: string | null }) => ({
  items: items.filter(isOfConversation),
  next,
});

/** Messages that say that somebody may be in danger and that nobody has acknowledged, oldest first. */
export const alerts = queryOptions({
  queryKey: ["alerts", "waiting"],
  queryFn: ({ signal }) => call("GET", "/alerts", { signal }),
  select: ofConversations,
});

/** The acknowledged ones, latest first. */
export const pastAlerts = infiniteQueryOptions({
  queryKey: ["alerts", "done"],
  queryFn: ({ pageParam, signal }) => call("GET", "/alerts", { query: { done: true, cursor: pageParam }, signal }),
  initialPageParam: null as string | null,
  getNextPageParam: (page) => page.next,
  select: (data) => ({ ...data, pages: data.pages.map(ofConversations) }),
});
