import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { call } from "@yingda/api/client";
import type { Alert } from "@yingda/api/types";

/** An alert about a conversation, which the desk opens. */
export type ConversationAlert = Alert & {
  [field in "conversation" | "customer" | "lang" | "state"]: NonNullable<Alert[field]>;
};

const isOfConversation = (alert: Alert): alert is ConversationAlert =>
  alert.conversation !== null && alert.customer !== null && alert.lang !== null && alert.state !== null;

/** A sign of attack, from an address. */
export type AttackSign = Alert & { address: string; kind: (typeof signKinds)[number] };
const signKinds = ["many_names", "many_guesses", "flood"] as const;

const isSign = (alert: Alert): alert is AttackSign =>
  alert.address !== null && signKinds.some((kind) => kind === alert.kind);

/** Of a page of alerts, those about conversations, which have a place to go to, and the signs of attack. */
const ofConversations = ({ items, next, waiting }: { items: Alert[]; next: string | null; waiting: number }) => ({
  items: items.filter(isOfConversation),
  signs: items.filter(isSign),
  next,
  waiting,
});

/** Alerts about somebody who waits too long: they end by themselves once somebody replies or answers. */
export const isOfWaiting = <A extends Pick<Alert, "kind">>(
  alert: A,
): alert is A & { kind: "slow_reply" | "long_wait" } => alert.kind === "slow_reply" || alert.kind === "long_wait";

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

/** What was heard of many alerts from one network. */
export interface Flood {
  /** The customers whose alerts were seen in its row. */
  people: ReadonlySet<string>;
  /** When the newest of these was raised. */
  newest: number;
  /** When one of them was last heard. */
  heardAt: number;
  /** Whether somebody new has come since, who is heard once the pause is over. */
  waits: boolean;
}

/** What somebody was told of: the alerts, and the networks of which many wait. */
export interface Heard {
  alerts: ReadonlySet<string>;
  floods: ReadonlyMap<string, Flood>;
}

/** Somebody new in the row of a network is heard at most this often, in milliseconds. */
const floodPause = 60_000;

/** The flood after these rows of its network, and whether it is heard now. */
function hearFlood(rows: readonly ConversationAlert[], before: Flood, now: number): { flood: Flood; isNew: boolean } {
  const isSomebodyNew = rows.some((one) => one.raised_at > before.newest && !before.people.has(one.customer.id));
  const waits = before.waits || isSomebodyNew;
  const isNew = waits && now - before.heardAt >= floodPause;
  const flood = {
    people: new Set([...before.people, ...rows.map((one) => one.customer.id)]),
    newest: Math.max(before.newest, ...rows.map((one) => one.raised_at)),
    heardAt: isNew ? now : before.heardAt,
    waits: waits && !isNew,
  };
  return { flood, isNew };
}

/**
 * What is known after these alerts, and whether one of them is new. Of many from one network, the first ones are, and then whoever is new in its row, at most once
 * a minute. `again` says in how many milliseconds to listen again, if somebody waits for that minute to be over.
 */
export function hear(
  rows: readonly ConversationAlert[],
  before: Heard,
  now: number,
): { heard: Heard; isNew: boolean; again: number | null } {
  const floods = new Map<string, Flood>();
  let isNew = false;
  let again: number | null = null;
  for (const one of rows) {
    const { network } = one;
    const known = network === null ? undefined : before.floods.get(network);
    if (network === null || !known) {
      isNew ||= !before.alerts.has(keyOf(one));
      if (network !== null && one.others > 0)
        floods.set(network, {
          people: new Set([one.customer.id]),
          newest: one.raised_at,
          heardAt: now,
          waits: false,
        });
    } else if (!floods.has(network)) {
      const found = hearFlood(
        rows.filter((row) => row.network === network),
        known,
        now,
      );
      floods.set(network, found.flood);
      isNew ||= found.isNew;
      if (found.flood.waits) again = Math.min(again ?? floodPause, found.flood.heardAt + floodPause - now);
    }
  }
  return { heard: { alerts: new Set([...before.alerts, ...rows.map(keyOf)]), floods }, isNew, again };
}
