import { newId } from "@yingda/api/ids";
import { openStream, type EventStream, type Frame, type Status, type StreamOptions } from "@yingda/api/stream";
import type { ClientFrame } from "@yingda/api/types";
import { Junction } from "./junction";
import { browserWorld, version, type Channel, type Said, type Word, type World } from "./world";

type Through = NonNullable<ReturnType<NonNullable<StreamOptions["through"]>>>;
type Link = Parameters<Through>[0];
type Ends = Parameters<Through>[1];

/** A connection that the console's tabs of one person share. */
export interface SharedStream extends EventStream {
  /** Of several tabs, this is the one that makes a sound and shows notifications: the one used last. */
  isFirst(): boolean;
}

/** After so long without a word of the tab that leads, in milliseconds, it is asked whether it is there. */
const askAfter = 5_000;
const askEvery = 2_000;
/** After so long without an answer it leads no more: it hangs, or its tab is frozen. */
const takeOverAfter = 12_000;
/** A tab that does not ping for so long is taken for gone; if it is not, it is told so when it speaks. */
const goneAfter = 15_000;
/** What was said to the tab that leads so long ago is not passed on. */
const staleAfter = 10_000;
/** A tab that did not look around for so long was asleep itself. */
const asleepAfter = 3_000;

/**
 * The tabs of the console in which one person is signed in. One of them leads: it has the connection, and the others have theirs through it. Each keeps its own
 * cursors and its own unsent messages, so it does not matter when one ends: if it is the one that leads, the next one connects, and each goes on from where it
 * stands and repeats what was not acknowledged.
 */
class Tabs {
  readonly stream: EventStream;
  status: Status;
  private shown = "";
  private channel: Channel | null = null;
  private life: AbortController | null = null;
  /** ends that this tab leads */
  private release: () => void = () => undefined;
  /** brings the tabs together while this one leads */
  private junction: Junction | null = null;
  private leader: string | null = null;
  private leaderStatus: Status | null = null;
  private front: string | null = null;
  /** when the tab in front was last known to be there */
  private frontAt = 0;
  private isStarted = false;
  private heardAt = 0;
  private askedAt = 0;
  private lookedAt = 0;
  private ledSince = 0;
  private stopTicker: () => void = () => undefined;
  private lookOfStream: () => void = () => undefined;
  /** this tab's connections to the one that leads: one, and for a moment those before it */
  private readonly ports = new Map<string, { heard(text: string): void; shut(): void }>();
  /** while this tab leads: whose each connection is, and when it last spoke */
  private readonly leases = new Map<string, { tab: string; at: number }>();

  constructor(
    private readonly options: StreamOptions,
    private readonly name: string,
    private readonly world: World,
    open: typeof openStream,
  ) {
    this.stream = open({
      ...options,
      through: () => (this.junction ? null : (link, ends) => this.openPort(link, ends)),
      hello: () => (this.junction ? this.junction.hello(options.hello()) : options.hello()),
      onFrame: (frame) => this.take(frame),
      onStatus: (status) => this.changed(status),
      ticker: (look) => {
        this.lookOfStream = look;
        return () => (this.lookOfStream = () => undefined);
      },
    });
    this.status = this.stream.status;
  }

  private take(frame: Frame) {
    if (!this.junction) return this.options.onFrame(frame);
    this.junction.take(frame);
    // This page is of an older release, and its stream has ended: another tab leads, which may be newer.
    if (frame.t === "no" && frame.code === "upgrade_required") this.stop();
  }

  start() {
    if (this.life) return;
    this.life = new AbortController();
    const { signal } = this.life;
    this.heardAt = this.lookedAt = this.askedAt = Date.now();
    this.channel = this.world.channel(this.name, (said) => this.hear(said));
    addEventListener("focus", () => this.claim(), { signal });
    addEventListener("pagehide", () => this.post({ k: "bye" }), { signal });
    this.stopTicker = (this.options.ticker ?? everyHalfSecond)(() => this.look());
    this.post({ k: "who" });
    void this.compete();
  }

  stop() {
    this.post({ k: "bye" });
    this.stream.stop();
    this.life?.abort();
    this.life = this.junction = this.leader = this.leaderStatus = this.front = null;
    this.isStarted = false;
    this.leases.clear();
    this.release();
    this.stopTicker();
    this.channel?.close();
    this.channel = null;
  }

  retryNow() {
    if (!this.junction) this.post({ k: "retry" });
    this.stream.retryNow();
  }

  isFirst(): boolean {
    return this.front === null || this.front === this.world.id;
  }

  // ------------------------------------------------------------ who leads

  /** Waits until this tab can lead, which it then does until it ends or another tab takes over. */
  private async compete(how?: { steal: true }): Promise<void> {
    const { life } = this;
    if (!life) return;
    const waits = new AbortController();
    const give = () => waits.abort();
    life.signal.addEventListener("abort", give);
    this.giveUpWaiting = give;
    const work = () =>
      new Promise<void>((done) => {
        if (this.life !== life) return done();
        this.release = done;
        this.lead();
      });
    try {
      await this.world.hold(this.name, work, how ?? { signal: waits.signal });
    } catch {
      // it was given up, or another tab has taken over
    }
    if (this.life !== life || !this.junction || waits.signal.aborted) return;
    this.follow();
    void this.compete();
  }

  private giveUpWaiting: () => void = () => undefined;

  private lead() {
    const { stream } = this;
    this.junction = new Junction(
      {
        follow: () => stream.follow(),
        pass: (frame) => stream.pass(frame),
        get: (of, from, to) => stream.get(of, from, to),
      },
      (frame) => this.options.onFrame(frame),
    );
    if (this.front === null || this.front === this.leader) this.front = this.world.id;
    this.leader = this.world.id;
    this.leaderStatus = null;
    this.ledSince = Date.now();
    this.connect();
    this.announce();
  }

  /** Another tab has taken over, because this one did not answer. */
  private follow() {
    for (const port of this.leases.keys()) this.shut(port);
    this.junction = this.leader = null;
    this.heardAt = Date.now();
    this.connect();
  }

  private connect() {
    if (this.isStarted) return this.stream.reroute();
    this.isStarted = true;
    this.stream.start();
  }

  private announce() {
    this.post({ k: "leads", status: this.stream.status, front: this.front ?? this.world.id });
  }

  /** This tab is the one in use. */
  private claim() {
    if (!this.junction) return this.post({ k: "front" });
    this.front = this.world.id;
    this.announce();
  }

  /** Runs twice a second. */
  private look() {
    const now = Date.now();
    if (now - this.lookedAt > asleepAfter) this.heardAt = now;
    this.lookedAt = now;
    this.lookOfStream();
    if (this.junction) {
      this.junction.look(now);
      for (const [port, { at }] of this.leases) if (now - at > goneAfter) this.shut(port);
      const { front } = this;
      const isGone = front !== this.world.id && ![...this.leases.values()].some(({ tab }) => tab === front);
      if (isGone && now - Math.max(this.ledSince, this.frontAt) > goneAfter) this.claim();
      return;
    }
    const silent = now - this.heardAt;
    if (silent > takeOverAfter) {
      this.heardAt = now;
      this.giveUpWaiting();
      void this.compete({ steal: true });
    } else if (silent > askAfter && now - this.askedAt > askEvery) {
      this.askedAt = now;
      this.post({ k: "who" });
    }
  }

  // ------------------------------------------------------------ between the tabs

  private post(what: Word) {
    this.channel?.post({ from: this.world.id, ...what });
  }

  private hear(said: Said) {
    if (!this.life) return;
    if (said.from === this.leader) this.heardAt = Date.now();
    if ("to" in said && said.to !== this.world.id) return;
    switch (said.k) {
      case "hear":
        return this.ports.get(said.port)?.heard(said.text);
      case "shut":
        return this.ports.get(said.port)?.shut();
      case "leads":
        return this.led(said);
      case "say":
        return this.said(said);
      default:
        if (this.junction) this.asked(said);
    }
  }

  /** Another tab leads. */
  private led({ from, status, front }: Extract<Said, { k: "leads" }>) {
    // Whether this one still does is known by the lock alone.
    if (this.junction) return;
    const isNew = this.leader !== from;
    const isBack = status.state === "live" && this.leaderStatus?.state !== "live";
    this.leader = from;
    this.leaderStatus = status;
    this.front = front;
    this.heardAt = Date.now();
    if (isNew) this.connect();
    else if (isBack) this.stream.retryNow();
    if (front !== this.world.id && this.world.hasFocus()) this.claim();
    this.show();
  }

  /** Another tab says something to the server. */
  private said({ from, port, at, frame }: Extract<Said, { k: "say" }>) {
    // After a sleep, words arrive that their tab may have taken back by now. It says again what still counts.
    if (Date.now() - at > staleAfter) this.left(port);
    if (!this.junction || Date.now() - at > staleAfter || (frame.t !== "hello" && !this.junction.has(port)))
      return this.post({ k: "shut", to: from, port });
    this.leases.set(port, { tab: from, at: Date.now() });
    if (from === this.front) this.frontAt = Date.now();
    this.junction.say(port, frame, (heard) => this.post({ k: "hear", to: from, port, text: JSON.stringify(heard) }));
  }

  /** Another tab wants something of this one, which leads. */
  private asked(said: Said) {
    if (said.k === "hang") this.left(said.port);
    if (said.k === "retry") this.stream.retryNow();
    if (said.k === "bye") this.gone(said.from);
    if (said.k === "front") {
      this.front = said.from;
      this.frontAt = Date.now();
    }
    if (said.k === "front" || said.k === "who") this.announce();
  }

  /** A connection of another tab has ended. */
  private left(port: string) {
    this.leases.delete(port);
    this.junction?.leave(port);
  }

  /** A tab was closed. */
  private gone(tab: string) {
    for (const [port, lease] of this.leases) if (lease.tab === tab) this.left(port);
    if (tab === this.front) this.claim();
  }

  private shut(port: string) {
    const to = this.leases.get(port)?.tab;
    if (to !== undefined) this.post({ k: "shut", to, port });
    this.left(port);
  }

  /** A connection through the tab that leads. */
  private async openPort(link: Link, ends: Ends): Promise<void> {
    try {
      const hello = await ends.greet(link);
      const { leader } = this;
      // If nobody leads, this one connects anew once somebody does.
      if (link.end.signal.aborted || leader === null) return;
      const port = newId("port");
      this.ports.set(port, { heard: (text) => ends.heard(link, text), shut: () => ends.lost(link) });
      link.end.signal.onabort = () => {
        this.ports.delete(port);
        this.post({ k: "hang", port });
      };
      link.write = (frame: ClientFrame) => this.post({ k: "say", to: leader, port, at: Date.now(), frame });
      link.write(hello);
    } catch {
      ends.lost(link);
    }
  }

  // ------------------------------------------------------------ what is shown

  private changed(status: Status) {
    if (this.junction) {
      // Without a connection, nobody has one through this tab either.
      if (status.transport === null) for (const port of this.junction.lose()) this.shut(port);
      this.announce();
    }
    this.show();
  }

  /** A tab that does not lead has a connection if the one that leads has, and if it reaches that one. */
  private show() {
    const own = this.stream.status;
    const led = this.leaderStatus;
    const isLed = !this.junction && led !== null;
    if (isLed && led.state !== "live") this.status = { ...led, lastFrameAt: own.lastFrameAt };
    else this.status = isLed && own.state === "live" ? { ...own, transport: led.transport } : own;
    const { lastFrameAt: _, ...shown } = this.status;
    if (JSON.stringify(shown) === this.shown) return;
    this.shown = JSON.stringify(shown);
    this.options.onStatus(this.status);
  }
}

function everyHalfSecond(look: () => void): () => void {
  const clock = setInterval(look, 500);
  return () => clearInterval(clock);
}

/**
 * A stream that is shared with the browser's other tabs under this name. Where tabs cannot find each other, each has its own connection; what was sent is stored
 * once all the same.
 */
export function openShared(
  options: StreamOptions,
  name: string,
  world: World | null = browserWorld(),
  open = openStream,
): SharedStream {
  if (!world) {
    const stream = open(options) as SharedStream;
    stream.isFirst = () => true;
    return stream;
  }
  const tabs = new Tabs(options, `${name}.${version}`, world, open);
  return {
    ...tabs.stream,
    get status() {
      return { ...tabs.status, lastFrameAt: tabs.stream.status.lastFrameAt };
    },
    start: () => tabs.start(),
    stop: () => tabs.stop(),
    retryNow: () => tabs.retryNow(),
    isFirst: () => tabs.isFirst(),
  };
}
