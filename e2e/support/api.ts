import { randomUUID } from "node:crypto";
import type { Page } from "@playwright/test";
import type { Role, Seed, Server } from "./server";

type Json = Record<string, unknown>;
export type Answer = Json & { id: string; updated_at: number; items: Answer[] };

/** The server's answer to a frame. */
interface Frame {
  t: string;
  code?: string;
  retry_ms?: number;
}

/** Makes a request, and repeats it as long as the server says that it is too busy. */
export async function patiently(url: string, request: RequestInit): Promise<Response> {
  for (;;) {
    const answer = await fetch(url, request);
    if (answer.status !== 503) return answer;
    await new Promise((done) => setTimeout(done, 1000 * Number(answer.headers.get("retry-after") ?? 1)));
  }
}

/** Calls the API as the member signed in on a page. */
export async function ask<T>(page: Page, method: string, path: string, body?: unknown): Promise<T> {
  return page.evaluate(
    async ([how, where, what]) => {
      const headers = {
        "Content-Type": "application/json",
        ...(how === "GET" ? {} : { "Idempotency-Key": crypto.randomUUID() }),
      };
      for (;;) {
        const answer = await fetch(`/api/v1${where as string}`, {
          method: how as string,
          headers,
          body: what === undefined ? undefined : JSON.stringify(what),
        });
        if (answer.ok) return answer.status === 204 ? undefined : ((await answer.json()) as unknown);
        // A busy server says so without having done anything, and is asked again.
        if (answer.status !== 503) throw new Error(`${String(answer.status)} ${await answer.text()}`);
        await new Promise((done) => setTimeout(done, 1000 * Number(answer.headers.get("retry-after") ?? 1)));
      }
    },
    [method, path, body] as const,
  ) as Promise<T>;
}

/** A client of the API without a page. A refusal ends the story. */
export class Api {
  readonly #headers: Record<string, string>;

  constructor(
    readonly server: Server,
    cookie?: string,
    browser = "a story",
  ) {
    this.#headers = { Origin: server.url, "User-Agent": browser, ...(cookie === undefined ? {} : { Cookie: cookie }) };
  }

  get = (path: string): Promise<Answer> => this.#ask("GET", path);
  post = (path: string, body: Json): Promise<Answer> => this.#ask("POST", path, JSON.stringify(body));
  patch = (path: string, body: Json): Promise<Answer> => this.#ask("PATCH", path, JSON.stringify(body));
  /** `token` is a visitor's. */
  put = (path: string, body: Json, token?: string): Promise<Answer> =>
    this.#ask("PUT", path, JSON.stringify(body), token === undefined ? {} : { Authorization: `Bearer ${token}` });

  /** Requests a session; returns its cookie. */
  async cookie(path: string, body: Json): Promise<string> {
    const answer = await this.#answer("POST", `/api/v1${path}`, JSON.stringify(body));
    return answer.headers.get("set-cookie")?.split(";")[0] ?? "";
  }

  /** Sends one frame of a conversation, repeatedly while the server is too busy, and returns its answer. `token` is a visitor's. */
  async frame(conversation: string, body: Json, { open, token }: { open?: Json; token?: string } = {}): Promise<Frame> {
    const frame = { t: "send", conversation, client_id: randomUUID(), body, ...(open ? { open } : {}) };
    for (;;) {
      const { frames } = (await this.#to(
        "POST",
        "/rt/send",
        JSON.stringify({ ...(token === undefined ? {} : { token }), frames: [frame] }),
      )) as unknown as { frames: Frame[] };
      const answer = frames[0];
      if (answer?.t !== "busy") return answer ?? { t: "nothing" };
      await new Promise((done) => setTimeout(done, answer.retry_ms ?? 500));
    }
  }
  /** Like `frame`, for a send that must be accepted. */
  async send(...what: Parameters<Api["frame"]>): Promise<void> {
    const answer = await this.frame(...what);
    if (answer.t !== "ok") throw new Error(`${JSON.stringify(what)}: ${JSON.stringify(answer)}`);
  }

  async upload(path: string, name: string, bytes: string, token?: string): Promise<string> {
    const query = `?name=${encodeURIComponent(name)}`;
    const { id } = await this.#ask("POST", path + query, bytes, {
      "Content-Type": "text/plain",
      ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
    });
    return id;
  }

  #ask(method: string, path: string, body?: string, headers: Record<string, string> = {}): Promise<Answer> {
    return this.#to(method, `/api/v1${path}`, body, headers);
  }

  async #to(method: string, path: string, body?: string, headers?: Record<string, string>): Promise<Answer> {
    const answer = await this.#answer(method, path, body, headers);
    return (answer.status === 204 ? {} : await answer.json()) as Answer;
  }

  async #answer(method: string, path: string, body?: string, headers: Record<string, string> = {}): Promise<Response> {
    const all = new Headers({ "Content-Type": "application/json", ...this.#headers, ...headers });
    if (method !== "GET" && !path.startsWith("/rt/")) all.set("Idempotency-Key", randomUUID());
    const answer = await patiently(this.server.url + path, {
      method,
      headers: all,
      ...(body === undefined ? {} : { body }),
    });
    if (!answer.ok) throw new Error(`${method} ${path} ${body ?? ""}: ${String(answer.status)} ${await answer.text()}`);
    return answer;
  }
}

/** The first member of the demo's staff with a role. */
export const memberOf = (server: Server, seed: Seed, role: Role): Api =>
  new Api(server, `__Host-yingda=${seed.members.find((one) => one.role === role)?.cookie ?? ""}`);
