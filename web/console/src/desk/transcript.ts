import type { ConversationView } from "@yingda/api/conversation";
import type { Pending } from "@yingda/api/unsent";
import type { Entry, FileCard, Handoff, MessageBody, RoutingBody, Speaker } from "@yingda/api/types";
import { reasonAt } from "./handover";

/** Who owned the conversation; each value is drawn as its own kind of answer line. If the loaded entries do not say, a hairline makes no claim. */
export type Owner = "bot" | "queue" | "agent" | "unknown";
export type Side = "customer" | "bot" | "agent";

export interface LineNode {
  seq: number;
  at: number;
  owner: Owner;
  what:
    | { kind: "bot" }
    | { kind: "queued"; queue: string; until: number | null; returned: boolean }
    | { kind: "assigned"; name: string; mine: boolean; from: string | null; routing: RoutingBody | null }
    | { kind: "left_queue" }
    | { kind: "handed_back"; name: string; mine: boolean };
}

export interface MessageItem {
  kind: "message";
  key: string;
  seq: number;
  at: number;
  side: Side;
  by: Speaker;
  mine: boolean;
  body: MessageBody | null;
  gone: string | null;
}
export interface NoteItem {
  kind: "note";
  key: string;
  seq: number;
  at: number;
  by: Speaker;
  text: string | null;
  files: readonly FileCard[];
}
export interface PendingItem {
  kind: "pending";
  key: string;
  at: number;
  pending: Pending;
}
export interface SystemItem {
  kind: "system";
  key: string;
  seq: number;
  at: number;
  entry: Entry;
  /** why a person is called, if the entry says that one is and its packet is known */
  reason: Handoff["reason"] | null;
}
export type Item = MessageItem | NoteItem | PendingItem | SystemItem;

/** Messages of one speaker within two minutes: one avatar, and one line with time and state. */
export interface Run {
  kind: "run";
  key: string;
  side: Side;
  mine: boolean;
  by: Speaker;
  items: (MessageItem | PendingItem)[];
}
export type Block =
  | Run
  | { kind: "note"; key: string; item: NoteItem }
  | { kind: "system"; key: string; item: SystemItem }
  | { kind: "day"; key: string; at: number }
  | { kind: "unread"; key: string }
  | { kind: "node"; key: string; node: LineNode };

export interface Segment {
  key: string;
  owner: Owner;
  blocks: Block[];
  /** Set if the line ends here: with a tick if resolved, with a crossbar if the customer gave up. */
  end: { seq: number; at: number; by: string; outcome: string; settled: boolean } | null;
  /** What came after the end, such as a rating or a note. It is shown below, without a line beside it. */
  after: Block[];
  /** A new episode begins: the line starts again after a gap with its date. */
  episode: { number: number; at: number } | null;
}

export interface Reading {
  agent: string;
  /** The customer's messages above this ordinal are new to the reader; null if none are. */
  unreadAfter: number | null;
  /** The number of the first entry to draw; by default the first one loaded. */
  from?: number;
  dayOf(at: number): string;
}

const runGap = 2 * 60_000;

interface State {
  segments: Segment[];
  current: Segment;
  lastAt: number | null;
  day: string | null;
  unreadShown: boolean;
}

function segment(owner: Owner, key: string, episode: Segment["episode"] = null): Segment {
  return { key, owner, blocks: [], end: null, after: [], episode };
}

const ownerIn: Record<ConversationView["state"], Owner> = {
  bot: "bot",
  queued: "queue",
  offered: "queue",
  active: "agent",
  on_hold: "agent",
  snoozed: "agent",
  resolved: "unknown",
  closed: "unknown",
};

/** The owner that this entry implies the conversation had before it; null if it implies none. */
function ownerImpliedBy(entry: Entry): Owner | null {
  switch (entry.kind) {
    case "opened":
    case "queued":
    case "reopened":
    case "human_requested":
    case "handoff":
      return "bot";
    case "left_queue":
    case "assigned":
    case "routing":
      return "queue";
    case "transferred":
    case "returned":
    case "handed_back":
      return "agent";
    case "message":
      return entry.by.kind === "agent" ? "agent" : entry.by.kind === "bot" ? "bot" : null;
    case "resolved": {
      const { by, outcome } = entry.body ?? {};
      return outcome === "abandoned_in_queue"
        ? "queue"
        : by === "agent"
          ? "agent"
          : outcome?.startsWith("bot_")
            ? "bot"
            : "unknown";
    }
    default:
      return null;
  }
}

/** The owner after this entry; null if it does not change the owner. */
function ownerAfter(entry: Entry): Owner | null {
  switch (entry.kind) {
    case "opened":
    case "left_queue":
    case "handed_back":
      return "bot";
    case "queued":
    case "returned":
      return "queue";
    case "assigned":
      return "agent";
    case "transferred":
      return entry.body?.to_kind === "queue" ? "queue" : "agent";
    case "reopened":
      return entry.body?.with ?? "bot";
    case "resolved":
    case "closed":
      return "unknown";
    default:
      return null;
  }
}

/**
 * The owner before the entry at `begin`, inferred from the entries before it or those
 * after it. If none of them says, the owner has not changed and is the current one.
 */
function ownerBefore(entries: readonly Entry[], begin: number, state: ConversationView["state"]): Owner {
  const before = entries.slice(0, begin).reverse().map(ownerAfter);
  return [...before, ...entries.slice(begin).map(ownerImpliedBy)].find((owner) => owner !== null) ?? ownerIn[state];
}

/** The routing entry that explains an assignment is next to it, before or after. */
function routingFor(entries: readonly Entry[], at: number): RoutingBody | null {
  for (const step of [-1, 1, -2, 2]) {
    const near = entries[at + step];
    if (near?.kind === "routing") return near.body;
  }
  return null;
}

/** Where the next block is added. */
const place = ({ current }: State) => (current.end === null ? current.blocks : current.after);

function turn(state: State, owner: Owner, node: LineNode) {
  const empty = state.current.blocks.length === 0 && state.current.end === null;
  if (empty) state.current.owner = owner;
  else {
    state.current = segment(owner, `s${node.seq}`);
    state.segments.push(state.current);
  }
  for (const previous of state.segments) {
    for (const block of previous.blocks) {
      if (block.kind === "node" && block.node.what.kind === "queued" && block.node.what.until === null)
        block.node.what.until = node.at;
    }
  }
  state.current.blocks.push({ kind: "node", key: `n${node.seq}`, node });
}

function dayAndUnread(state: State, reading: Reading, at: number, key: string, ordOfCustomer: number | null) {
  const day = reading.dayOf(at);
  if (state.day !== null && day !== state.day) place(state).push({ kind: "day", key: `d${key}`, at });
  state.day = day;
  if (
    !state.unreadShown &&
    reading.unreadAfter !== null &&
    ordOfCustomer !== null &&
    ordOfCustomer > reading.unreadAfter
  ) {
    state.unreadShown = true;
    place(state).push({ kind: "unread", key: "unread" });
  }
}

function addToRun(state: State, item: MessageItem | PendingItem, side: Side, mine: boolean, by: Speaker) {
  const blocks = place(state);
  const last = blocks[blocks.length - 1];
  const previous = last?.kind === "run" ? last.items[last.items.length - 1] : undefined;
  if (
    last?.kind === "run" &&
    previous &&
    last.side === side &&
    last.mine === mine &&
    last.by.id === by.id &&
    last.by.name === by.name &&
    item.at - previous.at <= runGap
  )
    last.items.push(item);
  else blocks.push({ kind: "run", key: `r${item.key}`, side, mine, by, items: [item] });
}

/** Whether a send without an entry is shown in the conversation; actions (take, resolve …) are not. */
export const isSpoken = (pending: Pending) =>
  pending.body.type === "text" || pending.body.type === "file" || pending.body.type === "note";

/** Everything the conversation pane draws, in order, split where the owner changed. Pure. */
export function readTranscript(
  view: Pick<ConversationView, "entries" | "pending" | "state">,
  reading: Reading,
): Segment[] {
  const { entries } = view;
  const begin = Math.max(0, (reading.from ?? 0) - (entries[0]?.seq ?? 0));
  const first = segment(ownerBefore(entries, begin, view.state), "s0");
  const state: State = { segments: [first], current: first, lastAt: null, day: null, unreadShown: false };

  entries.forEach((entry, index) => {
    if (index < begin) return;
    const node = (owner: Owner, what: LineNode["what"]) =>
      turn(state, owner, { seq: entry.seq, at: entry.at, owner, what });
    const key = String(entry.seq);
    switch (entry.kind) {
      case "opened":
        state.day = reading.dayOf(entry.at);
        node("bot", { kind: "bot" });
        return;
      case "reopened":
        state.current = segment("bot", `s${key}`, { number: entry.body?.episode ?? 0, at: entry.at });
        state.segments.push(state.current);
        state.day = reading.dayOf(entry.at);
        if (entry.body?.with === "queue" || entry.body?.with === "agent") state.current.owner = entry.body.with;
        else if (!["queued", "assigned", "routing"].includes(entries[index + 1]?.kind ?? ""))
          node("bot", { kind: "bot" });
        return;
      case "queued":
      case "returned":
        if (state.current.owner === "queue" && state.current.blocks.length > 0 && state.current.end === null) return;
        node("queue", {
          kind: "queued",
          queue: entry.kind === "queued" ? (entry.body?.queue ?? "") : "",
          until: null,
          returned: entry.kind === "returned",
        });
        return;
      case "transferred":
        if (entry.body?.to_kind === "queue")
          node("queue", { kind: "queued", queue: entry.body.to_name, until: null, returned: false });
        else if (entries[index + 1]?.kind !== "assigned" && entries[index + 2]?.kind !== "assigned") {
          node("agent", {
            kind: "assigned",
            name: entry.body?.to_name ?? "",
            mine: entry.body?.to === reading.agent,
            from: entry.body?.from_name ?? null,
            routing: null,
          });
        }
        return;
      case "assigned": {
        const before = [entries[index - 1], entries[index - 2]].find((one) => one?.kind === "transferred");
        const from = before?.kind === "transferred" && before.body?.to_kind === "agent" ? before.body.from_name : null;
        node("agent", {
          kind: "assigned",
          name: entry.body?.name ?? "",
          mine: entry.body?.agent === reading.agent,
          from,
          routing: routingFor(entries, index),
        });
        return;
      }
      case "left_queue":
        node("bot", { kind: "left_queue" });
        return;
      case "handed_back":
        node("bot", {
          kind: "handed_back",
          name: entry.by.name ?? "",
          mine: entry.by.id === reading.agent,
        });
        return;
      case "resolved":
        state.current.end = {
          seq: entry.seq,
          at: entry.at,
          by: entry.body?.by ?? "system",
          outcome: entry.body?.outcome ?? "",
          settled: !["abandoned_in_queue", "dropped", "bot_unanswered"].includes(entry.body?.outcome ?? ""),
        };
        return;
      case "message": {
        const side: Side = entry.by.kind === "customer" ? "customer" : entry.by.kind === "bot" ? "bot" : "agent";
        dayAndUnread(
          state,
          reading,
          entry.at,
          key,
          side === "customer" && entry.body && "ord" in entry.body ? (entry.body.ord ?? null) : null,
        );
        const mine = side === "agent" && entry.by.id === reading.agent;
        addToRun(
          state,
          {
            kind: "message",
            key,
            seq: entry.seq,
            at: entry.at,
            side,
            by: entry.by,
            mine,
            body: entry.body,
            gone: entry.gone ?? null,
          },
          side,
          mine,
          entry.by,
        );
        return;
      }
      case "note":
        dayAndUnread(state, reading, entry.at, key, null);
        place(state).push({
          kind: "note",
          key: `b${key}`,
          item: {
            kind: "note",
            key,
            seq: entry.seq,
            at: entry.at,
            by: entry.by,
            text: entry.body?.text ?? null,
            files: entry.body?.files ?? [],
          },
        });
        return;
      case "routing":
      case "handoff":
        return;
      default:
        place(state).push({
          kind: "system",
          key: `b${key}`,
          item: {
            kind: "system",
            key,
            seq: entry.seq,
            at: entry.at,
            entry,
            reason: entry.kind === "human_requested" ? (reasonAt(entries, index) ?? null) : null,
          },
        });
    }
  });

  for (const pending of view.pending) {
    if (!isSpoken(pending)) continue;
    const item: PendingItem = { kind: "pending", key: pending.client_id, at: pending.at, pending };
    if (pending.body.type === "note")
      place(state).push({
        kind: "run",
        key: `r${item.key}`,
        side: "agent",
        mine: true,
        by: { kind: "agent", id: reading.agent },
        items: [item],
      });
    else {
      const last = place(state).at(-1);
      addToRun(
        state,
        item,
        "agent",
        true,
        last?.kind === "run" && last.mine ? last.by : { kind: "agent", id: reading.agent },
      );
    }
  }
  return state.segments.filter((one) => one.blocks.length > 0 || one.end !== null);
}

function equal(one: unknown, other: unknown): boolean {
  if (Object.is(one, other)) return true;
  if (typeof one !== "object" || typeof other !== "object" || one === null || other === null) return false;
  const keys = Object.keys(one);
  return (
    keys.length === Object.keys(other).length && keys.every((key) => equal(one[key as never], other[key as never]))
  );
}

/** The same transcript, reusing unchanged objects of the previous one: the same object is not redrawn. */
export function reuse(before: readonly Segment[], after: readonly Segment[]): Segment[] {
  const known = new Map(
    before.flatMap((one) => [...one.blocks, ...one.after].map((block) => [block.key, block] as const)),
  );
  const kept = (block: Block) => {
    const old = known.get(block.key);
    return old && equal(old, block) ? old : block;
  };
  return after.map((one) => ({ ...one, blocks: one.blocks.map(kept), after: one.after.map(kept) }));
}
