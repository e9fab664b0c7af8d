import type { ClientFrame, Entry, Hello, ServerFrame } from "@yingda/api/types";

/** The connection of the page that leads, as far as a junction uses it. */
export interface Trunk {
  /** What is followed has changed: greets the server again. */
  follow(): void;
  pass(frame: ClientFrame): void;
  get(stream: string, from: number, to: number): void;
}

/** Where each stream stands; null if its state is on its way, or has to be. */
type Cursors = Map<string, number | null>;
type Hear = (frame: ServerFrame) => void;
type Send = Extract<ClientFrame, { t: "send" }>;
type Of<T extends ServerFrame["t"]> = Extract<ServerFrame, { t: T }>;

/** One page: what it follows, and what it has got of it. */
class Seat {
  hello: Hello = { cursors: {} };
  at: Cursors = new Map();
  /** it waits for the answer to its greeting */
  isWaiting = false;
  /** it was answered at least once */
  isOpen = false;
  constructor(readonly hear: Hear) {}
}

/** An older page that was requested: by somebody who reads back, or to catch up. */
interface Request {
  seat: Seat;
  stream: string;
  from: number;
  to: number;
  catchesUp: boolean;
  at: number;
}

/** After this time, in milliseconds, what a page misses is requested again. */
const requestAgain = 10_000;
/** A page that misses more entries than this gets the state instead of them, as from the server. */
const missedAtMost = 500;

/**
 * Brings the pages of one person together on one connection. It speaks the protocol with both sides: to the server it is a client that follows what any of the
 * pages follows, and to each page a server that gives it what it misses, from its own cursor on and in order. What the server does not keep it does not keep
 * either: a page repeats what was not acknowledged.
 */
export class Junction {
  private readonly local: Seat;
  private readonly seats = new Map<string, Seat>();
  /** whose sends are on their way, in their order */
  private readonly flying = new Map<string, { seat: Seat; frame: Send }>();
  private requests: Request[] = [];
  /** how far the connection has got with the streams it follows */
  private place: Cursors = new Map();
  private generation: string | null = null;
  /** the streams of this page whose cursors may belong to another history: a reset of theirs is the server's, and not what another page asked for */
  private readonly doubted = new Set<string>();

  constructor(
    private readonly trunk: Trunk,
    hear: Hear,
  ) {
    this.local = new Seat(hear);
    this.local.isOpen = true;
  }

  /** What the connection follows, with what the page itself does. */
  hello(own: Hello): Hello {
    const before = this.local.at;
    this.local.hello = own;
    this.local.at = new Map(Object.entries(own.cursors));
    for (const [stream, at] of before) if (at === null && this.local.at.has(stream)) this.local.at.set(stream, null);
    // Before the first welcome nobody knows whether their cursors belong to this history.
    const all = this.generation === null ? [this.local] : this.all();
    const wanted: Cursors = new Map();
    for (const { at } of all)
      for (const [stream, cursor] of at) {
        const known = wanted.get(stream);
        const least = known === undefined || cursor === null ? cursor : known === null ? null : Math.min(known, cursor);
        wanted.set(stream, least);
      }
    // A stream that is followed goes on where it is; who is behind catches up by itself.
    for (const [stream, cursor] of wanted) {
      const place = this.place.get(stream);
      if (cursor !== null && place !== undefined) wanted.set(stream, place);
    }
    this.place = wanted;
    return {
      ...own,
      cursors: Object.fromEntries(wanted),
      lists: [...new Set(all.flatMap(({ hello }) => hello.lists ?? []))],
      panel: all.some(({ hello }) => hello.panel === true),
    };
  }

  /** A page says something. */
  say(id: string, frame: ClientFrame, hear: Hear) {
    const seat = this.seats.get(id) ?? new Seat(hear);
    this.seats.set(id, seat);
    switch (frame.t) {
      case "hello":
        seat.hello = { ...frame, cursors: frame.cursors ?? {} };
        seat.at = this.cursorsOf(seat);
        seat.isWaiting = true;
        this.trunk.follow();
        break;
      case "send":
        this.flying.delete(frame.client_id);
        this.flying.set(frame.client_id, { seat, frame });
        this.trunk.pass(frame);
        break;
      case "get":
        this.request(seat, frame.stream, frame.from, frame.to, false);
        break;
      case "ping":
        seat.hear({ t: "pong", heads: {} });
        break;
      default:
        this.trunk.pass(frame);
    }
  }

  has(id: string): boolean {
    return this.seats.has(id);
  }

  /** Where a page stands; its cursors belong to the history that it names. */
  private cursorsOf({ hello }: Seat): Cursors {
    const isOurs = this.generation !== null && hello.generation === this.generation;
    return new Map(Object.entries(hello.cursors).map(([stream, at]) => [stream, isOurs || at === 0 ? at : null]));
  }

  private all(): Seat[] {
    return [this.local, ...this.seats.values()];
  }

  leave(id: string) {
    const seat = this.seats.get(id);
    this.seats.delete(id);
    if (seat) this.forget(seat);
  }

  /** The connection is lost. Returns the pages that were on it: they begin anew, from where they stand. */
  lose(): string[] {
    const open = [...this.seats].flatMap(([id, seat]) => (seat.isOpen ? [id] : []));
    for (const id of open) this.leave(id);
    this.place.clear();
    this.local.at.clear();
    this.requests = [];
    this.flying.clear();
    return open;
  }

  /** Everything that the server says. */
  take(frame: ServerFrame) {
    switch (frame.t) {
      case "welcome":
        return this.welcome(frame);
      case "entries":
        return this.entries(frame);
      case "reset":
        return this.reset(frame);
      case "page":
        return this.page(frame);
      case "gone":
        return this.gone(frame);
      case "ok":
      case "busy":
        return this.answer(frame.client_id, frame);
      case "no":
        return this.no(frame);
      case "pong":
        return this.local.hear(frame);
      case "marks":
        return this.tell(frame, ({ at }) => at.has(frame.stream));
      case "typing":
      case "place":
        return this.tell(frame, ({ at }) => at.has(frame.conversation));
      case "panel":
        return this.tell(frame, ({ hello }) => hello.panel === true);
      default:
        return this.tell(frame);
    }
  }

  /** Requests what pages miss; called regularly, because the answer to a request may be lost. */
  look(now = Date.now()) {
    this.requests = this.requests.filter(({ at }) => now - at < requestAgain);
    for (const seat of this.all()) for (const stream of [...seat.at.keys()]) this.catchUp(seat, stream);
  }

  private tell(frame: ServerFrame, who: (seat: Seat) => boolean = () => true) {
    for (const seat of this.all()) if (seat.isOpen && who(seat)) seat.hear(frame);
  }

  private welcome(frame: Of<"welcome">) {
    const isNew = this.generation !== frame.generation;
    this.generation = frame.generation;
    if (isNew) for (const stream of this.local.at.keys()) this.doubted.add(stream);
    this.local.hear(frame);
    for (const seat of this.seats.values()) {
      if (!seat.isOpen) seat.at = this.cursorsOf(seat);
      if (!seat.isWaiting || [...seat.at.keys()].some((stream) => !(stream in frame.heads))) continue;
      seat.isWaiting = false;
      seat.isOpen = true;
      const own = <T>(of: Record<string, T>) =>
        Object.fromEntries(Object.entries(of).filter(([stream]) => seat.at.has(stream)));
      seat.hear({ ...frame, heads: own(frame.heads), marks: own(frame.marks) });
      for (const stream of [...seat.at.keys()]) this.catchUp(seat, stream);
    }
    if (isNew && this.seats.size > 0) this.trunk.follow();
    // A connection that took the place of another one may have dropped what was on its way; a repeat is stored once.
    for (const { frame: send } of this.flying.values()) this.trunk.pass(send);
  }

  private entries(frame: Of<"entries">) {
    const { stream } = frame;
    const last = frame.entries.at(-1)?.seq;
    if (last === undefined) return;
    this.doubted.delete(stream);
    const place = this.place.get(stream);
    if (typeof place === "number") this.place.set(stream, Math.max(place, last));
    for (const seat of this.all()) this.give(seat, stream, frame.entries);
  }

  /** Gives a page the entries that come next for it; if some are missing before them, it catches up. */
  private give(seat: Seat, stream: string, entries: readonly Entry[]) {
    const at = seat.at.get(stream);
    if (typeof at !== "number" || !seat.isOpen) return;
    const fresh = entries.filter(({ seq }) => seq > at);
    const [first, last] = [fresh[0], fresh.at(-1)];
    if (!first || !last) return;
    if (first.seq > at + 1) return this.catchUp(seat, stream);
    seat.at.set(stream, last.seq);
    seat.hear({ t: "entries", stream, entries: fresh });
  }

  private catchUp(seat: Seat, stream: string) {
    const [at, place] = [seat.at.get(stream), this.place.get(stream)];
    if (typeof at !== "number" || typeof place !== "number" || at >= place || !seat.isOpen) return;
    if (this.requests.some((one) => one.catchesUp && one.seat === seat && one.stream === stream)) return;
    if (place - at <= missedAtMost) return this.request(seat, stream, at + 1, place, true);
    seat.at.set(stream, null);
    this.trunk.follow();
  }

  private request(seat: Seat, stream: string, from: number, to: number, catchesUp: boolean) {
    this.requests.push({ seat, stream, from, to, catchesUp, at: Date.now() });
    this.trunk.get(stream, from, to);
  }

  private page(frame: Of<"page">) {
    const request = this.requests.find(({ stream, from }) => stream === frame.stream && from === frame.from);
    if (!request) return this.local.hear(frame);
    const { seat, stream } = request;
    request.from = frame.to + 1;
    if (request.from > request.to) this.requests = this.requests.filter((one) => one !== request);
    if (!request.catchesUp) return seat.hear(frame);
    this.give(seat, stream, frame.entries);
    // Where nothing came, more is asked for later, and not again and again.
    if (frame.entries.length > 0) this.catchUp(seat, stream);
  }

  private reset(frame: Of<"reset">) {
    const { stream, seq, entries, generation } = frame;
    const isNew = this.doubted.delete(stream) || this.generation !== generation;
    this.place.set(stream, seq);
    const first = entries[0]?.seq ?? seq + 1;
    for (const seat of this.all()) {
      const at = seat.at.get(stream);
      if (at === undefined || !seat.isOpen) continue;
      // Somebody else had asked for it.
      if (typeof at === "number" && at <= seq && !isNew && first <= at + 1) this.give(seat, stream, entries);
      else {
        seat.at.set(stream, seq);
        seat.hear(frame);
      }
    }
  }

  private gone(frame: Of<"gone">) {
    const { stream } = frame;
    this.place.delete(stream);
    this.requests = this.requests.filter((one) => one.stream !== stream);
    for (const seat of this.all()) {
      seat.at.delete(stream);
      seat.hear(frame);
    }
  }

  private answer(clientId: string, frame: ServerFrame) {
    const seat = this.flying.get(clientId)?.seat ?? this.local;
    this.flying.delete(clientId);
    seat.hear(frame);
  }

  private no(frame: Of<"no">) {
    if (frame.client_id) return this.answer(frame.client_id, frame);
    if (!frame.stream) return this.tell(frame);
    const request = this.requests.find(({ stream }) => stream === frame.stream);
    this.requests = this.requests.filter((one) => one !== request);
    if (!request?.catchesUp) (request?.seat ?? this.local).hear(frame);
  }

  private forget(seat: Seat) {
    this.requests = this.requests.filter((one) => one.seat !== seat);
    for (const [id, one] of this.flying) if (one.seat === seat) this.flying.delete(id);
  }
}
