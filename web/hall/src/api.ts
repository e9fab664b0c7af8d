/** Requests to the server. Every failure is a `Problem` with a code for which the page has a text. */
import type { ProblemBody, Suggestion } from "@yingda/api/types";

export class Problem extends Error {
  constructor(
    readonly code: string,
    readonly status: number,
    readonly requestId: string | null,
    /** The invalid field, if any. */
    readonly field: string | null = null,
    /** The number of seconds after which to try again. */
    readonly retryAfter: number | null = null,
  ) {
    super(code);
  }
}

const patience = 15_000;

function reason(error: unknown): string {
  return error instanceof DOMException && error.name === "TimeoutError" ? "timeout" : "network";
}

async function problemOf(response: Response): Promise<Problem> {
  const body = (await response.json().catch(() => null)) as Partial<ProblemBody> | null;
  const code = typeof body?.code === "string" ? body.code : response.status === 404 ? "not_found" : "other";
  const { request_id: id, field, retry_after: wait } = body ?? {};
  return new Problem(
    code,
    response.status,
    typeof id === "string" ? id : null,
    typeof field === "string" ? field : null,
    typeof wait === "number" ? wait : null,
  );
}

/** `path` is below /api/v1. A caller with its own signal decides how long to wait; its abort is passed on unchanged. */
export async function read<T>(path: string, signal?: AbortSignal): Promise<T> {
  let response: Response;
  try {
    response = await fetch(`/api/v1${path}`, {
      headers: { Accept: "application/json" },
      signal: signal ?? AbortSignal.timeout(patience),
    });
    if (response.ok) return (await response.json()) as T;
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new Problem(error instanceof SyntaxError ? "other" : reason(error), 0, null);
  }
  throw await problemOf(response);
}

/** Changes something; returns the answer's JSON, or nothing if there is none. */
export async function send<T>(method: "POST" | "PUT" | "PATCH" | "DELETE", path: string, body?: object): Promise<T> {
  let response: Response;
  try {
    response = await fetch(`/api/v1${path}`, {
      method,
      headers: { Accept: "application/json", ...(body ? { "Content-Type": "application/json" } : {}) },
      body: body ? JSON.stringify(body) : null,
      signal: AbortSignal.timeout(patience),
    });
    if (response.ok) return (response.status === 204 ? undefined : await response.json()) as T;
  } catch (error) {
    throw new Problem(error instanceof SyntaxError ? "other" : reason(error), 0, null);
  }
  throw await problemOf(response);
}

export function withQuery(path: string, query: Record<string, string>): string {
  const words = new URLSearchParams(Object.entries(query).filter(([, value]) => value !== ""));
  const text = words.toString();
  return text === "" ? path : `${path}?${text}`;
}

export async function suggestions(site: string, q: string, lang: string, signal: AbortSignal): Promise<Suggestion[]> {
  const path = withQuery(`/sites/${encodeURIComponent(site)}/suggestions`, { q, lang });
  return (await read<{ items: Suggestion[] }>(path, signal)).items.slice(0, 4);
}
