import { Problem } from "@yingda/api/client";
import { afterEach, describe, expect, it, vi } from "vitest";
import { call, suggestions } from "../src/api";

const answer = (body: unknown, status = 200, type = "application/json"): Response =>
  new Response(typeof body === "string" ? body : JSON.stringify(body), { status, headers: { "content-type": type } });

function serve(result: Response | Error | DOMException): ReturnType<typeof vi.fn> {
  const fetching = vi.fn(() => (result instanceof Response ? Promise.resolve(result) : Promise.reject(result)));
  vi.stubGlobal("fetch", fetching);
  return fetching;
}

const failure = async (): Promise<Problem> => {
  const error: unknown = await call("GET", "/hall").then(
    () => null,
    (reason: unknown) => reason,
  );
  if (!(error instanceof Problem)) throw new Error("expected a problem");
  return error;
};

afterEach(() => vi.unstubAllGlobals());

describe("call", () => {
  it("reads JSON below /api/v1", async () => {
    const fetching = serve(answer({ site: "demo" }));
    expect(await call("GET", "/hall")).toEqual({ site: "demo" });
    expect(fetching.mock.calls[0]?.[0]).toBe("/api/v1/hall");
  });

  it("keeps the code and the request's number of a problem", async () => {
    serve(
      answer(
        { type: "about:blank", title: "x", status: 429, code: "too_many_requests", request_id: "req_1" },
        429,
        "application/problem+json",
      ),
    );
    expect(await failure()).toMatchObject({ code: "too_many_requests", status: 429, requestId: "req_1" });
  });

  it("has a code for everything else", async () => {
    serve(answer("<html>", 502, "text/html"));
    expect((await failure()).code).toBe("other");
    serve(answer("gone", 404, "text/plain"));
    expect((await failure()).code).toBe("not_found");
    serve(answer("not json"));
    expect((await failure()).code).toBe("other");
    serve(answer(""));
    expect((await failure()).code).toBe("other");
    serve(new TypeError("Failed to fetch"));
    expect((await failure()).code).toBe("network");
  });

  it("waits 15 seconds", async () => {
    vi.useFakeTimers();
    vi.stubGlobal(
      "fetch",
      (_url: string, { signal }: RequestInit) =>
        new Promise((_, fail) => signal?.addEventListener("abort", () => fail(signal.reason))),
    );
    const late = expect(call("GET", "/hall")).rejects.toMatchObject({ code: "timeout" });
    await vi.advanceTimersByTimeAsync(15_000);
    await late;
    vi.useRealTimers();
  });

  it("gives every change a key", async () => {
    const fetching = serve(answer({}));
    await call("PATCH", "/customer", { body: { name: "Ann", seen: 1 } });
    expect(fetching.mock.calls[0]?.[1].headers["Idempotency-Key"]).toMatch(/^[0-9a-f-]{36}$/);
  });
});

describe("suggestions", () => {
  it("asks for the site's and takes four at most", async () => {
    const items = Array.from({ length: 6 }, (_, n) => ({ id: `kb-${n}`, text: `q${n}` }));
    const fetching = serve(answer({ items }));
    const found = await suggestions("a b", "流量 & more", "zh-CN", new AbortController().signal);
    expect(found).toHaveLength(4);
    expect(fetching.mock.calls[0]?.[0]).toBe(
      "/api/v1/sites/a%20b/suggestions?q=%E6%B5%81%E9%87%8F+%26+more&lang=zh-CN",
    );
  });
});
