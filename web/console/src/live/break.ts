import type { AgentState, Conversation } from "@yingda/api/types";
import { browserPlace } from "./place";

/** A stretch of work without a break, as seen on this device. */
export interface Stretch {
  since: number;
  /** when the work was last seen to go on */
  seen: number;
  /** whether a break was suggested */
  told: boolean;
}

const minute = 60_000;
/** Without the console for so long, somebody has had a break, whatever their state. */
const pause = 10 * minute;
/** A state that is older says nothing about this day's work. */
const asLongAs = 4 * 60 * minute;
/** Whoever has written so recently is answered first. */
const fresh = minute;

/** The stretch of work that goes on at a time, or null on a break and offline. */
export function stretchAt(
  before: Stretch | null,
  { state, state_since: since }: { state: AgentState; state_since: number },
  now: number,
): Stretch | null {
  if (state !== "available" && state !== "busy") return null;
  if (before === null) return { since: now - since > asLongAs ? now : Math.min(since, now), seen: now, told: false };
  if (now - before.seen > pause) return { since: now, seen: now, told: false };
  return { ...before, seen: now };
}

/** Whether a break is to be suggested now: once for each stretch, and not while a customer has just written to the agent. */
export function isDue(stretch: Stretch, after: number, mine: Iterable<Conversation>, now: number): boolean {
  if (stretch.told || now - stretch.since < after * minute) return false;
  return ![...mine].some((one) => one.unread > 0 && now - (one.waiting_since ?? one.at) < fresh);
}

const keyOf = (agent: string) => `yingda.console.stretch.${agent}`;

/** The stretch that this device knows of; every page of it sees the same. */
export function readStretch(agent: string): Stretch | null {
  try {
    const { since, seen, told } = JSON.parse(browserPlace.get(keyOf(agent)) ?? "null") as Stretch;
    return typeof since === "number" && typeof seen === "number" ? { since, seen, told: told === true } : null;
  } catch {
    return null;
  }
}

export const keepStretch = (agent: string, stretch: Stretch | null) =>
  browserPlace.set(keyOf(agent), stretch && JSON.stringify(stretch));
