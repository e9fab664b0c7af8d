import { home } from "./home";
import { uuid } from "./ids";
import { Link, MOVING, openEvents, openSocket, post as request, type Ends, type Status, type Transport } from "./link";
import { Unsent, type UnsentStorage, type Pending } from "./unsent";
import type { ClientFrame, Hello, OpenContext, SendBody, ServerFrame } from "./types";
export type Frame = ServerFrame;
export type { Status, Transport };
export interface StreamOptions {
  /** origin of the server without a trailing slash; by default the page's own */
  base?: string;
  /** for visitors only; `renew` is true when the server refused the last token */
  token?: (renew: boolean) => string | null | Promise<string | null>;
  onFrame(f: Frame): void;
  onStatus(s: Status): void;
  /** whether someone is waiting for frames; if so, a ping every 5 s checks both directions */
  attentive(): boolean;
  transports?: Transport[];
  /** opens a link in a way of its own, such as through another page; null if the page connects by itself */
  through?(): ((link: Link, ends: Ends) => unknown) | null;
  hello(): Hello;
  storage?: UnsentStorage;
  /** calls `look` regularly, by default twice a second; returns a function that stops it */
  ticker?: (look: () => void) => () => void;
}

const LOOK_EVERY = 500;
const PING_AFTER = 5000;
/** How long a ping may go unanswered before at least one direction counts as dead. */
const PONG_WITHIN = 4000;
/** The longest time for which an interruption is hidden from the user. */
const DEAD_AFTER = 9000;
const CONNECT_WITHIN = 6000;
const OK_WITHIN = 2000;
const OK_AT_LATEST = 8000;
const IN_FLIGHT = 64;
/** A long poll is answered after 25 s at the latest. */
const POLL_WITHIN = 35000;
/** How long a server that moves is followed silently. */
const MOVE_QUIETLY = 3000;
/** How long until a better transport is tried again; doubles each time it did not get through. */
const CLIMB_AFTER = 60000;
const CLIMB_AT_MOST = 16 * CLIMB_AFTER;
/** How long an attempt may take that delays others. */
const CLIMB_WITHIN = 3000;

/** A connection that keeps itself alive, and unsent messages that are never lost, duplicated or reordered (docs/PROTOCOL.md, "What a client must do"). */
export interface EventStream {
  readonly status: Status;
  start(): void;
  /** Ends the connection and forgets its marks; unanswered sends stay unsent. The stream can be started again. */
  stop(): void;
  /** The result of `hello()` has changed: send it again. */
  follow(): void;
  /** Adds a send to the unsent ones and, if live, sends it. Returns its client id. */
  send(conversation: string, body: SendBody, open?: OpenContext): string;
  /** Records that a file was chosen and is being uploaded: what is said after it waits, and if this page ends now, the next one reports it. */
  chosen(conversation: string, name: string, open?: OpenContext): string;
  /** The upload has ended: the file is sent in its place. With null it is not, and nothing waits for it. */
  uploaded(clientId: string, file: string | null): void;
  /** Takes over sends that another page left behind; they are older than anything sent here. */
  adopt(list: readonly Pending[]): void;
  /** Retries refused sends in the order in which they were made. */
  resend(...clientIds: string[]): void;
  drop(clientId: string): void;
  /** The unanswered sends of one conversation, or of all. */
  pending(conversation?: string): Pending[];
  /** The ordinals up to which the other side's messages arrived here and were seen. They only increase, and are repeated after a reconnect. */
  mark(stream: string, received: number, read: number): void;
  typing(conversation: string, on: boolean): void;
  /** Requests an older page, which arrives as a `page` frame. */
  get(stream: string, from: number, to: number): void;
  retryNow(): void;
  /** Passes on a frame of somebody else if there is a link; they repeat it themselves. */
  pass(f: ClientFrame): void;
  /** `through` has changed: gives up the link, and connects as if for the first time. */
  reroute(): void;
}

/** Creates a stream; it connects when it is started. Its state is in local variables: as a class it would cost every customer a quarter of a kilobyte more. */
export function openStream(o: StreamOptions): EventStream {
  const base = o.base ?? location.origin + home;
  const unsent = new Unsent(o.storage);
  const order: Transport[] = o.transports ?? ["ws", "sse", "poll"];
  let here: Link | null = null;
  let climbAt = 0;
  let climbAfter = CLIMB_AFTER;
  /** transports that were live on this network */
  const proven = new Set<Transport>();
  let index = 0;
  let attempt = 0;
  /** aborts what was started; null while the stream is stopped */
  let life: AbortController | null = null;
  let renew = false;
  let generation: string | undefined;
  let beat = 25000;
  let pingedAt = 0;
  /** when the oldest unanswered ping was sent */
  let askedAt = 0;
  /** when both directions were last known to work */
  let provenAt = 0;
  /** stream -> the head named in the greeting that has not arrived yet */
  let behind = new Map<string, number>();
  let isCurrent = false;
  let isDown = false;
  let isOffline = false;
  /** until when an interruption is hidden from the user; during a move, also if attempts fail */
  let quietUntil = 0;
  let isMoving = false;
  let retryAt: number | null = null;
  /** the subscriptions have changed since the last greeting */
  let isStale = false;
  const extra: ClientFrame[] = [];
  const marks = new Map<string, { received: number; read: number }>();
  let retryTimer: ReturnType<typeof setTimeout> | undefined;
  let status: Status = {
    state: "connecting",
    retryAt: null,
    reached: false,
    offline: false,
    transport: null,
    lastFrameAt: 0,
  };

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
    // someone else may start it again
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
    if (link.write)
      void greet(link).then(
        (h) => here === link && link.write?.(h),
        () => lost(link),
      );
    else connect(true);
  }

  function add(conversation: string, body: SendBody, more: Partial<Pending>): string {
    const p: Pending = { client_id: uuid(), conversation, body, at: Date.now(), ...more };
    unsent.add(p);
    flush();
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

  function reroute(): void {
    if (here?.usable) lost(here);
    proven.clear();
    index = 0;
    retryNow();
  }

  function retryNow(): void {
    if (!life || here?.usable) return;
    attempt = 0;
    connect();
  }

  // ------------------------------------------------------------ connecting

  /** `keep`: replaces a working link with a new hello; sends continue meanwhile. */
  function connect(keep = false): void {
    const other = o.through?.();
    const link = new Link(other ? "ws" : (order[index] ?? "poll"));
    link.usable = keep && !!here?.usable;
    unlink();
    clearTimeout(retryTimer);
    retryAt = null;
    here = link;
    show();
    // A long poll is silent while nothing happens; a ping beside it shows at once whether the server is available.
    if (link.transport === "poll") void post(link, []);
    void (other ?? (link.transport === "ws" ? openSocket : openEvents))(link, { base, greet, heard, lost });
  }

  function unlink(): void {
    const link = here;
    here = null;
    askedAt = 0;
    unsent.grounded();
    link?.end.abort();
  }

  /** The link ended or was given up: plan the next attempt. */
  function lost(link: Link, silent = false): void {
    if (link !== here || !life) return;
    renew ||= link.status === 401;
    const now = Date.now();
    const sent = unsent.oldest() ?? now;
    unlink();
    extra.length = 0;
    let again = false;
    if (link.usable) {
      isMoving = link.parting === MOVING;
      attempt = /^too|busy/.test(link.parting) ? 4 : 0;
      if (isCurrent)
        quietUntil = isMoving ? now + MOVE_QUIETLY : (o.attentive() ? Math.min(now, provenAt) : sent) + DEAD_AFTER;
      isCurrent = false;
    } else if (renew && attempt === 0) {
      // the token was refused: retry on the same transport with a new one
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
    if (!again)
      index = Math.max(
        0,
        order.findIndex((t) => proven.has(t)),
      );
    // a delay given by the server already spreads the clients out
    const wait = again ? 0 : link.retry_ms || Math.random() * Math.min(30000, 1000 * 2 ** attempt);
    retryAt = now + wait;
    show();
    retryTimer = setTimeout(() => connect(), wait);
  }

  /** Switches to the next transport if this one cannot get through here, but not if the server is away. */
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
    // the first frame of the stream is `welcome`; the answer to a poll or a POST counts as well
    if (link.transport === "poll") welcomed(link);
    settle(link);
    flush();
  }

  /** Both directions work. */
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

  /** The connection is live only once all that was missed has arrived. A stream that stays behind for too long is not waited for. */
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
      unsent.drop(f.client_id);
    } else if (f.t === "busy") {
      proved();
      unsent.hold(f.client_id, Date.now() + f.retry_ms);
    } else if (f.t === "no") refused(link, f);
    else if (f.t === "entries" || f.t === "reset") {
      link.saidAt = Date.now();
      for (const e of f.entries) if (e.client_id) unsent.drop(e.client_id);
      if (f.t === "reset" || (f.entries.at(-1)?.seq ?? 0) >= (behind.get(f.stream) ?? 0)) behind.delete(f.stream);
    } else if (f.t === "gone") behind.delete(f.stream);
    o.onFrame(f);
  }

  function refused(link: Link, { client_id, code, conversation, retry_ms }: Extract<Frame, { t: "no" }>): void {
    if (client_id) {
      proved();
      if (code === "use" && conversation) unsent.move(client_id, conversation);
      else unsent.fail(client_id, code);
      return;
    }
    link.parting = code;
    link.retry_ms = retry_ms;
    renew ||= /sign|token/.test(code);
    if (code === "upgrade_required") stop();
    if (code === "bad_frame") unsent.grounded(code);
  }

  // ------------------------------------------------------------ sending

  function flush(): void {
    const link = here;
    if (!link?.usable || link.posting) return;
    const frames: ClientFrame[] = unsent.take(Date.now(), IN_FLIGHT).map(({ client_id, conversation, body, open }) => ({
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

  /**
   * Sends beside an event stream or a long poll: one batch at a time, in order. An empty
   * batch is the ping of these transports, independent of other batches in flight.
   */
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
      // something in this batch will never be accepted
      if (link === here && [400, 413, 422].includes(link.status)) unsent.grounded("bad_frame");
      lost(link);
    }
  }

  /** Posts frames and returns the answers. */
  async function ask(link: Link, frames: ClientFrame[]): Promise<Frame[]> {
    const token = await o.token?.(false);
    const r = await request(base, "send", { token: token || undefined, frames }, link);
    return ((await r.json()) as { frames?: Frame[] }).frames ?? [];
  }

  /** Without a socket, an older page is requested by POST; a long one arrives in parts. */
  async function page(stream: string, from: number, to: number): Promise<void> {
    try {
      const pages = await ask(new Link("poll"), [{ t: "get", stream, from, to }]);
      pages.forEach(o.onFrame);
      const last = pages.at(-1);
      if (last?.t === "page" && last.to < to) await page(stream, last.to + 1, to);
    } catch {
      // the user can press again
    }
  }

  // ------------------------------------------------------------ watching

  /** Runs twice a second and does whatever is due. */
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
      link.status = 1; // a proxy withholds it
      return lost(link);
    }
    const attentive = o.attentive();
    const sent = unsent.oldest();
    const unanswered =
      sent !== null && (now - sent >= OK_AT_LATEST || (now - sent >= OK_WITHIN && lastFrameAt <= sent));
    const unheard = askedAt !== 0 && now - askedAt >= PONG_WITHIN;
    const still =
      now - (link.write ? lastFrameAt : link.saidAt) >= (link.transport === "poll" ? POLL_WITHIN : beat * 2.4);
    if (unanswered || unheard || still) return lost(link, attentive && unheard);
    if (attentive && now >= Math.max(link.at, pingedAt) + PING_AFTER) ping(link);
    if (link.transport !== order[0] && now >= climbAt && sent === null) return climb();
    settle(link);
    flush();
  }

  /** The page is on a lesser transport and nothing is in flight: try whether the best one works by now. If not, the lesser one continues where it was. */
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
      // a working lesser transport continues until a better one is tried
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
    send: (conversation, body, open) => add(conversation, body, { open }),
    chosen: (conversation, name, open) => {
      const id = add(conversation, { type: "file", file: "" }, { code: "choose_again", name, open });
      unsent.uploading.add(id);
      return id;
    },
    uploaded: (id, file) => {
      unsent.uploaded(id, file);
      flush();
    },
    adopt: (list) => {
      unsent.adopt(list);
      flush();
    },
    resend: (...ids) => {
      unsent.revive(ids);
      flush();
    },
    drop: (id) => unsent.drop(id),
    pending: (conversation) => unsent.of(conversation),
    mark,
    typing: (conversation, on) => say({ t: "typing", conversation, on }),
    get,
    retryNow,
    pass: say,
    reroute,
  };
}

function everyHalfSecond(look: () => void): () => void {
  const clock = setInterval(look, LOOK_EVERY);
  return () => clearInterval(clock);
}
