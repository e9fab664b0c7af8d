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
    await expect(call("POST", "/things", { query: { q: "a b", cursor: null, x: "" }, body: { a: 1 } })).resolves.toEqual({ items: [] });
    expect(f.mock.calls[0]?.[0]).toBe("/api/v1/things?q=a+b");
    expect(f.mock.calls[0]?.[1]).toMatchObject({ method: "POST", body: '{"a":1}' });
  });

  it("rejects with the problem's code, field and Retry-After", async () => {
    answer(new Response('{"code":"too_many_requests","title":"Too many","field":"email","status":429}', { status: 429, headers: { "retry-after": "30" } }));
    await expect(call("GET", "/x")).rejects.toMatchObject({ code: "too_many_requests", field: "email", status: 429, retryAfter: 30 });
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
