import { uuid } from "./ids";
import type { OpenContext, SendBody } from "./types";

const MAX_TEXT = 32 * 1024;
/** After so many characters the rest goes out later: a POST holds 256 KiB, of which one more text, at its longest, takes 192. */
const MAX_BATCH = 16e3;
const bytes = (text: string): number => new Blob([text]).size;

/** One send that the server has not answered for good. */
export interface Pending {
  client_id: string;
  conversation: string;
  body: SendBody;
  open?: OpenContext | undefined;
  /** when it was first sent */
  at: number;
  /** why it is not sent: it is kept, with the reason, until it is dropped or tried again */
  code?: string;
  /** of a file that was chosen and never uploaded: its name (code `choose_again`) */
  name?: string;
  /** set once `ok` came; only conversation states use it, the outbox forgets such sends */
  seq?: number;
}

/** Where sends survive a reload. */
export interface OutboxStorage {
  load(): Pending[];
  save(list: readonly Pending[]): void;
}

/** The unanswered sends in the order they were made. It knows what may go out now; it sends nothing itself. */
export class Outbox {
  #storage: OutboxStorage | undefined;
  #list: Pending[];
  /** conversation -> time until which the server asked us to hold back */
  #held = new Map<string, number>();
  /** client ids handed to the present link, with the time */
  #flying = new Map<string, number>();

  constructor(storage?: OutboxStorage) {
    this.#storage = storage;
    this.#list = storage?.load() ?? [];
  }

  add(p: Pending): void {
    this.#list.push(p);
    this.#save();
  }

  /** Sends another page left behind. They are older than what is here. */
  adopt(list: readonly Pending[]): void {
    this.#list = [...list.filter((p) => !this.find(p.client_id)), ...this.#list];
    this.#save();
  }

  of(conversation?: string): Pending[] {
    return this.#list.filter((p) => !conversation || p.conversation === conversation);
  }

  find(clientId: string): Pending | undefined {
    return this.#list.find((p) => p.client_id === clientId);
  }

  drop(clientId: string): void {
    const n = this.#list.length;
    this.#list = this.#list.filter((p) => p.client_id !== clientId);
    this.#flying.delete(clientId);
    if (n !== this.#list.length) this.#save();
  }

  /** The server refused it for good. */
  fail(clientId: string, code: string): void {
    const p = this.find(clientId);
    if (!p) return;
    p.code = code;
    this.#flying.delete(clientId);
    this.#save();
  }

  /**
   * Try failed ones again, in their order. What was refused takes a new id, because its own will never be accepted. What was in flight when the server could not read
   * a frame got no answer and may be stored: it keeps its id. They go to the end, because newer ones may have been accepted.
   */
  revive(clientIds: readonly string[]): void {
    const again = this.#list.filter((p) => p.code && !p.name && clientIds.includes(p.client_id));
    if (!again.length) return;
    for (const p of again) {
      if (p.code !== "bad_frame") p.client_id = uuid();
      delete p.code;
    }
    this.#list = [...this.#list.filter((p) => !again.includes(p)), ...again];
    this.#save();
  }

  /** The visitor has another open conversation: everything meant for `from` goes there. */
  move(clientId: string, to: string): void {
    const from = this.find(clientId)?.conversation;
    if (!from || from === to) return;
    for (const p of this.of(from)) {
      p.conversation = to;
      delete p.open;
      this.#flying.delete(p.client_id);
    }
    this.#save();
  }

  /** Not now: this one, and everything after it in its conversation, waits and is repeated in order. */
  hold(clientId: string, until: number): void {
    const p = this.find(clientId);
    if (!p) return;
    this.#held.set(p.conversation, Math.max(until, this.#held.get(p.conversation) ?? 0));
    for (const q of this.of(p.conversation)) this.#flying.delete(q.client_id);
  }

  /** The link is gone: nothing is in flight any more. With a code: the server cannot read something of what was, and would end every link for it. */
  grounded(code?: string): void {
    if (code) for (const id of this.#flying.keys()) this.fail(id, code);
    this.#flying.clear();
    this.#held.clear();
  }

  /** What may go out now, in order; at most `room` in flight. Marks it as in flight. */
  take(now: number, room: number): Pending[] {
    const out: Pending[] = [];
    for (const p of this.#list) {
      if (this.#flying.size >= room || JSON.stringify(out).length > MAX_BATCH) break;
      // a frame beyond the server's limit would end the connection, again and again
      if (!p.code && "text" in p.body && bytes(p.body.text) > MAX_TEXT) p.code = "text_too_long";
      if (p.code || this.#flying.has(p.client_id) || (this.#held.get(p.conversation) ?? 0) > now) continue;
      this.#flying.set(p.client_id, now);
      out.push(p);
    }
    return out;
  }

  /** When the oldest send in flight left, or null. */
  oldest(): number | null {
    return this.#flying.size ? Math.min(...this.#flying.values()) : null;
  }

  #save(): void {
    this.#storage?.save(this.#list);
  }
}
