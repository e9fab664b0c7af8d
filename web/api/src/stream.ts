import { uuid } from "./ids";
import { Link, MOVING, openEvents, openSocket, post as request, type Transport } from "./link";
import { Outbox, type OutboxStorage, type Pending } from "./outbox";
import type { ClientFrame, Hello, OpenContext, SendBody, ServerFrame } from "./types";

export type Frame = ServerFrame;
export type { Transport };
export interface Status {
  /** live: connected, and nothing is missing. connecting: a short gap, or the first try. down: tell the reader. */
  state: "connecting" | "live" | "down";
  /** when the next attempt starts, while one is planned */
  retryAt: number | null;
  /** the server was reached; what was missed is on its way */
  reached: boolean;
  /** the browser says that this device has no network */
  offline: boolean;
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
  /** is somebody waiting for what comes? Then a ping every 5 s tells whether both directions are whole */
  attentive(): boolean;
  transports?: Transport[];
  hello(): Hello;
  storage?: OutboxStorage;
  /** calls regularly, twice a second by default; returns how to end that */
  ticker?: (look: () => void) => () => void;
}

const LOOK_EVERY = 500;
const PING_AFTER = 5000;
/** A ping without an answer for so long: one direction at least is dead. */
const PONG_WITHIN = 4000;
/** Nothing is kept from the reader for longer. */
const DEAD_AFTER = 9000;
const CONNECT_WITHIN = 6000;
const OK_WITHIN = 2000;
const OK_AT_LATEST = 8000;
const IN_FLIGHT = 64;
/** A long poll answers after 25 s at the latest. */
const POLL_WITHIN = 35000;
/** A server that moves is followed without a word for so long. */
const MOVE_QUIETLY = 3000;
/** A better transport is tried again after this, and after twice as long each time it did not get through. */
const CLIMB_AFTER = 60000;
const CLIMB_AT_MOST = 16 * CLIMB_AFTER;
/** A try that keeps others waiting is short. */
const CLIMB_WITHIN = 3000;

/** A connection that keeps itself alive, and an outbox that loses, doubles and reorders nothing (docs/PROTOCOL.md, "What a client must do"). */
export interface EventStream {
  readonly status: Status;
  start(): void;
  /** Ends the connection and forgets its marks; what was not answered stays in the outbox. It may be started again. */
  stop(): void;
  /** What `hello()` answers has changed: say it again. */
  follow(): void;
  /** Puts a send into the outbox and, when live, on its way. Returns its client id. */
  send(conversation: string, body: SendBody, open?: OpenContext): string;
  /** Remembers that a file was chosen whose bytes are not on the server: if this page ends now, the next one says so. */
  chosen(conversation: string, name: string): string;
  /** Takes over sends that another page left behind; they are older than anything sent here. */
  adopt(list: readonly Pending[]): void;
  /** Tries refused sends again under the same client ids, in the order in which they were made. */
  resend(...clientIds: string[]): void;
  drop(clientId: string): void;
  /** The unanswered sends of one conversation, or of all. */
  pending(conversation?: string): Pending[];
  /** Ordinals of the other side's messages that arrived here and that were seen. Only ever rises; repeated after a reconnect. */
  mark(stream: string, received: number, read: number): void;
  typing(conversation: string, on: boolean): void;
  /** An older page; it comes as a `page` frame. */
  get(stream: string, from: number, to: number): void;
  retryNow(): void;
}

/** Makes a stream; it connects when it is started. A function whose locals are its state: as a class it would be a quarter of a kilobyte more for every customer. */
export function openStream(o: StreamOptions): EventStream {
  const base = o.base ?? location.origin;
  const outbox = new Outbox(o.storage);
  const order: Transport[] = o.transports ?? ["ws", "sse", "poll"];
  let here: Link | null = null;
  let climbAt = 0;
  let climbAfter = CLIMB_AFTER;
  /** transports that were live on this network */
  const proven = new Set<Transport>();
  let index = 0;
  let attempt = 0;
  /** ends what was begun, and is there as long as it goes on */
  let life: AbortController | null = null;
  let renew = false;
  let generation: string | undefined;
  let beat = 25000;
  let pingedAt = 0;
  /** the oldest ping without an answer */
  let askedAt = 0;
  /** when both directions were last known to be whole */
  let provenAt = 0;
  /** stream -> head that the greeting named and that is not here yet */
  let behind = new Map<string, number>();
  let isCurrent = false;
  let isDown = false;
  let isOffline = false;
  /** until when a gap is kept from the reader; of a move also if attempts fail */
  let quietUntil = 0;
  let isMoving = false;
  let retryAt: number | null = null;
  /** what is wanted has changed since the last greeting */
  let isStale = false;
  const extra: ClientFrame[] = [];
  const marks = new Map<string, { received: number; read: number }>();
  let retryTimer: ReturnType<typeof setTimeout> | undefined;
  let status: Status = { state: "connecting", retryAt: null, reached: false, offline: false, transport: null, lastFrameAt: 0 };

  function start(): void {
    if (life) return;
    life = new AbortController();
    const { signal } = life;
    isOffline = !navigator.onLine;
    quietUntil = Date.now() + DEAD_AFTER;
    addEventListener("online", wake, { signal });
    addEventListener("offline", wake, { signal });
    document.addEventListener("visibilitychange", wake, { signal });
    signal.onabort = (o.ticker ?? everyHalfSecond)(look);
    connect();
  }

  function stop(): void {
    life?.abort();
    life = retryAt = null;
    unlink();
    // somebody else may start it again
    marks.clear();
    extra.length = 0;
    clearTimeout(retryTimer);
    isCurrent = isDown = false;
    show();
  }

  function follow(): void {
    const link = here;
    isStale = true;
    if (!link?.usable) return;
    if (link.write) void greet(link).then((h) => here === link && link.write?.(h), () => lost(link));
    else connect(true);
  }

  function send(conversation: string, body: SendBody, open?: OpenContext): string {
    const p: Pending = { client_id: uuid(), conversation, body, at: Date.now(), open };
    outbox.add(p);
    flush();
    return p.client_id;
  }

  function chosen(conversation: string, name: string): string {
    const p: Pending = { client_id: uuid(), conversation, body: { type: "file", file: "" }, at: Date.now(), code: "choose_again", name };
    outbox.add(p);
    return p.client_id;
  }

  function mark(stream: string, received: number, read: number): void {
    const m = marks.get(stream);
    if (m && m.received >= received && m.read >= read) return;
    marks.set(stream, { received, read });
    say({ t: "mark", stream, received, read });
  }

  function get(stream: string, from: number, to: number): void {
    if (here?.write) say({ t: "get", stream, from, to });
    else void page(stream, from, to);
  }

  function retryNow(): void {
    if (!life || here?.usable) return;
    attempt = 0;
    connect();
  }

  // ------------------------------------------------------------ connecting

  /** `keep`: the same link under another hello; sends go on meanwhile. */
  function connect(keep = false): void {
    const link = new Link(order[index] ?? "poll");
    link.usable = keep && !!here?.usable;
    unlink();
    clearTimeout(retryTimer);
    retryAt = null;
    here = link;
    show();
    // A long poll is silent while nothing happens; a ping beside it tells at once whether the server is there.
    if (link.transport === "poll") void post(link, []);
    void (link.transport === "ws" ? openSocket : openEvents)(link, { base, greet, heard, lost });
  }

  function unlink(): void {
    const link = here;
    here = null;
    askedAt = 0;
    outbox.grounded();
    link?.end.abort();
  }

  /** The link ended or was given up: plan the next attempt. */
  function lost(link: Link, silent = false): void {
    if (link !== here || !life) return;
    renew ||= link.status === 401;
    const now = Date.now();
    const sent = outbox.oldest() ?? now;
    unlink();
    let again = false;
    if (link.usable) {
      isMoving = link.parting === MOVING;
      attempt = /^too|busy/.test(link.parting) ? 4 : 0;
      if (isCurrent) quietUntil = isMoving ? now + MOVE_QUIETLY : (o.attentive() ? Math.min(now, provenAt) : sent) + DEAD_AFTER;
      isCurrent = false;
    } else if (renew && attempt === 0) {
      // the token was refused: the same transport again with a new one
      attempt = 1;
      again = true;
    } else if (!link.retry_ms && stepDown(link)) again = true;
    else {
      attempt++;
      silent ||= !isMoving;
    }
    if (silent) {
      isDown = true;
      isCurrent = false;
    }
    if (!again) index = Math.max(0, order.findIndex((t) => proven.has(t)));
    // who is told when to come is told so one after another
    const wait = again ? 0 : link.retry_ms || Math.random() * Math.min(30000, 1000 * 2 ** attempt);
    retryAt = now + wait;
    show();
    retryTimer = setTimeout(() => connect(), wait);
  }

  /** A transport that cannot pass here gives way to the next one; a server that is away does not. */
  function stepDown(link: Link): boolean {
    const away = proven.has(link.transport) || (link.transport !== "ws" && !link.status);
    if ((away && attempt < 2) || index + 1 >= order.length) return false;
    index++;
    return true;
  }

  async function greet(link: Link): Promise<ClientFrame> {
    const token = await o.token?.(renew);
    renew = false;
    isStale = false;
    const hello = o.hello();
    link.cursors = hello.cursors;
    return {
      t: "hello",
      version: 1,
      token: token || undefined,
      generation,
      ...hello,
    };
  }

  // ------------------------------------------------------------ receiving

  function heard(link: Link, text: string): void {
    if (link !== here) return;
    status.lastFrameAt = Date.now();
    for (const line of text.split("\n")) {
      if (line.trim()) handle(link, JSON.parse(line) as Frame);
      if (link !== here) return;
    }
    // the stream's first words are `welcome`; the answer to a poll or a POST is as good
    if (link.transport === "poll") welcomed(link);
    settle(link);
    flush();
  }

  /** Both directions are whole. */
  function proved(): void {
    provenAt = Date.now();
    askedAt = 0;
  }

  function welcomed(link: Link, heads: Record<string, number> = {}): void {
    if (link.greeted) return;
    link.greeted = true;
    if (link.transport !== "poll") proved();
    if (!isCurrent) behind = new Map(Object.entries(heads).filter(([stream, head]) => link.cursors[stream] !== head));
    if (link.usable) return;
    link.usable = true;
    proven.add(link.transport);
    attempt = 0;
    climbAt = Date.now() + climbAfter;
    for (const [stream, m] of marks) say({ t: "mark", stream, ...m });
    if (isStale) follow();
  }

  /** Back, and not only connected: what was missed is here. A stream that stays behind for long is not waited for. */
  function settle(link: Link): void {
    if (!link.greeted || isCurrent) return;
    if (behind.size && Date.now() - link.saidAt < DEAD_AFTER) return show();
    isCurrent = true;
    isDown = isOffline = isMoving = false;
    show();
  }

  function handle(link: Link, f: Frame): void {
    if (f.t === "welcome") {
      generation = f.generation;
      beat = f.beat_ms || beat;
      welcomed(link, f.heads);
    } else if (f.t === "pong") proved();
    else if (f.t === "ok") {
      proved();
      outbox.drop(f.client_id);
    } else if (f.t === "busy") {
      proved();
      outbox.hold(f.client_id, Date.now() + f.retry_ms);
    } else if (f.t === "no") refused(link, f);
    else if (f.t === "entries" || f.t === "reset") {
      link.saidAt = Date.now();
      for (const e of f.entries) if (e.client_id) outbox.drop(e.client_id);
      if (f.t === "reset" || (f.entries.at(-1)?.seq ?? 0) >= (behind.get(f.stream) ?? 0)) behind.delete(f.stream);
    } else if (f.t === "gone") behind.delete(f.stream);
    o.onFrame(f);
  }

  function refused(link: Link, { client_id, code, conversation, retry_ms }: Extract<Frame, { t: "no" }>): void {
    if (client_id) {
      proved();
      if (code === "use" && conversation) outbox.move(client_id, conversation);
      else outbox.fail(client_id, code);
      return;
    }
    link.parting = code;
    link.retry_ms = retry_ms;
    renew ||= /sign|token/.test(code);
    if (code === "upgrade_required") stop();
    if (code === "bad_frame") outbox.grounded(code);
  }

  // ------------------------------------------------------------ sending

  function flush(): void {
    const link = here;
    if (!link?.usable || link.posting) return;
    const frames: ClientFrame[] = outbox.take(Date.now(), IN_FLIGHT).map(({ client_id, conversation, body, open }) => ({
      t: "send",
      conversation,
      client_id,
      body,
      open,
    }));
    if (link.write) frames.forEach(link.write);
    else {
      frames.unshift(...extra.splice(0, IN_FLIGHT - frames.length));
      if (frames.length) void post(link, frames);
    }
  }

  function say(f: ClientFrame): void {
    const link = here;
    if (!link?.usable) return;
    if (link.write) link.write(f);
    else {
      extra.push(f);
      flush();
    }
  }

  /** Sends beside a stream or a long poll: one batch at a time, in order. An empty batch is the ping of these transports, beside whatever else is on its way. */
  async function post(link: Link, frames: ClientFrame[]): Promise<void> {
    const sends = frames.length > 0;
    link.posting ||= sends;
    const posted = () => (link.posting &&= !sends);
    try {
      const answers = await ask(link, frames);
      posted();
      if (link === here) proved();
      heard(link, answers.map((f) => JSON.stringify(f)).join("\n"));
    } catch {
      posted();
      // something in this batch will never be taken
      if (link === here && [400, 413, 422].includes(link.status)) outbox.grounded("bad_frame");
      lost(link);
    }
  }

  /** What frames are answered that are posted. */
  async function ask(link: Link, frames: ClientFrame[]): Promise<Frame[]> {
    const token = await o.token?.(false);
    const r = await request(base, "send", { token: token || undefined, frames }, link);
    return ((await r.json()) as { frames?: Frame[] }).frames ?? [];
  }

  /** Without a socket an older page is asked for by POST; a long one comes in parts. */
  async function page(stream: string, from: number, to: number): Promise<void> {
    try {
      const pages = await ask(new Link("poll"), [{ t: "get", stream, from, to }]);
      pages.forEach(o.onFrame);
      const last = pages.at(-1);
      if (last?.t === "page" && last.to < to) await page(stream, last.to + 1, to);
    } catch {
      // the reader presses again
    }
  }

  // ------------------------------------------------------------ watching

  /** Twice a second: what has become due? */
  function look(): void {
    const now = Date.now();
    const { lastFrameAt } = status;
    const link = here;
    if (!isCurrent && !isDown && now >= quietUntil) {
      isDown = true;
      show();
    }
    if (!link) return retryAt !== null && now >= retryAt ? connect() : undefined;
    if (!link.usable || (!link.greeted && link.transport !== "poll")) {
      if (now - link.at < (isCurrent ? CLIMB_WITHIN : CONNECT_WITHIN)) return;
      link.status = 1; // something in between keeps it back
      return lost(link);
    }
    const attentive = o.attentive();
    const sent = outbox.oldest();
    const unanswered = sent !== null && (now - sent >= OK_AT_LATEST || (now - sent >= OK_WITHIN && lastFrameAt <= sent));
    const unheard = askedAt !== 0 && now - askedAt >= PONG_WITHIN;
    const still = now - (link.write ? lastFrameAt : link.saidAt) >= (link.transport === "poll" ? POLL_WITHIN : beat * 2.4);
    if (unanswered || unheard || still) return lost(link, attentive && unheard);
    if (attentive && now >= Math.max(link.at, pingedAt) + PING_AFTER) ping(link);
    if (link.transport !== order[0] && now >= climbAt && sent === null) return climb();
    settle(link);
    flush();
  }

  /** The page is on a lesser transport, and nothing is in flight: does the best one pass by now? If not, the lesser one goes on where it was. */
  function climb(): void {
    climbAfter = Math.min(CLIMB_AT_MOST, climbAfter * 2);
    index = 0;
    connect();
  }

  function ping(link: Link): void {
    pingedAt = Date.now();
    askedAt ||= pingedAt;
    if (link.write) link.write({ t: "ping" });
    else void post(link, []);
  }

  function wake(e: Event): void {
    const link = here;
    if (e.type === "offline") {
      isOffline = true;
      isDown ||= !isCurrent;
      if (link) lost(link, true);
      else show();
      return;
    }
    if (e.type === "online") {
      isOffline = false;
      proven.clear();
      // a lesser transport that lives goes on until a better one is tried
      if (!link?.usable) index = 0;
      climbAfter = CLIMB_AFTER;
      climbAt = 0;
    } else if (document.hidden) return;
    if (!link?.usable) retryNow();
    else if (Date.now() - status.lastFrameAt > PING_AFTER) ping(link);
  }

  function show(): void {
    const s = status;
    const next: Status = {
      state: isCurrent ? "live" : isDown ? "down" : "connecting",
      retryAt: retryAt,
      reached: !!here?.greeted,
      offline: isOffline,
      transport: here?.transport ?? null,
      lastFrameAt: s.lastFrameAt,
    };
    if (JSON.stringify(next) === JSON.stringify(s)) return;
    status = next;
    o.onStatus(next);
  }
  return {
    get status() {
      return status;
    },
    start,
    stop,
    follow,
    send,
    chosen,
    adopt: (list) => {
      outbox.adopt(list);
      flush();
    },
    resend: (...ids) => {
      outbox.revive(ids);
      flush();
    },
    drop: (id) => outbox.drop(id),
    pending: (conversation) => outbox.of(conversation),
    mark,
    typing: (conversation, on) => say({ t: "typing", conversation, on }),
    get,
    retryNow,
  };
}

function everyHalfSecond(look: () => void): () => void {
  const clock = setInterval(look, LOOK_EVERY);
  return () => clearInterval(clock);
}
