import type { ProblemBody } from "./types";

/** A refused request, as RFC 9457 tells it. `code` is what pages translate. */
export class Problem extends Error {
  readonly code: string;
  readonly status: number;
  readonly field?: string;
  readonly requestId?: string;
  /** seconds, from Retry-After */
  readonly retryAfter?: number;

  constructor(body: Partial<ProblemBody>, status: number, retryAfter?: number) {
    super(body.title ?? body.code ?? String(status));
    this.code = body.code ?? (status ? "internal" : "network");
    this.status = status;
    this.field = body.field;
    this.requestId = body.request_id;
    this.retryAfter = retryAfter;
  }
}

export interface CallOptions {
  body?: unknown;
  query?: Record<string, string | number | null | undefined>;
  headers?: Record<string, string>;
  signal?: AbortSignal;
}

/** One JSON request to /api/v1. Rejects with a Problem, code `network` when the server was not reached. */
export async function call<T>(method: string, path: string, o: CallOptions = {}): Promise<T> {
  const query = Object.entries(o.query ?? {}).filter(([, v]) => v !== null && v !== undefined && v !== "");
  const url = `/api/v1${path}${query.length ? `?${new URLSearchParams(query.map(([k, v]) => [k, String(v)]))}` : ""}`;
  const init: RequestInit = { method, headers: { Accept: "application/json", ...o.headers } };
  if (o.signal) init.signal = o.signal;
  if (o.body !== undefined) {
    init.headers = { ...init.headers, "Content-Type": "application/json" };
    init.body = JSON.stringify(o.body);
  }
  let r: Response;
  try {
    r = await fetch(url, init);
  } catch (e) {
    if (o.signal?.aborted) throw e;
    throw new Problem({}, 0);
  }
  const text = await r.text();
  let data: unknown;
  try {
    data = text ? JSON.parse(text) : undefined;
  } catch {
    throw new Problem({}, r.status);
  }
  if (!r.ok) throw new Problem((data ?? {}) as Partial<ProblemBody>, r.status, Number(r.headers.get("retry-after")) || undefined);
  return data as T;
}
