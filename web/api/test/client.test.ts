import { afterEach, describe, expect, it, vi } from "vitest";
import { call, Problem } from "../src/client";
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
    await expect(
      call("POST", "/things", { query: { q: "a b", cursor: null, x: "" }, body: { a: 1 } }),
    ).resolves.toEqual({ items: [] });
    expect(f.mock.calls[0]?.[0]).toBe("/api/v1/things?q=a+b");
    expect(f.mock.calls[0]?.[1]).toMatchObject({ method: "POST", body: '{"a":1}' });
  });

  it("rejects with the problem's code, field and Retry-After", async () => {
    answer(
      new Response('{"code":"too_many_requests","title":"Too many","field":"email","status":429}', {
        status: 429,
        headers: { "retry-after": "30" },
      }),
    );
    await expect(call("GET", "/x")).rejects.toMatchObject({
      code: "too_many_requests",
      field: "email",
      status: 429,
      retryAfter: 30,
    });
  });

  it("knows an empty answer, an unreadable one and an unreachable server", async () => {
    answer(new Response(null, { status: 204 }));
    await expect(call("DELETE", "/x")).resolves.toBeUndefined();
    answer(new Response("<html>", { status: 502 }));
    await expect(call("GET", "/x")).rejects.toMatchObject({ code: "internal" });
    answer(new TypeError("failed"));
    await expect(call("GET", "/x")).rejects.toMatchObject({ code: "network", status: 0 });
    expect(new Problem({ code: "conflict" }, 409)).toBeInstanceOf(Error);
  });
});

describe("what changes something", () => {
  const keyOf = (f: ReturnType<typeof answer>) => new Headers(f.mock.calls[0]?.[1].headers).get("idempotency-key");

  it("has a key of its own, and what only asks has none", async () => {
    const keys = new Set<string | null>();
    for (const method of ["POST", "PUT", "PATCH", "DELETE"]) {
      const f = answer(new Response("{}"));
      await call(method, "/x");
      keys.add(keyOf(f));
    }
    const file = answer(new Response("{}"));
    await call("POST", "/x", { file: new Blob(["a"]) });
    keys.add(keyOf(file));
    expect(keys.size).toBe(5);
    for (const key of keys) expect(key).toMatch(/^[0-9a-f-]{36}$/);
    const f = answer(new Response("{}"));
    await call("GET", "/x");
    expect(keyOf(f)).toBeNull();
  });

  it("is sent once when it is asked for again before it was answered", async () => {
    const f = answer(new Response('{"id":"g-001"}'));
    const ask = (name: string) => call("POST", "/goods", { body: { name } });
    const [one, same] = await Promise.all([ask("lamp"), ask("lamp")]);
    expect([f.mock.calls.length, one, same]).toEqual([1, { id: "g-001" }, { id: "g-001" }]);
    f.mockImplementation(() => Promise.resolve(new Response("{}")));
    await Promise.all([ask("lamp"), ask("bell"), ask("lamp")]);
    expect(f.mock.calls.length).toBe(4);
  });

  it("is the same change when it is asked for again because no answer came, and another one after any answer", async () => {
    const ask = async (body: unknown, how: Response | Error) => {
      const f = answer(how);
      await call("POST", "/x", { body }).catch(() => undefined);
      return keyOf(f);
    };
    const first = await ask({ a: 1 }, new TypeError("failed"));
    expect(await ask({ a: 1 }, new Response("", { status: 502 }))).toBe(first);
    expect(await ask({ a: 1 }, new Response("{}"))).toBe(first);
    const next = await ask({ a: 1 }, new TypeError("failed"));
    expect(next).not.toBe(first);
    expect(await ask({ a: 2 }, new Response("{}"))).not.toBe(next);
    expect(await ask({ a: 1 }, new Response("{}"))).not.toBe(next);
  });

  it("is meant anew after a while, after another change of the same thing, and where it holds a secret", async () => {
    const ask = async (path: string, how: Response | Error, method = "PUT") => {
      const f = answer(how);
      await call(method, path).catch(() => undefined);
      return keyOf(f);
    };
    const lost = new TypeError("failed");
    // An agent takes a break, returns, and takes another: the second break is not the same change as the first.
    const pause = await ask("/me/state?to=break", lost);
    await ask("/goods/g-1", new Response("{}"));
    expect(await ask("/me/state?to=break", lost), "something else changes nothing").toBe(pause);
    await ask("/me/state?to=available", new Response("{}"));
    expect(await ask("/me/state?to=break", new Response("{}"))).not.toBe(pause);
    const gone = await ask("/goods/g-1", lost, "DELETE");
    const clock = vi.spyOn(Date, "now").mockReturnValue(Date.now() + 31_000);
    expect(await ask("/goods/g-1", new Response("{}"), "DELETE")).not.toBe(gone);
    clock.mockRestore();
    const secret = await ask("/me/password", lost);
    expect(await ask("/me/password", new Response("{}"))).not.toBe(secret);
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
