import type { ConversationView } from "@yingda/api/conversation";
import { ownerAfter, ownerBefore, ownerOf, type Owner } from "@yingda/api/kinds";
import type { Entry } from "@yingda/api/types";

/** What a part of a conversation takes from the entries around it. Each looks no further than it must: a conversation may have tens of thousands. Pure. */

/**
 * The owner before the entry at `begin`, inferred from the entries before it or those
 * after it. If none of them says, the owner has not changed and is the current one.
 */
export function ownerAt(entries: readonly Entry[], begin: number, state: ConversationView["state"]): Owner {
  const before = entries.slice(0, begin).findLast((entry) => ownerAfter(entry) !== undefined);
  const after = before ? undefined : entries.slice(begin).find((entry) => ownerBefore(entry) !== undefined);
  return (before && ownerAfter(before)) ?? (after && ownerBefore(after)) ?? ownerOf(state);
}

/** The ordinal of a customer's message; undefined for anything else. */
const ordOf = ({ kind, by, body }: Entry) =>
  kind === "message" && by.kind === "customer" && body && "ord" in body ? (body.ord ?? 0) : undefined;

/** Whether what is new to the reader begins before the entry at `begin`. */
export function isUnreadBefore(entries: readonly Entry[], begin: number, unreadAfter: number | null): boolean {
  if (unreadAfter === null) return false;
  const last = entries.slice(0, begin).findLast((entry) => ordOf(entry) !== undefined);
  return last !== undefined && (ordOf(last) ?? 0) > unreadAfter;
}

/** When a wait that goes on at the entry at `end` was over; null if it is not. */
export const waitOverAt = (entries: readonly Entry[], end: number): number | null =>
  entries.slice(end).find((entry) => !["queue", undefined].includes(ownerAfter(entry)))?.at ?? null;
