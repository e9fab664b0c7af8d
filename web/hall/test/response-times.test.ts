import { afterEach, beforeEach, expect, it, vi } from "vitest";

const sent = vi.fn(async (_url: string, _init: RequestInit) => new Response(null, { status: 204 }));
const load = async (): Promise<typeof import("../src/response-times")> => {
  vi.resetModules();
  return import("../src/response-times");
};

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("fetch", sent);
  sent.mockClear();
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

it("reports once how long the hall took to open, to its site", async () => {
  const { noteUsable } = await load();
  noteUsable("a b");
  noteUsable("a b");
  expect(sent).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(sent).toHaveBeenCalledTimes(1);
  const [url, init] = sent.mock.calls[0]!;
  expect(url).toBe("/api/v1/sites/a%20b/response-times");
  expect(init).toMatchObject({ method: "POST", keepalive: true });
  const { page, ...others } = JSON.parse(String(init.body)) as { page: { counts: number[] } };
  expect(others).toEqual({});
  expect(page.counts.reduce((sum, n) => sum + n, 0)).toBe(1);
});

it("reports nothing of a page that was opened in the background", async () => {
  vi.spyOn(document, "hidden", "get").mockReturnValue(true);
  const { noteUsable } = await load();
  noteUsable("demo");
  await vi.advanceTimersByTimeAsync(120_000);
  expect(sent).not.toHaveBeenCalled();
});
