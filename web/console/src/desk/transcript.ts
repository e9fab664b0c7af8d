import type { ConversationView } from "@yingda/api/conversation";
import {
  isKnown,
  ownerAfter,
  ownerBefore,
  wordsOf,
  type EntryOf,
  type Owner,
  type OwnKind,
  type Words,
} from "@yingda/api/kinds";
import type { Say } from "@yingda/api/kind";
import { ownOf } from "@yingda/api/own";
import type { Pending } from "@yingda/api/unsent";
import type { Entry, FileCard, Handoff, MessageBody, RoutingBody, Speaker } from "@yingda/api/types";
import "../live/kinds";
import { isSaid } from "../live/said";
import { aboutWords } from "./asked-about";
import { reasonAt } from "./handover";
import { earlierWords, quoteOf, type Quoted } from "./quoted";
import { isUnreadBefore, ownerAt, waitOverAt } from "./transcript-part";

export type Side = "customer" | "bot" | "agent";

export interface LineNode {
  seq: number;
  at: number;
  owner: Owner;
  what:
    | { kind: "words"; words: Words }
    | { kind: "queued"; queue: string; until: number | null; returned: boolean }
    | { kind: "assigned"; name: string; mine: boolean; from: string | null; routing: RoutingBody | null };
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
  quote: Quoted | null;
  /** what it said before it was corrected, in order */
  before: readonly string[];
}
export interface NoteItem {
  kind: "note";
  key: string;
  seq: number;
  at: number;
  by: Speaker;
  mine: boolean;
  text: string | null;
  /** how many numbers are hidden in the text, if any */
  hidden: number | undefined;
  gone: string | null;
  quote: Quoted | null;
  before: readonly string[];
  files: readonly FileCard[];
  /** a supervisor whispered it to the agent */
  isWhisper: boolean;
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
  words: Words;
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
  /** Each owner is drawn as its own kind of answer line. If the loaded entries do not tell who it was, a hairline makes no claim. */
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
  /** The number of the entry before which to stop; by default everything is drawn, and what is being sent. */
  until?: number | null;
  dayOf(at: number): string;
  /** What is written in two languages, in the reader's; in Chinese, if that is not said. */
  say?: Say;
}

const runGap = 2 * 60_000;

type NoteBody = NonNullable<EntryOf<"note">["body"]>;

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

/** Whoever waited in the queue does not any more. */
function endWaits(state: State, at: number) {
  for (const { node } of state.segments.flatMap(({ blocks }) => blocks.filter((one) => one.kind === "node")))
    if (node.what.kind === "queued") node.what.until ??= at;
}

function turn(state: State, owner: Owner, node: LineNode) {
  const empty = state.current.blocks.length === 0 && state.current.end === null;
  if (empty) state.current.owner = owner;
  else {
    state.current = segment(owner, `s${node.seq}`);
    state.segments.push(state.current);
  }
  endWaits(state, node.at);
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
export const isSpoken = (pending: Pending) => isSaid(pending.body);

/** An entry and its place among those that are read. */
interface At<E extends Entry = Entry> {
  state: State;
  reading: Reading;
  entries: readonly Entry[];
  index: number;
  entry: E;
  /** the key of what the entry becomes */
  key: string;
}

const node = ({ state, entry }: At, owner: Owner, what: LineNode["what"]) =>
  turn(state, owner, { seq: entry.seq, at: entry.at, owner, what });
const nodeOfBot = (at: At) => node(at, "bot", { kind: "words", words: ["line.bot"] });

/** Whether one of the next entries gives the conversation to an agent. */
const isAssignedNext = ({ entries, index }: At) =>
  entries[index + 1]?.kind === "assigned" || entries[index + 2]?.kind === "assigned";

function readQueued(at: At, queue: string, returned: boolean) {
  const { owner, blocks, end } = at.state.current;
  if (owner === "queue" && blocks.length > 0 && end === null) return;
  node(at, "queue", { kind: "queued", queue, until: null, returned });
}

function system({ state, entry, key }: At, words: Words) {
  const item: SystemItem = { kind: "system", key, seq: entry.seq, at: entry.at, entry, words, reason: null };
  place(state).push({ kind: "system", key: `b${key}`, item });
}

function readNote({ state, reading, entries, entry, key }: At, body: Partial<NoteBody> | null, isWhisper: boolean) {
  const { seq, at, by, gone = null } = entry;
  dayAndUnread(state, reading, at, key, null);
  const { text = null, files = [], hidden_numbers: hidden } = body ?? {};
  const [quote, before] = [quoteOf(entries, body, reading.say), earlierWords(entries, seq, body)];
  const mine = by.id === reading.agent;
  const item: NoteItem = { kind: "note", key, seq, at, by, mine, text, hidden, gone, quote, before, files, isWhisper };
  place(state).push({ kind: "note", key: `b${key}`, item });
}

/** What the kinds with a form of their own become. */
const own: { [K in OwnKind<"desk">]: (at: At<EntryOf<K>>) => void } = {
  opened(at) {
    at.state.day = at.reading.dayOf(at.entry.at);
    nodeOfBot(at);
  },
  reopened(at) {
    const { state, reading, entries, index, entry, key } = at;
    const byStaff = entry.by.kind === "agent";
    // An agent who reopens it brings no new visit: the customer has not come again.
    state.current = segment("bot", `s${key}`, byStaff ? null : { number: entry.body?.episode ?? 0, at: entry.at });
    state.segments.push(state.current);
    state.day = reading.dayOf(entry.at);
    if (byStaff) {
      const key = entry.by.id === reading.agent ? "line.you_reopened" : "line.reopened";
      return node(at, "agent", { kind: "words", words: [key, { name: entry.by.name ?? "" }] });
    }
    if (entry.body?.with === "queue" || entry.body?.with === "agent") state.current.owner = entry.body.with;
    else if (!["queued", "assigned", "routing"].includes(entries[index + 1]?.kind ?? "")) nodeOfBot(at);
  },
  queued: (at) => readQueued(at, at.entry.body?.queue ?? "", false),
  returned: (at) => readQueued(at, "", true),
  transferred(at) {
    const { body } = at.entry;
    if (body?.to_kind === "queue") {
      node(at, "queue", { kind: "queued", queue: body.to_name, until: null, returned: false });
    } else if (!isAssignedNext(at)) {
      const mine = body?.to === at.reading.agent;
      node(at, "agent", {
        kind: "assigned",
        name: body?.to_name ?? "",
        mine,
        from: body?.from_name ?? null,
        routing: null,
      });
    }
  },
  assigned(at) {
    const { reading, entries, index, entry } = at;
    const before = [entries[index - 1], entries[index - 2]].find((one) => one?.kind === "transferred");
    const from = before?.kind === "transferred" && before.body?.to_kind === "agent" ? before.body.from_name : null;
    node(at, "agent", {
      kind: "assigned",
      name: entry.body?.name ?? "",
      mine: entry.body?.agent === reading.agent,
      from,
      routing: routingFor(entries, index),
    });
  },
  resolved({ state, entry }) {
    state.current.end = {
      seq: entry.seq,
      at: entry.at,
      by: entry.body?.by ?? "system",
      outcome: entry.body?.outcome ?? "",
      settled: !["abandoned_in_queue", "dropped", "bot_unanswered"].includes(entry.body?.outcome ?? ""),
    };
  },
  message({ state, reading, entries, entry, key }) {
    const { seq, at, by, body, gone = null } = entry;
    const side: Side = by.kind === "customer" ? "customer" : by.kind === "bot" ? "bot" : "agent";
    const ord = side === "customer" && body && "ord" in body ? (body.ord ?? null) : null;
    dayAndUnread(state, reading, at, key, ord);
    const mine = side === "agent" && by.id === reading.agent;
    const text = body?.type === "text" ? body : null;
    const [quote, before] = [quoteOf(entries, text, reading.say), earlierWords(entries, seq, text)];
    const item: MessageItem = { kind: "message", key, seq, at, side, by, mine, body, gone, quote, before };
    addToRun(state, item, side, mine, by);
  },
  note: (at) => readNote(at, at.entry.body, false),
  asked_about: (at) => system(at, aboutWords(at.entry, at.reading.say)),
  message_offered: (at) => system(at, ["system.message_offered"]),
  taken_from(at) {
    const { from_name: from = "", why = "" } = at.entry.body ?? {};
    const key = why ? "system.taken_from_why" : "system.taken_from";
    system(at, [key, { name: at.entry.by.name ?? "", from, why }]);
  },
  whispered: (at) => readNote(at, at.entry.body, true),
};

function readEntry(at: At) {
  const { state, reading, entries, index, entry, key } = at;
  const drawn = ownOf(own as Record<string, (at: At) => void>, entry.kind);
  if (drawn) return drawn(at);
  const words: Words | undefined = isKnown(entry)
    ? wordsOf("desk", entry, reading.agent, reading.say)
    : ["system.unknown"];
  if (!words) return;
  const owner = ownerAfter(entry);
  if (owner && owner !== "none" && owner !== ownerBefore(entry)) return node(at, owner, { kind: "words", words });
  const reason = entry.kind === "human_requested" ? (reasonAt(entries, index) ?? null) : null;
  const item: SystemItem = { kind: "system", key, seq: entry.seq, at: entry.at, entry, words, reason };
  place(state).push({ kind: "system", key: `b${key}`, item });
}

/** What is being sent, in the conversation's last segment. */
function readPending(state: State, reading: Reading, pending: Pending) {
  const item: PendingItem = { kind: "pending", key: pending.client_id, at: pending.at, pending };
  const me: Speaker = { kind: "agent", id: reading.agent };
  if (pending.body.type === "note" || pending.body.type === "whisper") {
    place(state).push({ kind: "run", key: `r${item.key}`, side: "agent", mine: true, by: me, items: [item] });
    return;
  }
  const last = place(state).at(-1);
  addToRun(state, item, "agent", true, last?.kind === "run" && last.mine ? last.by : me);
}

/** Everything the conversation pane draws, in order, split where the owner changed. Pure. */
export function readTranscript(
  view: Pick<ConversationView, "entries" | "pending" | "state">,
  reading: Reading,
): Segment[] {
  const { entries } = view;
  const { seq: lowest = 0 } = entries[0] ?? {};
  const begin = Math.max(0, (reading.from ?? 0) - lowest);
  const end = Math.min(entries.length, Math.max(begin, (reading.until ?? Infinity) - lowest));
  const first = segment(ownerAt(entries, begin, view.state), "s0");
  const state: State = {
    segments: [first],
    current: first,
    lastAt: null,
    day: null,
    unreadShown: isUnreadBefore(entries, begin, reading.unreadAfter),
  };
  entries.slice(begin, end).forEach((entry, n) => {
    readEntry({ state, reading, entries, index: begin + n, entry, key: String(entry.seq) });
  });
  const over = end < entries.length ? waitOverAt(entries, end) : null;
  if (over !== null) endWaits(state, over);
  if (end === entries.length)
    for (const pending of view.pending) if (isSpoken(pending)) readPending(state, reading, pending);
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
