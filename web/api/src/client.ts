import { uuid } from "./ids";
import type { Bilingual, ProblemBody, ProblemCode } from "./types";

/** The codes in the server's list, and those that pages produce themselves. */
export type AnyCode = ProblemCode | "network" | "choose_again";

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

  constructor(body: Partial<Omit<ProblemBody, "code">> & { code?: AnyCode }, status: number, retryAfter?: number) {
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

export interface CallOptions {
  body?: unknown;
  /** bytes to send as they are, instead of a body */
  file?: Blob;
  query?: Record<string, string | number | null | undefined>;
  headers?: Record<string, string>;
  signal?: AbortSignal;
}

/** Methods that change nothing, however often they are called. */
const safe: readonly string[] = ["GET", "HEAD"];

/** Changes that got no answer: if repeated soon, each counts as the same change. Later, or after a different change of the same thing, it is a new one. */
const unanswered = new Map<string, { thing: string; key: string; at: number }>();
/** In milliseconds: how long a repeated change, by the user or the page itself, counts as the same one. */
const SAME_WITHIN = 30_000;
/** What a change is about: the first word of its path. */
const thingOf = (path: string): string => path.split(/[/?]/)[1] ?? "";
/** Paths of requests whose body must not be stored. */
const secret = /password|auth/;

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

/**
 * One JSON request to /api/v1. Rejects with a `Problem`, whose code is `network` when the server was not reached. Every request that changes something has an
 * `Idempotency-Key`, so that the server acts once on a request that was repeated because the first answer was lost. A request that is repeated before it is
 * answered is sent once.
 */
export function call<T>(method: string, path: string, o: CallOptions = {}): Promise<T> {
  if (safe.includes(method) || o.file || o.signal) return send<T>(method, path, o);
  const one = JSON.stringify([method, path, o.query, o.body, o.headers]);
  const known = underway.get(one);
  if (known) return known.sent as Promise<T>;
  const thing = thingOf(path);
  for (const [other, of] of underway) if (of.thing === thing) underway.delete(other);
  const sent = send<T>(method, path, o).finally(() => {
    if (underway.get(one)?.sent === sent) underway.delete(one);
  });
  underway.set(one, { thing, sent });
  return sent;
}

async function send<T>(method: string, path: string, o: CallOptions): Promise<T> {
  const query = Object.entries(o.query ?? {}).filter(([, v]) => v !== null && v !== undefined && v !== "");
  const url = `/api/v1${path}${query.length ? `?${new URLSearchParams(query.map(([k, v]) => [k, String(v)]))}` : ""}`;
  const init: RequestInit = { method, headers: { Accept: "application/json", ...o.headers } };
  if (o.signal) init.signal = o.signal;
  if (o.body !== undefined) {
    init.headers = { ...init.headers, "Content-Type": "application/json" };
    init.body = JSON.stringify(o.body);
  }
  if (o.file) {
    init.headers = { ...init.headers, "Content-Type": o.file.type || "application/octet-stream" };
    init.body = o.file;
  }
  const changes = !safe.includes(method);
  // The bytes of a file are not compared: each upload is a new request.
  const request = `${method} ${url} ${o.file ? uuid() : String(init.body ?? "")}`;
  const key = changes ? keyOf(request) : "";
  if (changes) init.headers = { "Idempotency-Key": key, ...init.headers };
  let r: Response;
  let text: string;
  try {
    r = await fetch(url, init);
    text = await r.text();
  } catch (e) {
    if (changes) isUnanswered(request, path, key);
    if (o.signal?.aborted) throw e;
    throw new Problem({}, 0);
  }
  // A proxy may answer in the server's place that it got no answer.
  if (changes && r.status < 502) isAnswered(path);
  else if (changes) isUnanswered(request, path, key);
  let data: unknown;
  try {
    data = text ? JSON.parse(text) : undefined;
  } catch {
    throw new Problem({}, r.status);
  }
  if (!r.ok)
    throw new Problem(
      (data ?? {}) as Partial<ProblemBody>,
      r.status,
      Number(r.headers.get("retry-after")) || undefined,
    );
  return data as T;
}
