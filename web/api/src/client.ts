import { uuid } from "./ids";
import type { Bilingual, ProblemBody, ProblemCode } from "./types";

/** Codes of the server's list, and those a page gives itself. */
export type AnyCode = ProblemCode | "network" | "choose_again";

/** A refused request, as RFC 9457 tells it. `code` is what pages translate. */
export class Problem extends Error {
  readonly code: string;
  readonly status: number;
  readonly field?: string;
  /** how many stand in the way, where something is in use */
  readonly count?: number;
  /** what it is about by name, where the page could not know */
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
  /** bytes that are sent as they are, instead of a body */
  file?: Blob;
  query?: Record<string, string | number | null | undefined>;
  headers?: Record<string, string>;
  signal?: AbortSignal;
}

/** What changes nothing, however often it is asked for. */
const safe: readonly string[] = ["GET", "HEAD"];

/** Changes nobody answered: asked for once more within a moment, each is the same change. Later, or after another change of the same thing, it is meant anew. */
const unanswered = new Map<string, { thing: string; key: string; at: number }>();
/** For so long, in milliseconds: somebody presses the button again, or the page tries by itself. */
const SAME_WITHIN = 30_000;
/** What a change is about: the first word of its path. */
const thingOf = (path: string): string => path.split(/[/?]/)[1] ?? "";
/** Bodies that nobody keeps. */
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
  if (!secret.test(path) && !unanswered.has(request)) unanswered.set(request, { thing: thingOf(path), key, at: Date.now() });
}

/** Changes that are on their way: the same one asked for meanwhile is that one, unless another of the same thing was asked for in between. */
const underway = new Map<string, { thing: string; sent: Promise<unknown> }>();

/**
 * One JSON request to /api/v1. Rejects with a Problem, code `network` when the server was not reached. Every request that changes something has an
 * `Idempotency-Key`, so that the server does once what is asked for twice because the first answer was lost; one that is asked for again before it was
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
  // The bytes of a file are not compared: it is another request each time.
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
  // What stands between may say that it got no answer either.
  if (changes && r.status < 502) isAnswered(path);
  else if (changes) isUnanswered(request, path, key);
  let data: unknown;
  try {
    data = text ? JSON.parse(text) : undefined;
  } catch {
    throw new Problem({}, r.status);
  }
  if (!r.ok) throw new Problem((data ?? {}) as Partial<ProblemBody>, r.status, Number(r.headers.get("retry-after")) || undefined);
  return data as T;
}
