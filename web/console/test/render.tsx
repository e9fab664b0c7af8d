import { createMemoryHistory, RouterProvider } from "@tanstack/react-router";
import { QueryClientProvider } from "@tanstack/react-query";
import type { Me } from "@yingda/api/types";
import { render } from "@testing-library/react";
import { vi } from "vitest";
import { makeQueryClient } from "../src/app";
import { choose } from "../src/lib/prefs";
import { clearToasts, Toasts } from "../src/lib/toast";
import { loadWords } from "../src/lib/i18n";
import { makeRouter } from "../src/router";
import { me } from "./samples";

export interface Asked {
  method: string;
  path: string;
  query: URLSearchParams;
  body: unknown;
}
type Answer = unknown | ((asked: Asked) => unknown);

/** A refusal in the server's form. */
export class Refusal {
  names?: unknown;
  constructor(
    readonly status: number,
    readonly code: string,
    readonly field?: string,
    readonly headers: Record<string, string> = {},
    public count?: number,
  ) {}
}

export interface Server {
  asked: Asked[];
  answers: Record<string, Answer>;
}

/** What a page reports by itself, whenever it likes: it is noted only by a test that answers it. */
const REPORTS = "POST /response-times";

/** Answers requests by "METHOD /path"; unlisted ones are answered with not found. */
export function server(answers: Record<string, Answer>): Server {
  const all: Server = { asked: [], answers };
  vi.stubGlobal("fetch", async (input: string, init: RequestInit = {}) => {
    const url = new URL(input, "http://localhost");
    const one: Asked = {
      method: init.method ?? "GET",
      path: url.pathname.replace("/api/v1", ""),
      query: url.searchParams,
      body: init.body ? JSON.parse(String(init.body)) : undefined,
    };
    const name = `${one.method} ${one.path}`;
    if (name === REPORTS && !(name in all.answers)) return new Response(null, { status: 204 });
    all.asked.push(one);
    const key = new Headers(init.headers).get("idempotency-key");
    if ((one.method === "GET") !== (key === null))
      throw new Error(`${one.method} ${one.path} has ${key === null ? "no" : "an"} Idempotency-Key`);
    const answer = all.answers[name];
    const value =
      typeof answer === "function"
        ? await (answer as (asked: Asked) => unknown)(one)
        : answer === undefined
          ? new Refusal(404, "not_found")
          : answer;
    if (value instanceof Refusal)
      return Response.json(
        {
          type: "about:blank",
          title: value.code,
          status: value.status,
          code: value.code,
          field: value.field,
          count: value.count,
          names: value.names,
          request_id: "req_1",
        },
        { status: value.status, headers: value.headers },
      );
    return value === null ? new Response(null, { status: 204 }) : Response.json(value);
  });
  return all;
}

export const signedIn = (who: Me = me): Record<string, Answer> => ({
  "GET /me": who,
  "GET /staff-announcements": { items: [], unread: 0, may_tell: null },
  "GET /lessons": { items: [] },
  "GET /alerts": { items: [], next: null, waiting: 0 },
  "GET /me/today": { resolved: 22, frt_median_ms: 14_000, rated: 12, rated_good: 11 },
});

// Tests begin after sign-in, with its texts loaded.
await Promise.all([
  loadWords("en", "door"),
  loadWords("zh-CN", "door"),
  loadWords("en"),
  loadWords("zh-CN"),
  loadWords("en", "later"),
  loadWords("zh-CN", "later"),
  loadWords("en", "opening"),
  loadWords("zh-CN", "opening"),
  loadWords("en", "operator"),
  loadWords("zh-CN", "operator"),
]);

export function open(path: string) {
  clearToasts();
  choose({ language: "en", theme: "light", scale: 100 });
  const queryClient = makeQueryClient();
  const { queries, ...others } = queryClient.getDefaultOptions();
  queryClient.setDefaultOptions({ ...others, queries: { ...queries, retry: false } });
  const router = makeRouter(queryClient, createMemoryHistory({ initialEntries: [`/console${path}`] }));
  const view = render(
    <QueryClientProvider client={queryClient}>
      <RouterProvider router={router} />
      <Toasts />
    </QueryClientProvider>,
  );
  return { ...view, router, queryClient };
}
