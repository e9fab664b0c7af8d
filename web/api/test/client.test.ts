import { afterEach, describe, expect, it, vi } from "vitest";
import { call, client, download, Problem } from "../src/client";
import { newId, uuid } from "../src/ids";

afterEach(() => vi.unstubAllGlobals());
const answer = (r: Response | Error) => {
  const f = vi.fn((_url: string, _init: RequestInit) => (r instanceof Error ? Promise.reject(r) : Promise.resolve(r)));
  vi.stubGlobal("fetch", f);
  return f;
};

describe("call", () => {
  it("sends JSON and leaves out empty query values", async () => {
    const f = answer(new Response('{"items":[]}'));
    const query = { q: "a b", cursor: null, category: "", few: true };
    await expect(call("GET", "/goods", { query })).resolves.toEqual({ items: [] });
    expect(f.mock.calls[0]?.[0]).toBe("/api/v1/goods?q=a+b&few=true");
    f.mockResolvedValue(new Response("{}"));
    await call("POST", "/groups", { body: { name: "b" } });
    expect(f.mock.calls[1]?.[1]).toMatchObject({ method: "POST", body: '{"name":"b"}' });
  });

  it("goes on when the page ends, if asked to", async () => {
    const f = answer(new Response(null, { status: 204 }));
    await call("POST", "/response-times", { body: {}, keepalive: true });
    await call("POST", "/response-times", { body: { page: null } });
    expect(f.mock.calls.map(([, init]) => init.keepalive)).toEqual([true, undefined]);
  });

  it("rejects with the problem's code, field and Retry-After", async () => {
    answer(
      new Response('{"code":"too_many_requests","title":"Too many","field":"email","status":429}', {
        status: 429,
        headers: { "retry-after": "30" },
      }),
    );
    await expect(call("GET", "/me")).rejects.toMatchObject({
      code: "too_many_requests",
      field: "email",
      status: 429,
      retryAfter: 30,
    });
  });

  it.each([
    ["Mon, 30 Nov 2026 10:02:00 GMT", 120],
    ["Mon, 30 Nov 2026 09:59:00 GMT", undefined],
    ["36000", 3600],
    ["later", undefined],
    ["0", undefined],
  ])("waits as Retry-After says: %s", async (told, wait) => {
    const headers = { "retry-after": told, date: "Mon, 30 Nov 2026 10:00:00 GMT" };
    answer(new Response('{"code":"busy"}', { status: 503, headers }));
    expect(await call("GET", "/me").catch((e: Problem) => e.retryAfter)).toBe(wait);
  });

  it("knows an empty answer, an unreadable one and an unreachable server", async () => {
    answer(new Response(null, { status: 204 }));
    await expect(call("DELETE", "/auth/sessions/current")).resolves.toBeUndefined();
    answer(new Response("<html>", { status: 502 }));
    await expect(call("GET", "/me")).rejects.toMatchObject({ code: "internal" });
    answer(new Response(""));
    await expect(call("GET", "/me"), "cut short").rejects.toMatchObject({ code: "network" });
    answer(new Response("<html>"));
    await expect(call("GET", "/me"), "of a page in between").rejects.toMatchObject({ code: "network" });
    answer(new Response("<html>", { status: 413 }));
    await expect(call("PUT", "/goods/{id}/pictures/{n}" as never)).rejects.toMatchObject({
      code: "too_large_on_the_way",
    });
    answer(new Response('{"code":"too_large"}', { status: 413 }));
    await expect(call("GET", "/me")).rejects.toMatchObject({ code: "too_large" });
    answer(new TypeError("failed"));
    await expect(call("GET", "/me")).rejects.toMatchObject({ code: "network", status: 0 });
    expect(new Problem({ code: "conflict" }, 409)).toBeInstanceOf(Error);
  });

  it("reads a file as text", async () => {
    const f = answer(new Response("a,b\r\n"));
    await expect(download("/metrics", { query: { lang: "en" } })).resolves.toBe("a,b\r\n");
    expect(f.mock.calls[0]).toMatchObject(["/api/v1/metrics?lang=en", { headers: { Accept: "text/csv" } }]);
    answer(new Response('{"code":"not_permitted"}', { status: 403 }));
    await expect(download("/metrics")).rejects.toMatchObject({ code: "not_permitted", status: 403 });
  });
});

describe("a client with a timeout", () => {
  const patient = client({ timeout: 15_000, unnamed: () => "other" });

  it("waits that long, or as long as the caller's signal says, whose abort is passed on", async () => {
    vi.useFakeTimers();
    vi.stubGlobal(
      "fetch",
      (_url: string, { signal }: RequestInit) =>
        new Promise((_, fail) => {
          if (signal?.aborted) fail(signal.reason);
          else signal?.addEventListener("abort", () => fail(signal.reason));
        }),
    );
    const late = expect(patient("GET", "/me")).rejects.toMatchObject({ code: "timeout", status: 0 });
    await vi.advanceTimersByTimeAsync(15_000);
    await late;
    const signal = AbortSignal.abort("left the page");
    await expect(patient("GET", "/me", { signal })).rejects.toBe("left the page");
    vi.useRealTimers();
  });

  it("names what has no name", async () => {
    answer(new Response("<html>", { status: 502 }));
    await expect(patient("GET", "/me")).rejects.toMatchObject({ code: "other", status: 502 });
    answer(new Response("{}", { status: 500 }));
    await expect(patient("GET", "/me")).rejects.toMatchObject({ code: "other", status: 500 });
    answer(new Response("not JSON"));
    await expect(patient("GET", "/me")).rejects.toMatchObject({ code: "other" });
  });
});

describe("what changes something", () => {
  const keyOf = (f: ReturnType<typeof answer>) => new Headers(f.mock.calls[0]?.[1].headers).get("idempotency-key");

  it("has a key of its own, and what only asks has none", async () => {
    const keys = new Set<string | null>();
    const path = { id: "g-1" };
    for (const change of [
      () => call("POST", "/goods/{id}/restore", { path }),
      () => call("PUT", "/me/state", { body: { state: "break" } }),
      () => call("PATCH", "/goods/{id}", { path, body: { seen: 1 } }),
      () => call("DELETE", "/goods/{id}", { path }),
      () => call("POST", "/goods-pictures", { file: new Blob(["a"]) }),
    ]) {
      const f = answer(new Response("{}"));
      await change();
      keys.add(keyOf(f));
    }
    expect(keys.size).toBe(5);
    for (const key of keys) expect(key).toMatch(/^[0-9a-f-]{36}$/);
    const f = answer(new Response("{}"));
    await call("GET", "/me");
    expect(keyOf(f)).toBeNull();
  });

  it("is sent once when it is asked for again before it was answered", async () => {
    const f = answer(new Response('{"id":"g-001"}'));
    const ask = (name: string) => call("POST", "/groups", { body: { name } });
    const [one, same] = await Promise.all([ask("lamp"), ask("lamp")]);
    expect([f.mock.calls.length, one, same]).toEqual([1, { id: "g-001" }, { id: "g-001" }]);
    f.mockImplementation(() => Promise.resolve(new Response("{}")));
    await Promise.all([ask("lamp"), ask("bell"), ask("lamp")]);
    expect(f.mock.calls.length).toBe(4);
  });

  it("is the same change when it is asked for again because no answer came, and another one after any answer", async () => {
    const ask = async (name: string, how: Response | Error) => {
      const f = answer(how);
      await call("POST", "/groups", { body: { name } }).catch(() => undefined);
      return keyOf(f);
    };
    const first = await ask("a", new TypeError("failed"));
    expect(await ask("a", new Response("", { status: 502 }))).toBe(first);
    expect(await ask("a", new Response("{}"))).toBe(first);
    const next = await ask("a", new TypeError("failed"));
    expect(next).not.toBe(first);
    expect(await ask("b", new Response("{}"))).not.toBe(next);
    expect(await ask("a", new Response("{}"))).not.toBe(next);
  });

  it("is meant anew after a while, after another change of the same thing, and where it holds a secret", async () => {
    const ask = async (change: () => Promise<unknown>, how: Response | Error) => {
      const f = answer(how);
      await change().catch(() => undefined);
      return keyOf(f);
    };
    const lost = new TypeError("failed");
    const done = () => new Response("{}");
    const to = (state: "available" | "break") => () => call("PUT", "/me/state", { body: { state } });
    const restore = () => call("POST", "/goods/{id}/restore", { path: { id: "g-1" } });
    const remove = () => call("DELETE", "/goods/{id}", { path: { id: "g-1" } });
    // An agent takes a break, returns, and takes another: the second break is not the same change as the first.
    const pause = await ask(to("break"), lost);
    await ask(restore, done());
    expect(await ask(to("break"), lost), "something else changes nothing").toBe(pause);
    await ask(to("available"), done());
    expect(await ask(to("break"), done())).not.toBe(pause);
    const gone = await ask(remove, lost);
    const clock = vi.spyOn(Date, "now").mockReturnValue(Date.now() + 31_000);
    expect(await ask(remove, done())).not.toBe(gone);
    clock.mockRestore();
    for (const secret of [
      () => call("PUT", "/me/password", { body: { old: "a", password: "b" } }),
      () => call("POST", "/auth/links/redeem", { body: { token: "a" } }),
      () => call("POST", "/customer/recoveries/redeem", { body: { handle: "a", password: "b" } }),
    ]) {
      const key = await ask(secret, lost);
      expect(await ask(secret, done())).not.toBe(key);
    }
  });
});

describe("ids", () => {
  it("have the forms of the wire", () => {
    expect(uuid()).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(newId("cnv")).toMatch(/^cnv_[0-9a-f]{12}7[0-9a-f]{3}[89ab][0-9a-f]{15}$/);
    const before = Date.now();
    const at = Number.parseInt(newId("cnv").slice(4, 16), 16);
    expect(at).toBeGreaterThanOrEqual(before);
    expect(at).toBeLessThanOrEqual(Date.now());
  });
});
