import { afterEach, describe, expect, it, vi } from "vitest";
import { prepareProof, takeProof } from "../src/puzzle";

afterEach(() => vi.unstubAllGlobals());

describe("takeProof", () => {
  it("gives what was prepared once, and then another", async () => {
    let given = 0;
    const fetching = vi.fn(() =>
      Promise.resolve(new Response(JSON.stringify({ puzzle: `p${String(++given)}`, bits: 4, expires_at: 0 }))),
    );
    vi.stubGlobal("fetch", fetching);
    prepareProof();
    prepareProof();
    expect((await takeProof()).puzzle).toBe("p1");
    expect((await takeProof()).puzzle).toBe("p2");
    expect(fetching).toHaveBeenCalledTimes(2);
  });
});
