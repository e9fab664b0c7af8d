import { vi } from "vitest";
import { applyStaffFrame } from "@yingda/api/amend";
import { emptyConversation, type ConversationView } from "@yingda/api/conversation";
import type { Frame, Status } from "@yingda/api/stream";
import type { ClientFrame, Entry, ServerFrame } from "@yingda/api/types";
import type { Pending } from "@yingda/api/unsent";
import { openShared, type SharedStream } from "../src/live/tabs/shared";
import type { Said, World } from "../src/live/tabs/world";

/** Numbers that look random and are the same for the same seed. */
export function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Delivers in order, each after a random delay. */
class Wire {
  private readonly due: (() => void)[] = [];
  private readyAt = 0;
  isCut = false;
  constructor(private readonly random: () => number) {}

  carry(what: () => void) {
    this.due.push(what);
    this.readyAt = Math.max(this.readyAt, Date.now() + Math.floor(this.random() * 40));
    setTimeout(() => {
      const next = this.due.shift();
      if (!this.isCut) next?.();
    }, this.readyAt - Date.now());
  }
}

interface Connection {
  sent: Map<string, number | null>;
  say(...frames: ServerFrame[]): void;
  cut(): void;
}
type Stream = "cnv_1" | "tnt_1";

/** A server with one conversation, which it numbers and stores once. */
export class FakeServer {
  readonly logs: Record<Stream, Entry[]> = { cnv_1: [], tnt_1: [] };
  readonly connections = new Set<Connection>();
  private readonly known = new Map<string, number>();
  isAway = false;
  /** it speaks a newer protocol than the pages */
  isNewer = false;
  private generation = "g";

  /** Another history begins. */
  rewind() {
    this.generation += "+";
    for (const log of Object.values(this.logs)) log.length = 0;
    for (const one of [...this.connections]) one.cut();
  }

  append(stream: Stream, text: string, clientId?: string): number {
    const log = this.logs[stream];
    const seq = log.length + 1;
    const by = { kind: clientId ? "agent" : "customer", name: "x" };
    const kind = stream === "tnt_1" ? "queues_changed" : "message";
    log.push({
      seq,
      kind,
      v: 1,
      at: Date.now(),
      by,
      body: { type: "text", text, ord: seq },
      ...(clientId ? { client_id: clientId } : {}),
    } as unknown as Entry);
    for (const one of this.connections) this.pump(one);
    return seq;
  }

  hear(one: Connection, frame: ClientFrame) {
    if (!this.connections.has(one)) return;
    if (frame.t === "ping") one.say({ t: "pong", heads: {} });
    if (frame.t === "hello" && this.isNewer) {
      one.say({ t: "no", code: "upgrade_required" });
      return;
    }
    const isKnown = frame.t === "hello" && frame.generation === this.generation;
    if (frame.t === "hello")
      this.greet(
        one,
        Object.fromEntries(
          Object.entries(frame.cursors ?? {}).map(([of, at]) => [of, isKnown || at === 0 ? at : null]),
        ),
      );
    if (frame.t === "get") {
      const entries = this.logs[frame.stream as Stream].slice(frame.from - 1, frame.to);
      for (let at = 0; at < entries.length; at += 7) {
        const piece = entries.slice(at, at + 7);
        const to = at + 7 >= entries.length ? frame.to : (piece.at(-1)?.seq ?? 0);
        one.say({ t: "page", stream: frame.stream, from: frame.from + at, to, entries: piece });
      }
    }
    if (frame.t === "send" && frame.body.type === "text") {
      const seq = this.known.get(frame.client_id) ?? this.append("cnv_1", frame.body.text, frame.client_id);
      this.known.set(frame.client_id, seq);
      one.say({ t: "ok", client_id: frame.client_id, seq, at: 0 });
    }
  }

  private greet(one: Connection, cursors: Record<string, number | null>) {
    const heads: Record<string, number> = {};
    for (const stream of one.sent.keys()) if (!(stream in cursors)) one.sent.delete(stream);
    for (const [stream, cursor] of Object.entries(cursors)) {
      heads[stream] = this.logs[stream as Stream].length;
      if (cursor === null || !one.sent.has(stream)) one.sent.set(stream, cursor);
    }
    one.say({
      t: "welcome",
      generation: this.generation,
      heads,
      marks: {},
      now: Date.now(),
      beat_ms: 25_000,
    } as ServerFrame);
    one.say({ t: "lists", mine: [], queue: [] });
    this.pump(one);
  }

  private pump(one: Connection) {
    for (const [stream, sent] of one.sent) {
      const log = this.logs[stream as Stream];
      if (sent === null || sent > log.length) {
        const entries = log.slice(-5);
        one.say({
          t: "reset",
          stream,
          generation: this.generation,
          seq: log.length,
          state: null,
          marks: null,
          entries,
        });
      } else if (sent < log.length) one.say({ t: "entries", stream, entries: log.slice(sent) });
      one.sent.set(stream, log.length);
    }
  }
}

/** A browser in which tabs open, freeze and die. */
export class Browser {
  readonly tabs: Tab[] = [];
  private readonly locks = new Map<string, Held[]>();
  private readonly wires = new Map<string, Wire>();

  constructor(
    readonly server: FakeServer,
    readonly random: () => number,
    readonly real: Parameters<typeof openShared>[3],
  ) {
    const browser = this;
    vi.stubGlobal(
      "WebSocket",
      class {
        readyState = 0;
        onopen: (() => void) | null = null;
        onmessage: ((e: { data: string }) => void) | null = null;
        onclose: (() => void) | null = null;
        onerror: (() => void) | null = null;
        private readonly up = new Wire(random);
        private readonly down = new Wire(random);
        private readonly connection: Connection = {
          sent: new Map(),
          say: (...frames) => {
            const text = frames.map((one) => JSON.stringify(one)).join("\n");
            this.down.carry(() => this.onmessage?.({ data: text }));
          },
          cut: () => {
            server.connections.delete(this.connection);
            this.up.isCut = this.down.isCut = true;
            this.readyState = 3;
            setTimeout(() => this.onclose?.(), 0);
          },
        };
        constructor() {
          setTimeout(() => {
            if (server.isAway || this.readyState === 3) return this.onclose?.();
            server.connections.add(this.connection);
            this.readyState = 1;
            this.onopen?.();
          }, 5);
        }
        send(text: string) {
          this.up.carry(() => server.hear(this.connection, JSON.parse(text) as ClientFrame));
        }
        close() {
          // What was written may or may not arrive.
          if (browser.random() < 0.5) this.up.isCut = true;
          this.down.isCut = true;
          this.readyState = 3;
          setTimeout(() => server.connections.delete(this.connection), 60);
        }
      },
    );
  }

  get living(): Tab[] {
    return this.tabs.filter(({ isDead }) => !isDead);
  }

  open(name = "ada"): Tab {
    const tab = new Tab(this, `t${this.tabs.length}`, name);
    this.tabs.push(tab);
    tab.stream.start();
    return tab;
  }

  worldOf(tab: Tab): World {
    return {
      id: tab.id,
      channel: (name, hear) => {
        tab.hear = (said) => hear(said);
        tab.channel = name;
        return { post: (said) => this.post(tab, said), close: () => (tab.channel = null) };
      },
      hold: (name, work, how) => this.hold(tab, name, work, how),
      hasFocus: () => tab.hasFocus,
    };
  }

  private post(from: Tab, said: Said) {
    if (from.isDead) return;
    for (const to of this.tabs) {
      if (to === from || to.channel !== from.channel) continue;
      const key = `${from.id} ${to.id}`;
      const wire = this.wires.get(key) ?? new Wire(this.random);
      this.wires.set(key, wire);
      const copy = JSON.parse(JSON.stringify(said)) as Said;
      wire.carry(() => to.whenAwake(() => to.hear(copy)));
    }
  }

  private hold(tab: Tab, name: string, work: () => Promise<void>, how: Parameters<World["hold"]>[2]): Promise<void> {
    return new Promise((resolve, reject) => {
      const queue = this.locks.get(name) ?? [];
      this.locks.set(name, queue);
      const stop = new DOMException("aborted", "AbortError");
      const held: Held = {
        tab,
        isHeld: false,
        begin: () => {
          held.isHeld = true;
          void work().then(() => {
            this.release(name, held);
            resolve();
          });
        },
        lose: () => tab.whenAwake(() => reject(stop)),
      };
      if ("steal" in how) {
        const [first] = queue;
        if (first?.isHeld) {
          queue.shift();
          first.lose();
        }
        queue.unshift(held);
      } else {
        queue.push(held);
        how.signal.addEventListener("abort", () => {
          if (held.isHeld) return;
          this.release(name, held);
          reject(stop);
        });
      }
      this.next(name);
    });
  }

  private release(name: string, held: Held) {
    const queue = this.locks.get(name) ?? [];
    this.locks.set(
      name,
      queue.filter((one) => one !== held),
    );
    this.next(name);
  }

  private next(name: string) {
    const first = this.locks.get(name)?.[0];
    if (first && !first.isHeld)
      setTimeout(() => !first.isHeld && this.locks.get(name)?.[0] === first && first.begin(), 1);
  }

  forget(tab: Tab) {
    for (const [name, queue] of this.locks) for (const one of queue) if (one.tab === tab) this.release(name, one);
  }
}

interface Held {
  tab: Tab;
  isHeld: boolean;
  begin(): void;
  lose(): void;
}

/** A tab that reads the conversation and the company's stream. */
export class Tab {
  readonly stream: SharedStream;
  view: ConversationView = emptyConversation("cnv_1");
  tenantSeq: number | null = null;
  readonly heard: Frame[] = [];
  status: Status | null = null;
  isDead = false;
  hasFocus = false;
  channel: string | null = null;
  hear: (said: Said) => void = () => undefined;
  unsent: readonly Pending[] = [];
  private look: () => void = () => undefined;
  private readonly clock = setInterval(() => this.whenAwake(() => this.look(), false), 500);
  private waiting: (() => void)[] | null = null;

  constructor(
    private readonly browser: Browser,
    readonly id: string,
    name: string,
  ) {
    this.stream = openShared(
      {
        base: "http://test",
        attentive: () => true,
        hello: () => ({ cursors: { cnv_1: this.view.seq, tnt_1: this.tenantSeq }, lists: ["mine"], panel: false }),
        onFrame: (frame) => this.take(frame),
        onStatus: (status) => (this.status = status),
        ticker: (look) => {
          this.look = look;
          return () => (this.look = () => undefined);
        },
        storage: { load: () => [], save: (list) => (this.unsent = [...list]) },
      },
      name,
      browser.worldOf(this),
      browser.real,
    );
  }

  private take(frame: Frame) {
    this.heard.push(frame);
    const before = this.view;
    this.view = applyStaffFrame(before, frame);
    if ((frame.t === "entries" || frame.t === "reset") && frame.stream === "tnt_1") {
      const last = frame.t === "reset" ? frame.seq : (frame.entries.at(-1)?.seq ?? 0);
      if (frame.t === "entries" && (frame.entries[0]?.seq ?? 0) > (this.tenantSeq ?? 0) + 1)
        throw new Error(`${this.id}: ${String(frame.entries[0]?.seq)} after ${String(this.tenantSeq)}`);
      this.tenantSeq = frame.t === "reset" ? last : Math.max(last, this.tenantSeq ?? 0);
    }
    if (this.view.gap && !before.gap) this.stream.follow();
  }

  whenAwake(what: () => void, keep = true) {
    if (this.isDead) return;
    if (!this.waiting) what();
    else if (keep) this.waiting.push(what);
  }
  freeze() {
    this.waiting ??= [];
  }
  thaw() {
    const waiting = this.waiting ?? [];
    this.waiting = null;
    for (const one of waiting) one();
  }

  say(text: string): string {
    return this.stream.send("cnv_1", { type: "text", text });
  }

  /** It is gone at once, and what it had not sent is taken over, as `Shelf` does. */
  die() {
    this.isDead = true;
    clearInterval(this.clock);
    const left = [...this.unsent];
    this.stream.stop();
    this.browser.forget(this);
    const [heir] = this.browser.living;
    if (left.length > 0) heir?.stream.adopt(left);
  }
}
