import { stateAfter, type EntryOf } from "./kinds";
import type { Pending } from "./unsent";
import type {
  ConversationStateName,
  Entry,
  Mark,
  Marks,
  MessageBody,
  MessageEntry,
  OwnMarks,
  Place,
  ServerFrame,
  SpeakerKind,
} from "./types";

/** Everything a screen needs to draw one conversation. Plain data; `applyFrame` returns the next state. */
export interface ConversationView {
  id: string | null;
  /** the cursor: the last number applied, or null before the first reset */
  seq: number | null;
  generation: string | null;
  entries: readonly Entry[];
  /** a number was skipped: the missing entries have to be requested (by a hello) */
  gap: boolean;
  state: ConversationStateName;
  episode: number;
  agent: { name: string; number?: string; id?: string } | null;
  queue: string | null;
  marks: Marks;
  /** the last ordinal of each side's messages */
  ord: { customer: number; staff: number };
  typing: { by: SpeakerKind; name?: string } | null;
  place: Place | null;
  /** own sends that have no entry yet, in order */
  pending: readonly Pending[];
  gone: string | null;
}

export function emptyConversation(id: string | null = null): ConversationView {
  return {
    id,
    seq: null,
    generation: null,
    entries: [],
    gap: false,
    state: "bot",
    episode: 1,
    agent: null,
    queue: null,
    marks: { customer: { received: 0, read: 0 }, staff: { received: 0, read: 0 } },
    ord: { customer: 0, staff: 0 },
    typing: null,
    place: null,
    pending: [],
    gone: null,
  };
}

/** Combines the stream's unanswered sends with those that are answered but not yet in the log. */
export function withPending(c: ConversationView, list: readonly Pending[]): ConversationView {
  const ids = new Set(list.map((p) => p.client_id));
  return { ...c, pending: [...c.pending.filter((p) => p.seq !== undefined && !ids.has(p.client_id)), ...list] };
}

export function applyFrame(c: ConversationView, f: ServerFrame | OwnMarks): ConversationView {
  switch (f.t) {
    case "reset": {
      if (f.stream !== c.id) return c;
      let next: ConversationView = { ...emptyConversation(c.id), generation: f.generation, pending: c.pending };
      for (const e of f.entries) next = applyEntry(next, e);
      if (f.state) {
        const { state, episode, agent_name: name, agent_number: number } = f.state;
        next = { ...next, state, episode, agent: name ? { name, number: number ?? "" } : null };
      }
      return settle(raise({ ...next, seq: f.seq, entries: f.entries }, f.marks ?? {}));
    }
    case "entries": {
      if (f.stream !== c.id) return c;
      let next = c;
      for (const e of f.entries) {
        const cursor = next.seq ?? 0;
        if (e.seq <= cursor) continue;
        if (e.seq > cursor + 1) return { ...next, gap: true };
        // What is gone, or says something else, is nowhere on the page any more: everything is read again.
        if (/erased|recalled|corrected/.test(e.kind)) return { ...next, seq: null, gap: true };
        next = applyEntry({ ...next, seq: e.seq, entries: [...next.entries, e], gap: false }, e);
      }
      return next === c ? c : settle(next);
    }
    case "page": {
      const first = c.entries[0]?.seq ?? 0;
      const older = f.stream === c.id ? f.entries.filter((e) => e.seq < first) : [];
      return older.at(-1)?.seq === first - 1 ? { ...c, entries: [...older, ...c.entries] } : c;
    }
    case "marks":
      return f.stream === c.id ? raise(c, f) : c;
    case "welcome": {
      const m = c.id ? f.marks[c.id] : undefined;
      return m ? raise(c, m) : c;
    }
    case "typing":
      return f.conversation === c.id ? { ...c, typing: f.on ? { by: f.by, name: f.name } : null } : c;
    case "place":
      return f.conversation === c.id ? { ...c, place: f } : c;
    case "gone":
      return f.stream === c.id ? { ...c, gone: f.code } : c;
    case "ok":
      return settle(patch(c, f.client_id, { seq: f.seq }));
    case "no":
      if (!f.client_id) return c;
      // the stream resends it to the conversation that is already open
      return f.code === "use" ? c : patch(c, f.client_id, { code: f.code });
    default:
      return c;
  }
}

function patch(c: ConversationView, clientId: string, p: Partial<Pending>): ConversationView {
  return c.pending.some((x) => x.client_id === clientId)
    ? { ...c, pending: c.pending.map((x) => (x.client_id === clientId ? { ...x, ...p } : x)) }
    : c;
}

/** Drops the sends whose entry is in the log. */
export function settle(c: ConversationView): ConversationView {
  if (!c.pending.length) return c;
  const known = new Set(c.entries.map((e) => e.client_id));
  const pending = c.pending.filter((p) => !known.has(p.client_id) && (p.seq === undefined || p.seq > (c.seq ?? 0)));
  return pending.length === c.pending.length ? c : { ...c, pending };
}

function raise(c: ConversationView, m: Partial<Marks>): ConversationView {
  const up = (a: Mark, b?: Mark) =>
    b ? { received: Math.max(a.received, b.received), read: Math.max(a.read, b.read) } : a;
  return { ...c, marks: { customer: up(c.marks.customer, m.customer), staff: up(c.marks.staff, m.staff) } };
}

/** The ordinal of a message on its side; 0 for a product card, which does not count. */
const ordOf = (body: (MessageBody & { ord?: number }) | null, gone?: number): number => body?.ord ?? gone ?? 0;

/** Applies what an entry says about owner, episode and counts. */
function applyEntry(c: ConversationView, e: Entry): ConversationView {
  if (e.kind === "message") {
    const side = e.by.kind === "customer" ? "customer" : "staff";
    return {
      ...c,
      typing: c.typing?.by === e.by.kind ? null : c.typing,
      // Whatever either side says ends that the agent has set it aside.
      state: c.state === "on_hold" || c.state === "snoozed" ? "active" : c.state,
      ord: { ...c.ord, [side]: Math.max(c.ord[side], ordOf(e.body, e.ord)) },
    };
  }
  const state = stateAfter(e);
  if (!state) return c;
  const agent = state === "bot" || state === "queued" || state === "offered" ? null : c.agent;
  const next = { ...c, typing: null, place: null, state, agent };
  switch (e.kind) {
    case "opened":
      return { ...next, episode: e.body?.episode ?? c.episode };
    case "queued":
      return { ...next, queue: e.body?.queue || c.queue };
    case "transferred":
      return state === "queued" ? { ...next, queue: e.body?.to_name ?? c.queue } : next;
    case "assigned":
      return { ...next, agent: agentIn(e.body) };
    case "reopened":
      return { ...next, ...reopened(c, e.body), episode: e.body?.episode ?? c.episode };
    default:
      return next;
  }
}

const agentIn = (body: { name?: string; number?: string; agent?: string } | null) =>
  body?.name ? { name: body.name, number: body.number, id: body.agent } : null;

/** Old entries that continue with an agent name none: then it is the previous one, and if that is not known, the conversation is taken to wait. */
function reopened(c: ConversationView, body: EntryOf<"reopened">["body"]): Partial<ConversationView> {
  if (body?.with !== "agent") return {};
  const agent = agentIn(body) ?? c.agent;
  return agent ? { agent } : { state: "queued" };
}

export type Tick = "sending" | "accepted" | "delivered" | "read";

/** The delivery mark of one of the customer's or the agent's own messages. */
export function tickOf(
  c: Pick<ConversationView, "marks">,
  e: Pick<MessageEntry, "body">,
  own: "customer" | "staff",
): Tick {
  const other = c.marks[own === "customer" ? "staff" : "customer"];
  const ord = ordOf(e.body);
  if (ord <= other.read) return "read";
  if (ord <= other.received) return "delivered";
  return "accepted";
}

/** The number of messages of the other side that this side has not read. */
export function unreadOf(c: ConversationView, own: "customer" | "staff"): number {
  const other = own === "customer" ? "staff" : "customer";
  return Math.max(0, c.ord[other] - c.marks[own].read);
}
