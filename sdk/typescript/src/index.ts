/**
 * The client that people write against: signing in with a token, repeating what had no answer, a customer's chat, and listening. The types of all operations and
 * frames are generated from the API document (schema.ts).
 */
import type { components, paths } from "./schema";

export type Schemas = components["schemas"];
export type Entry = Schemas["Entry"];
export type ServerFrame = Schemas["ServerFrame"];
export type SendBody = Schemas["SendBody"];
export type Event = Schemas["Events"]["items"][number];

type Verb = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
type Below<P> = P extends `/api/v1${infer Rest}` ? Rest : never;
type By<V extends Verb, Verbs> = Verbs extends Record<Lowercase<V>, infer O> ? O : never;
type Operations = {
  [V in Verb]: { [P in keyof paths as [By<V, paths[P]>] extends [never] ? never : Below<P>]: By<V, paths[P]> };
};
type Of<V extends Verb, P> = P extends keyof Operations[V] ? Operations[V][P] : never;
type InPath<O> = O extends { parameters: { path: infer T } } ? { path: T } : unknown;
type InQuery<O> = O extends { parameters: { query: infer T } }
  ? { query: T }
  : O extends { parameters: { query?: infer T } }
    ? { query?: NonNullable<T> }
    : unknown;
type InBody<O> = O extends { requestBody: { content: { "application/json": infer T } } } ? { body: T } : unknown;
type Content<R> = R extends { content: { "application/json": infer T } } ? T : undefined;
/** What an operation takes: parameters of its path and its query, and its body. */
export type Given<V extends Verb, P> = InPath<Of<V, P>> & InQuery<Of<V, P>> & InBody<Of<V, P>>;
/** What an operation answers. */
export type Answer<V extends Verb, P> =
  Of<V, P> extends { responses: infer R } ? Content<R[keyof R & (200 | 201 | 202 | 204)]> : never;

/** A refusal: `code` is what programs branch on. */
export class Refused extends Error {
  readonly code: string;
  readonly status: number;
  readonly field: string | undefined;
  readonly requestId: string | undefined;

  constructor(status: number, problem: Partial<Schemas["Problem"]>) {
    super(problem.title ?? `the server answered ${status}`);
    this.code = problem.code ?? "internal";
    this.status = status;
    this.field = problem.field;
    this.requestId = problem.request_id;
  }
}

export interface Options {
  /** the address of the installation, such as https://chat.example.com */
  url: string;
  /** the program's token (`ydt_…`); not needed to write as a customer */
  token?: string;
  /** how often a request is repeated that had no answer, or was told to come later; 5 unless stated otherwise */
  retries?: number;
}

interface Call {
  path?: Record<string, unknown>;
  query?: Record<string, unknown>;
  body?: unknown;
}
/** `signal` ends it. */
interface Until {
  signal?: AbortSignal;
}

/** Answers that are worth another try: the server is busy, is stopping, or wants it slower. */
const later = new Set([429, 502, 503, 504]);
/** Codes with which a connection ends that is worth opening again. */
const passing = new Set(["busy", "moving", "too_fast", "too_many_connections"]);

/** Entries that are asked for at once. */
const page = 500;

const uuid = () => crypto.randomUUID();

function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((done) => {
    const timer = setTimeout(done, ms);
    signal?.addEventListener("abort", () => (clearTimeout(timer), done()), { once: true });
  });
}
/** In milliseconds: half a second, doubled each time, up to half a minute, and never the same for all clients. */
const backoff = (attempt: number) => Math.random() * Math.min(30_000, 500 * 2 ** attempt);

/** An installation of Yingda, as one program uses it. */
export class Yingda {
  readonly #url: string;
  readonly #token: string | undefined;
  readonly #retries: number;

  constructor({ url, token, retries = 5 }: Options) {
    this.#url = url.replace(/\/$/, "");
    this.#token = token;
    this.#retries = retries;
  }

  /**
   * One operation, typed by its verb and its path below /api/v1: `call("GET", "/conversations/{id}", { path: { id } })`. Rejects with {@link Refused}. A change has
   * an `Idempotency-Key`, so that it takes effect once however often it is repeated.
   */
  async call<V extends Verb, P extends keyof Operations[V] & string>(
    verb: V,
    path: P,
    ...given: Partial<Given<V, P>> extends Given<V, P> ? [given?: Given<V, P>] : [given: Given<V, P>]
  ): Promise<Answer<V, P>> {
    const { path: names = {}, query = {}, body } = (given[0] ?? {}) as Call;
    const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(names[name])));
    const words = new URLSearchParams();
    for (const [name, value] of Object.entries(query)) if (value !== undefined) words.set(name, String(value));
    const headers: Record<string, string> = verb === "GET" ? {} : { "idempotency-key": uuid() };
    const asked = words.size > 0 ? `?${words}` : "";
    const answer = await this.request(verb, `/api/v1${filled}${asked}`, body, headers);
    return (answer.status === 204 ? undefined : await answer.json()) as Answer<V, P>;
  }

  /** The events of the company since a place, and then those to come, for ever: keep `next` with what was done with them, and go on from there. */
  async *events(given: { after?: string; bodies?: boolean } & Until = {}): AsyncGenerator<Event & { next: string }> {
    let after = given.after;
    while (!given.signal?.aborted) {
      const query = { ...(after === undefined ? {} : { after }), bodies: given.bodies ?? false };
      const page = await this.call("GET", "/events", { query });
      for (const event of page.items) yield { ...event, next: page.next };
      after = page.next;
      if (page.items.length === 0) await pause(1000, given.signal);
    }
  }

  /** What a conversation has so far, from a number on. */
  async *read(conversation: string, first = 1): AsyncGenerator<Entry> {
    for (let from = first; ; ) {
      const frames = [{ t: "get", stream: conversation, from, to: from + page - 1 }];
      const answer = await this.request("POST", "/rt/send", { frames });
      let isWhole = true;
      let found = 0;
      for (const frame of ((await answer.json()) as Schemas["SendResponse"]).frames) {
        if (frame.t === "page") {
          yield* frame.entries;
          found += frame.entries.length;
          from = (frame.entries.at(-1)?.seq ?? from - 1) + 1;
          continue;
        }
        isWhole = false;
        if ("code" in frame && frame.code !== "busy")
          throw new Refused(answer.status, { code: frame.code as Schemas["ProblemCode"] });
      }
      if (isWhole && found === 0) return;
    }
  }

  /** Begins to write as a customer of a site. */
  async chat(site: string, lang: "en" | "zh-CN" = "en"): Promise<Chat> {
    const session = await this.call("POST", "/widget/sessions", { body: { site, lang } });
    return new Chat(this, session, lang);
  }

  /** Frames of the real-time protocol, for ever: the entries of these streams from these numbers on, each once and in order. Comes back by itself. */
  async *listen(
    streams: Record<string, number>,
    given: { lists?: ("mine" | "queue")[]; token?: string } & Until = {},
  ): AsyncGenerator<ServerFrame> {
    const cursors = { ...streams };
    let generation: string | undefined;
    for (let attempt = 0; !given.signal?.aborted; attempt += 1) {
      const hello = {
        version: 1,
        cursors,
        ...(generation === undefined ? {} : { generation }),
        ...(given.lists ? { lists: given.lists } : {}),
        ...(given.token === undefined ? {} : { token: given.token }),
      };
      const answer = await this.request("POST", "/rt/events", hello, { accept: "text/event-stream" }, given.signal);
      try {
        for await (const frame of framesOf(answer)) {
          attempt = 0;
          if (frame.t === "welcome") generation = frame.generation;
          if (frame.t === "no" && !("client_id" in frame) && !("stream" in frame) && !passing.has(frame.code))
            throw new Refused(answer.status, { code: frame.code as Schemas["ProblemCode"] });
          if (frame.t === "reset") cursors[frame.stream] = frame.seq;
          if (frame.t !== "entries") {
            yield frame;
            continue;
          }
          const known = cursors[frame.stream] ?? 0;
          const fresh = frame.entries.filter((entry) => entry.seq > known);
          cursors[frame.stream] = fresh.at(-1)?.seq ?? known;
          if (fresh.length > 0) yield { ...frame, entries: fresh };
        }
      } catch (error) {
        if (error instanceof Refused || given.signal?.aborted) throw error;
      }
      await pause(backoff(attempt), given.signal);
    }
  }

  /** Sends into a conversation, and repeats it under the same id until it is stored or refused. */
  async send(conversation: string, body: SendBody, more: { open?: unknown; token?: string } = {}): Promise<number> {
    const { token, open } = more;
    const frame = { t: "send", conversation, client_id: uuid(), body, ...(open === undefined ? {} : { open }) };
    for (let attempt = 0; ; attempt += 1) {
      const answer = await this.request("POST", "/rt/send", {
        frames: [frame],
        ...(token === undefined ? {} : { token }),
      });
      const [told] = ((await answer.json()) as Schemas["SendResponse"]).frames;
      if (told?.t === "ok") return told.seq;
      if (told?.t === "no") throw new Refused(answer.status, { code: told.code as Schemas["ProblemCode"] });
      if (attempt >= this.#retries) throw new Refused(503, { code: "busy" });
      await pause(backoff(attempt));
    }
  }

  /** Any request; repeated with a pause while there is no answer, or one that says to come later. */
  async request(
    verb: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
    signal?: AbortSignal,
  ): Promise<Response> {
    const asked: RequestInit = {
      method: verb,
      headers: {
        ...(body === undefined ? {} : { "content-type": "application/json" }),
        ...(this.#token === undefined ? {} : { authorization: `Bearer ${this.#token}` }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...(signal ? { signal } : {}),
    };
    for (let attempt = 0; ; attempt += 1) {
      const answer = await fetch(this.#url + path, asked).catch((error: unknown) => {
        if (attempt >= this.#retries || signal?.aborted) throw error;
        return null;
      });
      if (answer?.ok) return answer;
      if (answer !== null && (!later.has(answer.status) || attempt >= this.#retries))
        throw new Refused(answer.status, (await answer.json().catch(() => ({}))) as Partial<Schemas["Problem"]>);
      const told = answer ? waitOf(answer.headers) * 1000 : 0;
      await answer?.body?.cancel();
      await pause(Math.max(told, backoff(attempt)), signal);
    }
  }
}

/** How many seconds to wait, from `Retry-After`: a number, or a date by the clock of whoever answered; at most an hour, 0 if it says nothing. */
function waitOf(headers: Headers): number {
  const told = headers.get("retry-after") ?? "";
  const now = Date.parse(headers.get("date") ?? "") || Date.now();
  // `Date.parse` would take a number for a year.
  const wait = /^\s*\d+\s*$/.test(told) ? Number(told) : (Date.parse(told) - now) / 1000;
  return wait > 0 ? Math.min(wait, 3600) : 0;
}

/** The frames of a stream of events: one in each `data` line. */
async function* framesOf(answer: Response): AsyncGenerator<ServerFrame> {
  let rest = "";
  for await (const text of (answer.body ?? new ReadableStream()).pipeThrough(new TextDecoderStream())) {
    const lines = (rest + text).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) if (line.startsWith("data: ")) yield JSON.parse(line.slice(6)) as ServerFrame;
  }
}

/** A customer of a site, and the conversation they have. */
export class Chat {
  readonly #yingda: Yingda;
  readonly #token: string;
  readonly #lang: string;
  #isOpen: boolean;
  /** The conversation: the one to continue, or a new one, which begins with the first message. */
  readonly conversation: string;
  /** The secret with which the same customer comes back: `POST /widget/sessions` takes it as `device`. */
  readonly device: string;

  constructor(yingda: Yingda, session: Schemas["WidgetSession"], lang: string) {
    this.#yingda = yingda;
    this.#token = session.token;
    this.#lang = lang;
    this.#isOpen = session.conversation !== null;
    this.conversation = session.conversation ?? `cnv_${uuid().replaceAll("-", "")}`;
    this.device = session.device;
  }

  /** Sends a text, or anything else a customer can send; returns its number in the conversation. */
  async send(what: string | SendBody): Promise<number> {
    const body: SendBody = typeof what === "string" ? { type: "text", text: what } : what;
    const open = this.#isOpen ? {} : { open: { lang: this.#lang } };
    const seq = await this.#yingda.send(this.conversation, body, { token: this.#token, ...open });
    this.#isOpen = true;
    return seq;
  }

  /** What the customer sees in the conversation, from a number on and for ever. */
  async *entries(given: { after?: number } & Until = {}): AsyncGenerator<Entry> {
    const streams = { [this.conversation]: given.after ?? 0 };
    for await (const frame of this.#yingda.listen(streams, { ...given, token: this.#token }))
      if (frame.t === "entries") yield* frame.entries;
  }
}
