import { afterEach, expect, it, vi } from "vitest";
import { Asked, unanswered } from "../src/live/asked";

afterEach(() => vi.useRealTimers());

it("waits for the answer to a send as long as a file before it is uploading", async () => {
  vi.useFakeTimers();
  let uploading = true;
  const send = { client_id: "c1", conversation: "cnv_1", at: 0, body: { type: "text" as const, text: "Hello" } };
  const asked = new Asked(
    () => [send],
    () => uploading,
  );
  const told = vi.fn();
  void asked.wait("cnv_1", "c1").then(told);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(told).not.toHaveBeenCalled();
  uploading = false;
  await vi.advanceTimersByTimeAsync(20_000);
  expect(told).toHaveBeenCalledWith(unanswered);
});
