import type { Conversation } from "@yingda/api/types";

/** The lists pushed by the server: the agent's own open conversations, and those waiting in queues. */
export interface Lists {
  mine: ReadonlyMap<string, Conversation>;
  queue: ReadonlyMap<string, Conversation>;
}

const open = new Set<Conversation["state"]>(["active", "on_hold", "snoozed"]);
const waits = new Set<Conversation["state"]>(["queued", "offered"]);

export function listsFrom(mine: readonly Conversation[], queue: readonly Conversation[]): Lists {
  return { mine: new Map(mine.map((one) => [one.id, one])), queue: new Map(queue.map((one) => [one.id, one])) };
}

/** Applies a changed row: it is added to the list it belongs to now and removed from the other. A row older than the known one is dropped. */
export function applySummary(lists: Lists, conversation: Conversation, agent: string): Lists {
  const known = lists.mine.get(conversation.id) ?? lists.queue.get(conversation.id);
  if (known && known.seq > conversation.seq) return lists;
  const mine = new Map(lists.mine);
  const queue = new Map(lists.queue);
  mine.delete(conversation.id);
  queue.delete(conversation.id);
  if (open.has(conversation.state) && conversation.agent?.id === agent) mine.set(conversation.id, conversation);
  else if (waits.has(conversation.state)) queue.set(conversation.id, conversation);
  return { mine, queue };
}

/**
 * Since when the customer has been waiting for this agent. A newly assigned conversation
 * waits too: the bot's last message is not an answer to someone who asked for a human agent.
 */
export function waitsSince(one: Conversation): number | null {
  if (one.waiting_since !== null) return one.waiting_since;
  if (one.state === "active" && one.paused_at !== null) return one.paused_at;
  return one.state === "active" && one.preview?.by !== "agent" ? (one.queued_at ?? one.assigned_at) : null;
}

/** A conversation whose snooze has ended by its time is what its agent has chosen to do now. */
const isWoken = (one: Conversation) => one.state === "active" && one.paused_at !== null;

/** Whoever may be in danger goes before everybody else. */
const dangerFirst = (a: Conversation, b: Conversation) => Number(b.danger) - Number(a.danger);

export interface Groups {
  waitingForMe: Conversation[];
  waitingForCustomer: Conversation[];
  later: Conversation[];
}

/** Whether it is set aside and comes back by itself; danger is not. */
export const isPutOff = (one: Conversation) => !one.danger && (one.state === "snoozed" || one.state === "on_hold");

/** Whether it is the agent's turn: the customer waits, or may be in danger and has had no reply. */
const isForMe = (one: Conversation) => one.danger || waitsSince(one) !== null;

/** The number of conversations that wait for the agent. */
export const countWaiting = (mine: Iterable<Conversation>) =>
  [...mine].filter((one) => !isPutOff(one) && isForMe(one)).length;

/** Grouped by whose turn it is: waiting for me, danger first, then those that were postponed to now, then the longest; waiting for the customer, most recent first; set aside. */
export function groupMine(mine: Iterable<Conversation>): Groups {
  const groups: Groups = { waitingForMe: [], waitingForCustomer: [], later: [] };
  for (const one of mine) {
    if (isPutOff(one)) groups.later.push(one);
    else if (isForMe(one)) groups.waitingForMe.push(one);
    else groups.waitingForCustomer.push(one);
  }
  groups.waitingForMe.sort(
    (a, b) =>
      dangerFirst(a, b) ||
      Number(isWoken(b)) - Number(isWoken(a)) ||
      (waitsSince(a) ?? a.at) - (waitsSince(b) ?? b.at) ||
      a.id.localeCompare(b.id),
  );
  groups.waitingForCustomer.sort((a, b) => b.at - a.at || a.id.localeCompare(b.id));
  groups.later.sort((a, b) => (a.due_at ?? Infinity) - (b.due_at ?? Infinity) || a.id.localeCompare(b.id));
  return groups;
}

/** The waiting conversations, danger first, then the longest wait. */
export const byAge = (queue: Iterable<Conversation>) =>
  [...queue].sort(
    (a, b) => dangerFirst(a, b) || (a.queued_at ?? a.at) - (b.queued_at ?? b.at) || a.id.localeCompare(b.id),
  );

/** What is offered to an agent now. */
export const offeredTo = (lists: Lists, agent: string): Conversation | undefined =>
  [...lists.queue.values()].find((one) => one.state === "offered" && one.offer?.agent.id === agent);

/** The order in which Alt+Up and Alt+Down move. */
export const order = (groups: Groups) =>
  [...groups.waitingForMe, ...groups.waitingForCustomer, ...groups.later].map((one) => one.id);

/** The waiting conversation after the current one, wrapping around. */
export function nextWaiting(groups: Groups, current: string | null): string | null {
  const ids = groups.waitingForMe.map((one) => one.id);
  if (ids.length === 0) return null;
  const at = current === null ? -1 : ids.indexOf(current);
  const next = ids[(at + 1) % ids.length] ?? null;
  return next === current ? null : next;
}

export type Urgency = "calm" | "soon" | "late";
/** Grey up to one minute, a warning up to 100 seconds, hot beyond. */
export const urgency = (waitedMs: number): Urgency =>
  waitedMs <= 60_000 ? "calm" : waitedMs <= 100_000 ? "soon" : "late";
