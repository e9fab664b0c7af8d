import { afterEach, expect, it, vi } from "vitest";
import { upload } from "../src/desk/upload";

afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

/** A request that is answered only when the test says so. */
class Request {
  static last: Request;
  upload: { onprogress?: (event: { loaded: number; total: number }) => void } = {};
  status = 0;
  response: unknown = null;
  onload?: () => void;
  onabort?: () => void;
  open() {}
  setRequestHeader() {}
  send() {
    Request.last = this;
  }
  abort() {
    this.onabort?.();
  }
}

const card = { id: "fil_1", name: "a.pdf", size: 3, mime: "application/pdf" };

it.each([
  [201, card, card],
  [201, {}, "network"],
  [201, null, "network"],
  [413, null, "too_large_on_the_way"],
  [413, { code: "too_large" }, "too_large"],
  [403, { code: "not_permitted" }, "not_permitted"],
  [502, null, "internal"],
])("tells a stored file from other answers: %i %j", async (status, response, outcome) => {
  vi.stubGlobal("XMLHttpRequest", Request);
  const { done } = upload(new File(["abc"], "a.pdf"), () => undefined);
  Object.assign(Request.last, { status, response }).onload?.();
  expect(await done.catch((code: unknown) => code)).toEqual(outcome);
});

it("gives up an upload that stands still, and none that goes on slowly", async () => {
  vi.useFakeTimers();
  vi.stubGlobal("XMLHttpRequest", Request);
  const ended = vi.fn();
  void upload(new File(["abc"], "a.pdf"), () => undefined).done.catch(ended);
  for (let loaded = 1; loaded < 10; loaded += 1) {
    await vi.advanceTimersByTimeAsync(110_000);
    Request.last.upload.onprogress?.({ loaded, total: 100 });
  }
  expect(ended).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(130_000);
  expect(ended).toHaveBeenCalledWith("network");
});
