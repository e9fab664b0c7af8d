import {
  type ConversationKind,
  type EntryOf,
  type Kind,
  name,
  named,
  type Owner,
  plain,
  type Reader,
  type Say,
  type Words,
} from "./kind";
import { BEST_SCORE } from "./rating";
import type { StaffKinds } from "./staff-kinds";
import type { ConversationStateName, Entry } from "./types";

export type { CompanyKind, ConversationKind, EntryOf, Owner, Reader, Words } from "./kind";

/**
 * What each kind of entry that customers see means to the pages; staff-kinds.ts has the others, and no kind is in neither. Agents read a conversation at the desk, customers in the chat and later in the hall; whoever
 * is missing sees nothing of the kind. A kind that the server adds does not compile until it is listed.
 */
const kinds = {
  opened: { state: "bot", before: "bot", desk: "own", chat: "own" },
  reopened: {
    state: (e) => (e.body?.with === "agent" ? "active" : e.body?.with === "queue" ? "queued" : "bot"),
    before: "bot",
    desk: "own",
    chat: "own",
  },
  message: {
    before: ({ by }) => (by.kind === "agent" || by.kind === "bot" ? by.kind : undefined),
    desk: "own",
    chat: "own",
    hall: "own",
  },
  human_requested: {
    before: "bot",
    desk: (e) => [e.body?.via === "words" ? "system.human_words" : "system.human_button"],
  },
  asked_about: { desk: "own", chat: "own" },
  message_offered: { desk: "own", chat: "own" },
  queued: {
    state: "queued",
    before: "bot",
    desk: "own",
    chat: (e) => (e.body?.queue ? ["chat.queued", { queue: e.body.queue }] : ["chat.asked"]),
    hall: plain("account.queued"),
  },
  assigned: {
    state: "active",
    before: "queue",
    desk: "own",
    chat: "own",
    hall: (e) => ["account.joined", { name: e.body?.name ?? "" }],
  },
  transferred: {
    state: (e) => (e.body?.to_kind === "queue" ? "queued" : "active"),
    before: "agent",
    desk: "own",
    chat: (e) => ["chat.transferred", { from: e.body?.from_name ?? "", to: e.body?.to_name ?? "" }, "line"],
  },
  returned: { state: "queued", before: "agent", desk: "own", chat: plain("chat.returned") },
  left_queue: { state: "bot", before: "queue", desk: plain("line.left_queue"), chat: plain("chat.left") },
  handed_back: {
    state: "bot",
    before: "agent",
    desk: (e, me) => [e.by.id === me ? "line.you_handed_back" : "line.handed_back", { name: name(e) }],
    chat: (e) => ["chat.back", { name: name(e) }, "line"],
  },
  resolved: {
    state: "resolved",
    before: ({ body }) =>
      body?.outcome === "abandoned_in_queue"
        ? "queue"
        : body?.by === "agent"
          ? "agent"
          : body?.outcome?.startsWith("bot_")
            ? "bot"
            : "none",
    desk: "own",
    chat: "own",
    hall: (e) => [e.body?.outcome === "left_message" ? "account.left_message" : "account.ended"],
  },
  closed: { state: "closed", desk: plain("system.closed"), chat: plain("chat.closed") },
  rated: {
    desk: (e) => ["system.rated", { score: e.body?.score ?? 0, best: BEST_SCORE }],
    chat: "own",
    hall: (e) => ["account.rated", { n: e.body?.score ?? 0, best: BEST_SCORE }],
  },
  answer_rated: {
    desk: (e) => (e.body?.helpful ? ["system.helpful", {}, "ok"] : ["system.not_helpful", {}, "warn"]),
  },
  erased: { desk: plain("system.erased") },
  recalled: {},
  corrected: {},
  joined: { desk: named("system.joined"), chat: named("chat.entered"), hall: named("account.joined") },
  left: { desk: named("system.left"), chat: named("chat.exited") },
  held: {
    state: "on_hold",
    before: "agent",
    desk: (e, me) => [e.by.id === me ? "system.you_held" : "system.held", { name: name(e) }],
    chat: (e) => ["chat.held", { name: name(e) }, "line"],
    hall: (e) => ["account.held", { name: name(e) }],
  },
} satisfies { [K in Exclude<ConversationKind, keyof StaffKinds>]: Kind<EntryOf<K>> };

/** The kinds that are known here: those that customers see, and those that pages of the staff add. */
const known: Partial<Record<string, Kind<never>>> = { ...kinds };

/** Adds the kinds that only the staff see ([`staff-kinds`]): the chat and the hall do without them. */
export function addKinds(more: StaffKinds) {
  Object.assign(known, more);
}

/** The kinds that this reader draws with code of its own. */
export type OwnKind<R extends Reader> = {
  [K in ConversationKind]: (typeof kinds & StaffKinds)[K] extends Record<R, "own"> ? K : never;
}[ConversationKind];

/** Undefined for a kind of a newer server. */
const of = (e: Entry) => known[e.kind] as Kind<Entry> | undefined;

export const isKnown = (e: Entry): boolean => !!of(e);

/** Whether this reader sees nothing of the entry. Of an entry that is not known, it sees that there is one. */
export const isHidden = (reader: Reader, e: Entry): boolean => isKnown(e) && !of(e)?.[reader];

/** The words of an entry for a reader; undefined if it is not for them, or has a form of its own. */
export function wordsOf(reader: Reader, e: Entry, me?: string, say?: Say): Words | undefined {
  const line = of(e)?.[reader];
  return typeof line === "function" ? line(e, me, say) : undefined;
}

/** Whether an agent took an end back at once with it: no episode begins, and the last one goes on. */
export const isUndo = ({ body }: Entry): boolean => !!(body as { undo?: boolean } | null)?.undo;

/** Without the ends that were taken back, and what took them back: for the customer, nothing ended. */
export const withoutUndone = (entries: readonly Entry[]): Entry[] =>
  entries.filter(
    (e, i) => !isUndo((e.kind === "resolved" && entries.slice(i).find((e) => e.kind === "reopened")) || e),
  );

/** The state in which an entry leaves the conversation; undefined if it does not change it. */
export function stateAfter(e: Entry): ConversationStateName | undefined {
  const state = of(e)?.state;
  return typeof state === "function" ? state(e) : state;
}

export const ownerOf = (state: ConversationStateName): Owner =>
  /queued|offered/.test(state) ? "queue" : /resolved|closed/.test(state) ? "none" : state === "bot" ? "bot" : "agent";

/** Who has the conversation after an entry; undefined if it does not change that. */
export function ownerAfter(e: Entry): Owner | undefined {
  const state = stateAfter(e);
  return state && ownerOf(state);
}

/** Who had the conversation before an entry; undefined if it does not tell. */
export function ownerBefore(e: Entry): Owner | undefined {
  const before = of(e)?.before;
  return typeof before === "function" ? before(e) : before;
}
