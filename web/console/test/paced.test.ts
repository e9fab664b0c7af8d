import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { paced } from "../src/live/paced";

describe("what is read again when others change things", () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it("is read at once, and however much comes then once more at the end of a pause", () => {
    const run = vi.fn();
    const { call } = paced(run, () => 1000);
    for (let n = 0; n < 50; n++) call("unanswered");
    expect(run).toHaveBeenCalledTimes(1);
    vi.advanceTimersByTime(999);
    expect(run).toHaveBeenCalledTimes(1);
    vi.advanceTimersByTime(1);
    expect(run).toHaveBeenCalledTimes(2);
    vi.advanceTimersByTime(5000);
    expect(run).toHaveBeenCalledTimes(2);
    call("unanswered");
    expect(run).toHaveBeenCalledTimes(3);
  });

  it("does not wait for another thing, each for its own pause, and not after the end", () => {
    const run = vi.fn();
    const { call, stop } = paced(run, (what) => (what === "slow" ? 2000 : 100));
    for (const what of ["slow", "quick", "slow", "quick"]) call(what);
    expect(run.mock.calls).toEqual([["slow"], ["quick"]]);
    vi.advanceTimersByTime(100);
    expect(run.mock.calls).toEqual([["slow"], ["quick"], ["quick"]]);
    stop();
    vi.advanceTimersByTime(9000);
    expect(run).toHaveBeenCalledTimes(3);
  });
});
