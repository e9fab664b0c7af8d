import { uuid } from "./ids";
import { Outbox, type OutboxStorage, type Pending } from "./outbox";
import type { ClientFrame, Hello, OpenContext, SendBody, ServerFrame } from "./types";

export type Frame = ServerFrame;
export type Transport = "ws" | "sse" | "poll";
export interface Status {
  /** connecting: a short gap, or the first try. down: tell the reader. */
  state: "connecting" | "live" | "down";
  since: number;
  /** when the next attempt starts, while one is planned */
  retryAt: number | null;
  transport: Transport | null;
  lastFrameAt: number;
}
export interface StreamOptions {
  /** origin of the server without a slash at the end; the page's own by default */
  base?: string;
  /** visitors only; `renew` is true when the server refused the last token */
  token?: (renew: boolean) => string | null | Promise<string | null>;
  onFrame(f: Frame): void;
  onStatus(s: Status): void;
  /** ask for a sign of life after 5 s of silence? */
  attentive(): boolean;
  transports?: Transport[];
  hello(): Hello;
  storage?: OutboxStorage;
}

const PING_AFTER = 5000;
const DEAD_AFTER = 9000;
const PROBE_WITHIN = 3000;
const CONNECT_WITHIN = 6000;
const OK_WITHIN = 2000;
const OK_AT_LATEST = 8000;
const IN_FLIGHT = 64;
const MOVE_WITHIN = 3000;

/** One attempt to be connected, on one transport. */
interface Link {
  transport: Transport;
  at: number;
  /** the server answered something */
  heard: boolean;
  posting: boolean;
  /** hands a frame to an open socket; the other transports send by POST */
  write?(f: ClientFrame): void;
  close(): void;
}

/** A connection that keeps itself alive, and an outbox that loses, doubles and reorders nothing (docs/PROTOCOL.md, "What a client must do"). */
export class EventStream {
  #o: StreamOptions;
  #outbox: Outbox;
  #link: Link | null = null;
  #order: Transport[];
  /** transports that were live on this network */
  #proven = new Set<Transport>();
  #index = 0;
  #attempt = 0;
  #started = false;
  #renew = false;
  #generation: string | undefined;
  #beat = 25000;
  #pingedAt = 0;
  #probing = false;
  #extra: ClientFrame[] = [];
  #marks = new Map<string, { received: number; read: number }>();
  #retryTimer: ReturnType<typeof setTimeout> | undefined;
  #clock: ReturnType<typeof setInterval> | undefined;
  #s: Status = { state: "connecting", since: Date.now(), retryAt: null, transport: null, lastFrameAt: 0 };

  constructor(o: StreamOptions) {
    this.#o = o;
    this.#outbox = new Outbox(o.storage);
    this.#order = o.transports ?? ["ws", "sse", "poll"];
  }

  get status(): Status {
    return this.#s;
  }

  start(): void {
    if (this.#started) return;
    this.#started = true;
    addEventListener("online", this.#wake);
    addEventListener("offline", this.#wake);
    document.addEventListener("visibilitychange", this.#wake);
    this.#clock = setInterval(this.#look, 500);
    this.#connect();
  }

  stop(): void {
    this.#started = false;
    removeEventListener("online", this.#wake);
    removeEventListener("offline", this.#wake);
    document.removeEventListener("visibilitychange", this.#wake);
    this.#unlink();
    clearTimeout(this.#retryTimer);
    clearInterval(this.#clock);
    this.#set("connecting", null);
  }

  /** What `hello()` answers has changed: say it again. */
  follow(): void {
    const link = this.#link;
    if (this.#s.state !== "live" || !link) return;
    if (link.write) void this.#greet().then((h) => this.#link === link && link.write?.(h));
    else this.#connect();
  }

  /** Puts a send into the outbox and, when live, on its way. Returns its client id. */
  send(conversation: string, body: SendBody, open?: OpenContext): string {
    const p: Pending = { client_id: uuid(), conversation, body, at: Date.now() };
    if (open) p.open = open;
    this.#outbox.add(p);
    this.#flush();
    return p.client_id;
  }

  /** Takes over sends that another page left behind; they are older than anything sent here. */
  adopt(list: readonly Pending[]): void {
    this.#outbox.adopt(list);
    this.#flush();
  }

  /** Tries a refused send again under the same client id. */
  resend(clientId: string): void {
    this.#outbox.revive(clientId);
    this.#flush();
  }

  drop(clientId: string): void {
    this.#outbox.drop(clientId);
  }

  pending(conversation: string): Pending[] {
    return this.#outbox.of(conversation);
  }

  /** Ordinals of the other side's messages that arrived here and that were seen. Only ever rises; repeated after a reconnect. */
  mark(stream: string, received: number, read: number): void {
    const m = this.#marks.get(stream);
    if (m && m.received >= received && m.read >= read) return;
    this.#marks.set(stream, { received, read });
    this.#say({ t: "mark", stream, received, read });
  }

  typing(conversation: string, on: boolean): void {
    this.#say({ t: "typing", conversation, on });
  }

  /** An older page; it comes as a `page` frame. */
  get(stream: string, from: number, to: number): void {
    if (this.#link?.write) this.#say({ t: "get", stream, from, to });
    else void this.#page(stream, from, to);
  }

  retryNow(): void {
    if (!this.#started || this.#s.state === "live") return;
    this.#attempt = 0;
    this.#connect();
  }

  // ------------------------------------------------------------ connecting

  #connect(): void {
    const keep = this.#link !== null && this.#s.state === "live";
    this.#unlink();
    clearTimeout(this.#retryTimer);
    const transport = this.#order[this.#index] ?? "poll";
    const link: Link = { transport, at: Date.now(), heard: false, posting: false, close() {} };
    this.#link = link;
    this.#set(keep ? "live" : this.#s.state === "live" ? "connecting" : this.#s.state, null);
    if (transport === "ws") this.#socket(link);
    else void this.#stream(link);
  }

  #unlink(): void {
    const link = this.#link;
    this.#link = null;
    this.#outbox.grounded();
    link?.close();
  }

  /** The link ended or was given up: plan the next attempt. */
  #lost(link: Link, silent = false, moving = false): void {
    if (link !== this.#link || !this.#started) return;
    const live = this.#s.state === "live";
    this.#unlink();
    let now = false;
    let down = silent;
    if (live) this.#attempt = 0;
    else if (this.#renew && this.#attempt === 0) {
      // the token was refused: the same transport again with a new one
      this.#attempt = 1;
      now = true;
    } else if (this.#stepDown(link)) now = true;
    else {
      this.#attempt++;
      down = true;
    }
    if (!now) this.#index = Math.max(0, this.#order.findIndex((t) => this.#proven.has(t)));
    const wait = now ? 0 : Math.random() * (moving ? MOVE_WITHIN : Math.min(30000, 1000 * 2 ** this.#attempt));
    this.#set(down ? "down" : live ? "connecting" : this.#s.state, Date.now() + wait);
    this.#retryTimer = setTimeout(() => this.#connect(), wait);
  }

  /** A transport that cannot pass here gives way to the next one; a server that is away does not. */
  #stepDown(link: Link): boolean {
    const away = this.#proven.has(link.transport) || (link.transport !== "ws" && !link.heard);
    if ((away && this.#attempt < 2) || this.#index + 1 >= this.#order.length) return false;
    this.#index++;
    return true;
  }

  async #greet(): Promise<ClientFrame> {
    const token = await this.#o.token?.(this.#renew);
    this.#renew = false;
    return {
      t: "hello",
      version: 1,
      ...(token ? { token } : {}),
      ...(this.#generation ? { generation: this.#generation } : {}),
      ...this.#o.hello(),
    };
  }

  async #fetch(path: string, body: object, signal?: AbortSignal, accept = "application/json"): Promise<Response> {
    const r = await fetch(this.#url(path), {
      method: "POST",
      headers: { "Content-Type": "application/json", Accept: accept },
      body: JSON.stringify(body),
      cache: "no-store",
      signal,
    });
    if (r.status === 401) this.#renew = true;
    if (!r.ok) throw new Error(r.statusText);
    return r;
  }

  #url(path: string): string {
    return (this.#o.base ?? location.origin) + path;
  }

  #socket(link: Link): void {
    const fail = () => this.#lost(link);
    this.#greet().then((hello) => {
      if (link !== this.#link) return;
      const ws = new WebSocket(this.#url("/ws").replace(/^http/, "ws"));
      link.close = () => {
        ws.onopen = ws.onmessage = ws.onclose = ws.onerror = null;
        ws.close();
      };
      link.write = (f) => {
        if (ws.readyState === 1) ws.send(JSON.stringify(f));
      };
      ws.onopen = () => link.write?.(hello);
      ws.onmessage = (e) => this.#read(link, String(e.data));
      ws.onclose = ws.onerror = fail;
    }, fail);
  }

  async #stream(link: Link): Promise<void> {
    const abort = new AbortController();
    link.close = () => abort.abort();
    const sse = link.transport === "sse";
    try {
      // A long poll is silent while nothing happens; a ping beside it tells at once whether the server is there.
      if (!sse) void this.#post(link, [{ t: "ping" }]);
      do {
        const hello = await this.#greet();
        if (link !== this.#link) return;
        const r = await this.#fetch("/rt/events", hello, abort.signal, sse ? "text/event-stream" : "application/x-ndjson");
        link.heard = true;
        if (!sse) {
          this.#read(link, await r.text());
          continue;
        }
        const reader = r.body?.getReader();
        const decoder = new TextDecoder();
        let rest = "";
        while (reader) {
          const { done, value } = await reader.read();
          if (done) break;
          const lines = (rest + decoder.decode(value, { stream: true })).split("\n");
          rest = lines.pop() ?? "";
          this.#read(link, lines.map((l) => (l.startsWith("data:") ? l.slice(5) : "")).join("\n"));
        }
      } while (!sse && link === this.#link);
    } catch {
      // an aborted or cut request ends like any other: `lost` decides what comes next
    }
    this.#lost(link);
  }

  // ------------------------------------------------------------ receiving

  #read(link: Link, text: string): void {
    if (link !== this.#link) return;
    this.#s.lastFrameAt = Date.now();
    this.#probing = false;
    for (const line of text.split("\n")) {
      if (line.trim()) this.#handle(link, JSON.parse(line) as Frame);
      if (link !== this.#link) return;
    }
    // the stream's first words are `welcome`; the answer to a poll or a POST is as good
    if (link.transport === "poll") this.#welcomed(link);
    this.#flush();
  }

  #welcomed(link: Link): void {
    if (this.#s.state === "live") return;
    this.#proven.add(link.transport);
    this.#attempt = 0;
    this.#set("live", null);
    for (const [stream, m] of this.#marks) this.#say({ t: "mark", stream, ...m });
  }

  #handle(link: Link, f: Frame): void {
    if (f.t === "welcome") {
      this.#generation = f.generation;
      this.#beat = f.beat_ms || this.#beat;
      this.#welcomed(link);
    } else if (f.t === "ok") this.#outbox.drop(f.client_id);
    else if (f.t === "busy") this.#outbox.hold(f.client_id, Date.now() + f.retry_ms);
    else if (f.t === "no") {
      if (f.code === "moving") {
        // the node ends; others serve on, and all its clients shall not come to them at once
        return this.#lost(link, false, true);
      } else if (!f.client_id) {
        this.#renew = true;
        if (f.code === "upgrade_required") this.stop();
      } else if (f.code === "use" && f.conversation) this.#outbox.move(f.client_id, f.conversation);
      else this.#outbox.fail(f.client_id, f.code);
    } else if (f.t === "entries" || f.t === "reset") {
      for (const e of f.entries) if (e.client_id) this.#outbox.drop(e.client_id);
    }
    this.#o.onFrame(f);
  }

  // ------------------------------------------------------------ sending

  #flush(): void {
    const link = this.#link;
    if (this.#s.state !== "live" || !link || link.posting) return;
    const frames: ClientFrame[] = this.#outbox.take(Date.now(), IN_FLIGHT).map(({ client_id, conversation, body, open }) => ({
      t: "send",
      conversation,
      client_id,
      body,
      ...(open ? { open } : {}),
    }));
    if (link.write) frames.forEach(link.write);
    else {
      frames.unshift(...this.#extra.splice(0));
      if (frames.length) void this.#post(link, frames);
    }
  }

  #say(f: ClientFrame): void {
    if (this.#s.state !== "live" || !this.#link) return;
    if (this.#link.write) this.#link.write(f);
    else {
      this.#extra.push(f);
      this.#flush();
    }
  }

  /** Sends beside a stream or a long poll: one batch at a time, in order. */
  async #post(link: Link, frames: ClientFrame[]): Promise<void> {
    link.posting = true;
    try {
      const token = await this.#o.token?.(false);
      // an empty batch is the ping of these transports
      const r = await this.#fetch("/rt/send", { ...(token ? { token } : {}), frames: frames.filter((f) => f.t !== "ping") });
      const answer = (await r.json()) as { frames?: Frame[] };
      link.posting = false;
      this.#read(link, (answer.frames ?? []).map((f) => JSON.stringify(f)).join("\n"));
    } catch {
      link.posting = false;
      this.#lost(link);
    }
  }

  /** Without a socket an older page is asked for as one poll that starts before it. */
  async #page(stream: string, from: number, to: number): Promise<void> {
    try {
      const r = await this.#fetch("/rt/events", { ...(await this.#greet()), cursors: { [stream]: from - 1 } });
      for (const line of (await r.text()).trim().split("\n")) {
        const f = JSON.parse(line) as Frame;
        if (f.t === "entries") this.#o.onFrame({ ...f, t: "page", from, to, entries: f.entries.filter((e) => e.seq <= to) });
      }
    } catch {
      // the reader presses again
    }
  }

  // ------------------------------------------------------------ watching

  /** When the present link is to be given up for its silence. */
  #deadline(): number {
    if (this.#probing) return this.#pingedAt + PROBE_WITHIN;
    return this.#s.lastFrameAt + (this.#o.attentive() ? DEAD_AFTER : this.#beat * 2.4);
  }

  /** Twice a second: what has become due? */
  #look = (): void => {
    const now = Date.now();
    const { state, since, lastFrameAt } = this.#s;
    const link = this.#link;
    if (state === "connecting" && now - since >= DEAD_AFTER) this.#set("down", this.#s.retryAt);
    if (!link) return;
    if (state !== "live") {
      if (now - link.at < CONNECT_WITHIN) return;
      link.heard = true; // something in between keeps it back
      return this.#lost(link);
    }
    const sent = this.#outbox.oldest();
    const unanswered = sent !== null && (now - sent >= OK_AT_LATEST || (now - sent >= OK_WITHIN && lastFrameAt < sent));
    if (unanswered || now >= this.#deadline()) return this.#lost(link, now - lastFrameAt >= DEAD_AFTER);
    if (this.#o.attentive() && now >= Math.max(link.at, this.#pingedAt) + PING_AFTER) this.#ping();
    this.#flush();
  };

  #ping(): void {
    this.#pingedAt = Date.now();
    this.#say({ t: "ping" });
  }

  #wake = (e: Event): void => {
    if (e.type === "offline") return this.#link ? this.#lost(this.#link, true) : undefined;
    if (e.type === "online") {
      this.#proven.clear();
      this.#index = 0;
    } else if (document.hidden) return;
    if (this.#s.state !== "live") this.retryNow();
    else if (Date.now() - this.#s.lastFrameAt > PING_AFTER) {
      this.#probing = true;
      this.#ping();
      }
  };

  #set(state: Status["state"], retryAt: number | null): void {
    const transport = this.#link?.transport ?? null;
    const s = this.#s;
    if (s.state === state && s.retryAt === retryAt && s.transport === transport) return;
    this.#s = { state, since: s.state === state ? s.since : Date.now(), retryAt, transport, lastFrameAt: s.lastFrameAt };
    this.#o.onStatus(this.#s);
  }
}
