import { QueryClient, QueryObserver } from "@tanstack/react-query";
import { describe, expect, it, vi } from "vitest";
import { readAgain } from "../src/lib/read-again";

describe("reading again", () => {
  it("reads once more what was being read for the first time when it changed", async () => {
    const client = new QueryClient();
    const answers: ((value: string) => void)[] = [];
    const queryFn = vi.fn(
      () =>
        new Promise<string>((resolve) => {
          answers.push(resolve);
        }),
    );
    const observer = new QueryObserver(client, { queryKey: ["questions"], queryFn });
    const stop = observer.subscribe(() => undefined);
    const done = readAgain(client, { queryKey: ["questions"] });
    answers[0]!("before");
    await vi.waitFor(() => expect(queryFn).toHaveBeenCalledTimes(2));
    answers[1]!("after");
    await done;
    expect(observer.getCurrentResult().data).toBe("after");
    stop();
  });

  it("reads once what was known, and nothing that is not shown", async () => {
    const client = new QueryClient();
    const queryFn = vi.fn(() => Promise.resolve("now"));
    client.setQueryData(["questions"], "before");
    client.setQueryData(["answers"], "before");
    const stop = new QueryObserver(client, { queryKey: ["questions"], queryFn, staleTime: Infinity }).subscribe(
      () => undefined,
    );
    await readAgain(client, { predicate: () => true });
    expect(queryFn).toHaveBeenCalledTimes(1);
    expect(client.getQueryData(["questions"])).toBe("now");
    stop();
  });
});
