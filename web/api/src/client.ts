import { uuid } from "./ids";
import { type Answer, address, type CsvPath, type Given, type InUrl, type JsonPath, type Verb } from "./operations";
import type { Bilingual, ProblemBody, ProblemCode } from "./types";

/** The codes in the server's list, and those that the console produces itself. */
export type AnyCode = ProblemCode | "network" | "choose_again" | "passkey_known" | "too_large_on_the_way";
/** What the hall says besides: no answer in time, and an answer from which nothing can be learnt. */
type HallCode = "timeout" | "other";

/** A refused request, as an RFC 9457 problem. `code` is what pages translate. */
export class Problem extends Error {
  readonly code: string;
  readonly status: number;
  readonly field?: string;
  /** the number of things that use it, if it is in use */
  readonly count?: number;
  /** the names of what it is about, where the page could not know them */
  readonly names?: readonly Bilingual[];
  readonly requestId?: string;
  /** seconds, from Retry-After */
  readonly retryAfter?: number;

  constructor(
    body: Partial<Omit<ProblemBody, "code">> & { code?: AnyCode | HallCode },
    status: number,
    retryAfter?: number,
  ) {
    super(body.title ?? body.code ?? String(status));
    this.code = body.code ?? (status ? "internal" : "network");
    this.status = status;
    this.field = body.field;
    this.count = body.count;
    this.names = body.names;
    this.requestId = body.request_id;
    this.retryAfter = retryAfter;
  }
}

/** Methods that change nothing, however often they are called. */
const safe: readonly string[] = ["GET", "HEAD"];

/** Changes that got no answer: if repeated soon, each counts as the same change. Later, or after a different change of the same thing, it is a new one. */
const unanswered = new Map<string, { thing: string; key: string; at: number }>();
/** In milliseconds: how long a repeated change, by the user or the page itself, counts as the same one. */
const SAME_WITHIN = 30_000;
/** What a change is about: the first word of its path. */
const thingOf = (path: string): string => path.split("/")[1] ?? "";
/** Paths of requests whose body must not be stored. */
const secret = /password|auth|^\/customer\//;

function keyOf(request: string): string {
  const now = Date.now();
  for (const [one, { at }] of unanswered) if (now - at > SAME_WITHIN) unanswered.delete(one);
  return unanswered.get(request)?.key ?? uuid();
}

function isAnswered(path: string): void {
  const thing = thingOf(path);
  for (const [one, of] of unanswered) if (of.thing === thing) unanswered.delete(one);
}

function isUnanswered(request: string, path: string, key: string): void {
  if (!secret.test(path) && !unanswered.has(request))
    unanswered.set(request, { thing: thingOf(path), key, at: Date.now() });
}

/** Changes in progress: the same one requested again joins it, unless a different change of the same thing was requested in between. */
const underway = new Map<string, { thing: string; sent: Promise<unknown> }>();

/** What pages of one kind have in common. */
export interface Habits {
  /** in milliseconds: how long an answer is waited for, unless the caller has a signal of its own; by default, as long as the browser waits */
  timeout?: number;
  /** the code of a failure whose answer names none; by default `internal` */
  unnamed?(status: number): AnyCode | HallCode;
}

export interface CallOptions {
  headers?: Record<string, string>;
  signal?: AbortSignal;
  /** it goes on when the page ends; its body has at most 64 KiB */
  keepalive?: boolean;
}

/** Any request, once its types are checked. */
interface Sent extends InUrl, CallOptions {
  body?: unknown;
  file?: Blob;
}

/**
 * One request to /api/v1, typed by the operation it names: `call("PATCH", "/goods/{id}", { path: { id }, body })`. Rejects with a `Problem`, whose code is
 * `network` when the server was not reached. Every request that changes something has an `Idempotency-Key`, so that the server acts once on a request that was
 * repeated because the first answer was lost. A request that is repeated before it is answered is sent once.
 */
type Call = <V extends Verb, P extends JsonPath<V>>(
  verb: V,
  path: P,
  ...given: Given<V, P, CallOptions>
) => Promise<Answer<V, P>>;

/** How pages with these habits make requests. */
export const client = (habits: Habits): Call =>
  ((verb: Verb, path: string, o: Sent = {}): Promise<unknown> => {
    const sent = () => answerOf(verb, path, o, habits);
    return safe.includes(verb) || o.file || o.signal ? sent() : joined(path, JSON.stringify([verb, path, o]), sent);
  }) as Call;

export const call = client({});

/** The text of a file that the server makes for a list or for numbers. */
export async function download<P extends CsvPath>(path: P, ...given: Given<"GET", P, CallOptions>): Promise<string> {
  const o: Sent = given[0] ?? {};
  return (await exchange("GET", path, { ...o, headers: { Accept: "text/csv", ...o.headers } }, {})).text;
}

/** Sends a change, or joins the same one if that is in progress. */
function joined(path: string, one: string, send: () => Promise<unknown>): Promise<unknown> {
  const known = underway.get(one);
  if (known) return known.sent;
  const thing = thingOf(path);
  for (const [other, of] of underway) if (of.thing === thing) underway.delete(other);
  const sent = send().finally(() => {
    if (underway.get(one)?.sent === sent) underway.delete(one);
  });
  underway.set(one, { thing, sent });
  return sent;
}

async function answerOf(verb: Verb, path: string, o: Sent, habits: Habits): Promise<unknown> {
  const { text, status } = await exchange(verb, path, o, habits);
  // Only a change may be answered with nothing: otherwise, the answer was cut short.
  if (!text && (status === 204 || !safe.includes(verb))) return;
  const answer = parsed(text);
  // Our server answers with JSON: this was somebody else.
  if (answer === undefined) throw new Problem({ code: habits.unnamed?.(status) ?? "network" }, status);
  return answer;
}

/** What JSON says; undefined if it is none. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return;
  }
}

/** Sends a request and returns its answer as text, unless it is a refusal. */
async function exchange(verb: Verb, path: string, o: Sent, habits: Habits): Promise<{ text: string; status: number }> {
  const url = address(path, o);
  const init: RequestInit = { method: verb, headers: { Accept: "application/json", ...o.headers } };
  if (o.keepalive) init.keepalive = true;
  if (o.signal) init.signal = o.signal;
  // `AbortSignal.timeout` is not in older browsers.
  const late = !o.signal && habits.timeout ? new AbortController() : undefined;
  if (late) init.signal = late.signal;
  if (o.body !== undefined) {
    init.headers = { ...init.headers, "Content-Type": "application/json" };
    init.body = JSON.stringify(o.body);
  }
  if (o.file) {
    init.headers = { ...init.headers, "Content-Type": o.file.type || "application/octet-stream" };
    init.body = o.file;
  }
  const changes = !safe.includes(verb);
  // The bytes of a file are not compared: each upload is a new request.
  const request = `${verb} ${url} ${o.file ? uuid() : String(init.body ?? "")}`;
  const key = changes ? keyOf(request) : "";
  if (changes) init.headers = { "Idempotency-Key": key, ...init.headers };
  let r: Response;
  let text: string;
  const timer = late && setTimeout(() => late.abort(), habits.timeout);
  try {
    r = await fetch(url, init);
    text = await r.text();
  } catch (e) {
    if (changes) isUnanswered(request, path, key);
    if (o.signal?.aborted) throw e;
    throw new Problem({ code: late?.signal.aborted ? "timeout" : "network" }, 0);
  } finally {
    clearTimeout(timer);
  }
  // Something on the way may answer in the server's place: that it got no answer, or with a page of its own.
  if (changes && r.status < 502 && (!text || parsed(text) !== undefined)) isAnswered(path);
  else if (changes) isUnanswered(request, path, key);
  if (r.ok) return { text, status: r.status };
  throw new Problem(
    {
      code: r.status === 413 ? "too_large_on_the_way" : habits.unnamed?.(r.status),
      ...(parsed(text) as Partial<ProblemBody> | undefined),
    },
    r.status,
    waitOf(r.headers),
  );
}

/** How many seconds to wait, from `Retry-After`: a number, or a date by the clock of whoever answered; at most an hour. */
function waitOf(headers: Headers): number | undefined {
  const told = headers.get("retry-after") ?? "";
  const now = Date.parse(headers.get("date") ?? "") || Date.now();
  // `Date.parse` would take a number for a year.
  const wait = /^\s*\d+\s*$/.test(told) ? Number(told) : Math.ceil((Date.parse(told) - now) / 1000);
  return wait > 0 ? Math.min(wait, 3600) : undefined;
}
