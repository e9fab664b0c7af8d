import type { Conversation, Floor, FloorAgent } from "@yingda/api/types";
import { waitsSince } from "../live/lists";

/** Who waits longer than this was not answered in time, in milliseconds. */
export const targetMs = 20_000;
/** A wait that is too long, in milliseconds. */
export const lateMs = 90_000;
/** Whether a wait for a reply is too long; `slow` is from when, if at all. */
export const isSlow = (ms: number, slow: number | null): boolean => slow !== null && ms > slow;
/** A customer whom an agent serves waits too long for a reply after this, in milliseconds, if the company has not decided otherwise. */
export const slowMs = 100_000;
/** The lines of those who wait end here, in milliseconds; longer waits are at their end. */
export const lineMs = 120_000;

export type Level = "calm" | "soon" | "late";
export const levelOf = (ms: number): Level => (ms > lateMs ? "late" : ms > targetMs ? "soon" : "calm");

/** Something that needs whoever leads the floor, and by how much: what was dismissed comes back when that grows. */
export interface Need {
  key: string;
  kind: "danger" | "slow" | "unreachable" | "mood";
  severity: number;
  /** The conversation that is read. */
  conversation: Conversation;
  agent: string;
  ms: number;
  count: number;
}

const harm: Record<Need["kind"], number> = { danger: 0, slow: 1, unreachable: 2, mood: 3 };

/** Since when the agent of a conversation owes an answer; null if it is the customer's turn. */
export function owedSince(one: Conversation): number | null {
  const since = waitsSince(one);
  // Whoever has just got it has had no time to answer.
  return since === null ? null : Math.max(since, one.assigned_at ?? since);
}

function needsOfServed(served: readonly Conversation[], now: number, slow: number | null): Need[] {
  if (slow === null) return [];
  return served.flatMap((one): Need[] => {
    const since = owedSince(one);
    const ms = since === null ? 0 : now - since;
    if (since === null || ms <= slow) return [];
    const agent = one.agent?.name ?? "";
    return [
      {
        key: `slow.${one.id}`,
        kind: "slow",
        severity: Math.floor(ms / 60_000),
        conversation: one,
        agent,
        ms,
        count: 1,
      },
    ];
  });
}

function needsOfLost(agents: readonly FloorAgent[], served: readonly Conversation[], now: number): Need[] {
  return agents.flatMap((one): Need[] => {
    const theirs = served.filter(({ agent }) => agent?.id === one.id);
    const [first] = theirs;
    if (one.standing !== "unreachable" || !first) return [];
    const count = theirs.length;
    const key = `unreachable.${one.id}`;
    return [
      { key, kind: "unreachable", severity: count, conversation: first, agent: one.name, ms: now - one.since, count },
    ];
  });
}

/** What needs somebody, the most harmful first: danger, the longest without a reply, agents who are lost with conversations, and low moods that wait. */
export function needsOf(floor: Floor, now: number, slow: number | null = slowMs): Need[] {
  const danger = [...floor.waiting, ...floor.served]
    .filter((one) => one.danger)
    .map(
      (one): Need => ({
        key: `danger.${one.id}`,
        kind: "danger",
        severity: 1,
        conversation: one,
        agent: one.agent?.name ?? "",
        ms: now - (one.alerted_at ?? one.at),
        count: 1,
      }),
    );
  const low = floor.waiting
    .filter((one) => !one.danger && one.wait?.why === "mood")
    .map((one): Need => {
      const ms = now - (one.queued_at ?? one.at);
      return {
        key: `mood.${one.id}`,
        kind: "mood",
        severity: Math.floor(ms / 60_000),
        conversation: one,
        agent: "",
        ms,
        count: 1,
      };
    });
  const slowOnes = needsOfServed(
    floor.served.filter((one) => !one.danger),
    now,
    slow,
  );
  const all = [...danger, ...slowOnes, ...needsOfLost(floor.agents, floor.served, now), ...low];
  return all.sort((a, b) => harm[a.kind] - harm[b.kind] || b.ms - a.ms || a.key.localeCompare(b.key));
}

/** Somebody who waits, as a dot on the axis: how far along it, from 0 to 1. */
export interface Dot {
  one: Conversation;
  ms: number;
  share: number;
  level: Level;
}

export interface Lane {
  queue: Floor["queues"][number];
  dots: Dot[];
  longest: number | null;
}

/** The queues with those who wait in them, the longest wait first; then the empty ones. */
export function lanesOf(floor: Floor, now: number): Lane[] {
  const lanes = floor.queues.map((queue): Lane => {
    const dots = floor.waiting
      .filter((one) => one.queue?.id === queue.id)
      .map((one): Dot => {
        const ms = Math.max(0, now - (one.queued_at ?? one.at));
        return { one, ms, share: Math.min(1, ms / lineMs), level: levelOf(ms) };
      })
      .sort((a, b) => b.ms - a.ms);
    return { queue, dots, longest: dots[0]?.ms ?? null };
  });
  return lanes.sort((a, b) => (b.longest ?? -1) - (a.longest ?? -1));
}

export interface AgentLine {
  agent: FloorAgent;
  open: Conversation[];
  /** Since when the customer who has waited longest for this agent has waited. */
  oldest: number | null;
}

const order: Record<FloorAgent["standing"], number> = {
  unreachable: 0,
  full: 1,
  available: 2,
  busy: 3,
  break: 4,
  offline: 5,
};

/** The agents, whose customer has waited longest first; then by where they stand. */
export function agentLines(floor: Floor, language: string): AgentLine[] {
  const lines = floor.agents.map((agent): AgentLine => {
    const open = floor.served.filter((one) => one.agent?.id === agent.id);
    const waits = open.flatMap((one) => owedSince(one) ?? []);
    return { agent, open, oldest: waits.length === 0 ? null : Math.min(...waits) };
  });
  return lines.sort(
    (a, b) =>
      (a.oldest ?? Infinity) - (b.oldest ?? Infinity) ||
      order[a.agent.standing] - order[b.agent.standing] ||
      a.agent.name.localeCompare(b.agent.name, language),
  );
}

/** The conversations that agents serve, whose customer has waited longest for a reply first. */
export const byWait = (served: readonly Conversation[]): Conversation[] =>
  served.toSorted((a, b) => (owedSince(a) ?? Infinity) - (owedSince(b) ?? Infinity) || b.at - a.at);
