import { Problem } from "@yingda/api/client";
import { render, type JSX } from "preact";
import { act } from "preact/test-utils";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { useResource } from "../src/resource";

/** What the page shows: the data, the code of the failure, or that it waits. */
const shown = (): string => document.body.textContent ?? "";
const pass = (ms: number): Promise<void> =>
  act(async () => {
    await vi.advanceTimersByTimeAsync(ms);
  });
const minute = (): Promise<void> => pass(60_000);
/** Does something, and lets what comes of it at once happen. */
const soon = async (what: () => void): Promise<void> => {
  await act(what);
  await pass(0);
};

let n = 0;
function page(load: () => Promise<string>): { Page(): JSX.Element; retry(): void } {
  const key = `resource ${String((n += 1))}`;
  let retry = (): void => undefined;
  const Page = (): JSX.Element => {
    const read = useResource(key, load);
    retry = read.retry;
    return <p>{read.data ?? read.error?.code ?? "waiting"}</p>;
  };
  return { Page, retry: () => retry() };
}

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  render(null, document.body);
  vi.useRealTimers();
});

describe("a read", () => {
  it("that nobody answered is tried again by itself, and the failure stays on the page until there is an answer", async () => {
    let answer = (_: string): void => undefined;
    const load = vi
      .fn<() => Promise<string>>()
      .mockRejectedValueOnce(new Problem({ code: "timeout" }, 0))
      .mockRejectedValueOnce(new Problem({ code: "network" }, 0))
      .mockImplementationOnce(() => new Promise((resolve) => (answer = resolve)));
    const { Page } = page(load);
    await soon(() => render(<Page />, document.body));
    expect(shown()).toBe("timeout");
    await minute();
    expect([load.mock.calls.length, shown()]).toEqual([3, "network"]);
    await soon(() => answer("goods"));
    expect(shown()).toBe("goods");
    await minute();
    expect(load).toHaveBeenCalledTimes(3);
  });

  it("that was refused is tried again only if somebody wants it", async () => {
    const load = vi
      .fn<() => Promise<string>>()
      .mockRejectedValueOnce(new Problem({ code: "not_found" }, 404))
      .mockResolvedValueOnce("goods");
    const { Page, retry } = page(load);
    await soon(() => render(<Page />, document.body));
    await minute();
    expect([load.mock.calls.length, shown()]).toEqual([1, "not_found"]);
    await soon(() => retry());
    expect(shown()).toBe("goods");
  });

  it("for which nobody waits any more is not tried again, and waits at least as long as the server says", async () => {
    const load = vi.fn<() => Promise<string>>().mockRejectedValue(new Problem({ code: "too_many_requests" }, 429, 100));
    const { Page } = page(load);
    await soon(() => render(<Page />, document.body));
    await minute();
    expect(load).toHaveBeenCalledTimes(1);
    await minute();
    expect(load).toHaveBeenCalledTimes(2);
    await soon(() => render(null, document.body));
    await minute();
    await minute();
    expect(load).toHaveBeenCalledTimes(2);
  });
});
