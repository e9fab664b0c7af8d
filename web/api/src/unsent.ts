import { uuid } from "./ids";
import type { OpenContext, SendBody } from "./types";

const MAX_TEXT = 32 * 1024;
/** After this many characters the rest is sent later: a POST holds 256 KiB, of which one more text of maximum length takes 192. */
const MAX_BATCH = 16e3;
/** What keeps its place behind a file that is on its way: what is said, and what ends the saying. Nobody waits for a person because of a file. */
const ordered = /text|file|choice|product|note|whisper|end|resolve|trans|hand/;
const bytes = (text: string): number => new Blob([text]).size;

/** One send to which the server has not given its final answer. */
export interface Pending {
  client_id: string;
  conversation: string;
  body: SendBody;
  open?: OpenContext | undefined;
  /** when it was first sent */
  at: number;
  /** why it is not sent; it is kept, with the reason, until it is dropped or retried */
  code?: string;
  /** the name of a file that was chosen and never uploaded (code `choose_again`) */
  name?: string;
  /** set once `ok` arrived; used by conversation states only, because such sends are no longer unsent */
  seq?: number;
}

/** Where sends survive a reload. */
export interface UnsentStorage {
  load(): Pending[];
  save(list: readonly Pending[]): void;
}

/** The unanswered sends in the order they were made. It decides what may be sent now; it sends nothing itself. */
export class Unsent {
  #storage: UnsentStorage | undefined;
  #list: Pending[];
  /** conversation -> the time until which the server asked us to hold its sends */
  #held = new Map<string, number>();
  /** client ids passed to the current link, with the time */
  #flying = new Map<string, number>();
  /** client ids of files that this page is uploading: what is said after one waits for [`uploaded`] */
  readonly uploading = new Set<string>();

  constructor(storage?: UnsentStorage) {
    this.#storage = storage;
    this.#list = storage?.load() ?? [];
  }

  add(p: Pending): void {
    this.#list.push(p);
    this.#save();
  }

  /** Adds sends that another page left behind. They are older than those already here. */
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

  /** The upload has ended: the file is sent in the place where it was chosen. With null it is not, and nothing waits for it. */
  uploaded(clientId: string, file: string | null): void {
    this.uploading.delete(clientId);
    const p = this.find(clientId);
    if (!p || !file) return;
    p.body = { type: "file", file };
    delete p.code;
    delete p.name;
    this.#save();
  }

  /** Records that the server permanently refused a send. */
  fail(clientId: string, code: string): void {
    const p = this.find(clientId);
    if (!p) return;
    p.code = code;
    this.#flying.delete(clientId);
    this.#save();
  }

  /**
   * Retries failed sends in order. A refused send gets a new id, because its own will never be accepted. One that was in flight when the server could not read
   * a frame got no answer and may be stored, so it keeps its id. They move to the end, because newer ones may have been accepted.
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

  /** The visitor has another open conversation: everything addressed to `from` goes there. */
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

  /** Holds this send and everything after it in its conversation until a time; they are then repeated in order. */
  hold(clientId: string, until: number): void {
    const p = this.find(clientId);
    if (!p) return;
    this.#held.set(p.conversation, Math.max(until, this.#held.get(p.conversation) ?? 0));
    for (const q of this.of(p.conversation)) this.#flying.delete(q.client_id);
  }

  /**
   * The link is gone, so nothing is in flight any more. With a code: the server could
   * not read one of the sends in flight, and would end every link because of it.
   */
  grounded(code?: string): void {
    if (code) for (const id of this.#flying.keys()) this.fail(id, code);
    this.#flying.clear();
    this.#held.clear();
  }

  /** The sends that may go out now, in order, with at most `room` in flight. Marks them as in flight. */
  take(now: number, room: number): Pending[] {
    const out: Pending[] = [];
    const behind = new Set<string>();
    for (const p of this.#list) {
      if (this.#flying.size >= room || JSON.stringify(out).length > MAX_BATCH) break;
      // a frame above the server's limit would end the connection again and again
      if (!p.code && "text" in p.body && bytes(p.body.text) > MAX_TEXT) p.code = "text_too_long";
      if (this.uploading.has(p.client_id)) behind.add(p.conversation);
      if (behind.has(p.conversation) && ordered.test(p.body.type)) {
        p.at = now;
        continue;
      }
      if (p.code || this.#flying.has(p.client_id) || (this.#held.get(p.conversation) ?? 0) > now) continue;
      this.#flying.set(p.client_id, now);
      out.push(p);
    }
    return out;
  }

  /** When the oldest send in flight was sent, or null. */
  oldest(): number | null {
    return this.#flying.size ? Math.min(...this.#flying.values()) : null;
  }

  #save(): void {
    this.#storage?.save(this.#list);
  }
}
