import { createHash } from "node:crypto";
import { afterEach, describe, expect, it, vi } from "vitest";
import { prepareProof, solve, takeProof } from "../src/puzzle";

const bitsOf = (text: string): number => {
  const hex = createHash("sha256").update(text).digest("hex");
  const bits = [...hex].map((digit) => Number.parseInt(digit, 16).toString(2).padStart(4, "0")).join("");
  return bits.indexOf("1");
};

afterEach(() => vi.unstubAllGlobals());

describe("solve", () => {
  it("finds a number whose digest begins with so many zero bits", async () => {
    for (const bits of [0, 1, 7, 8, 9, 12]) expect(bitsOf(`puzzle.${await solve("puzzle", bits)}`)).toBeGreaterThanOrEqual(bits);
  });
});

describe("takeProof", () => {
  it("gives what was prepared once, and then another", async () => {
    let given = 0;
    const fetching = vi.fn(() => Promise.resolve(new Response(JSON.stringify({ puzzle: `p${String(++given)}`, bits: 4, expires_at: 0 }))));
    vi.stubGlobal("fetch", fetching);
    prepareProof();
    prepareProof();
    expect((await takeProof()).puzzle).toBe("p1");
    expect((await takeProof()).puzzle).toBe("p2");
    expect(fetching).toHaveBeenCalledTimes(2);
  });
});
