import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { solve } from "../src/puzzle";

const bitsOf = (text: string): number => {
  const hex = createHash("sha256").update(text).digest("hex");
  const bits = [...hex].map((digit) => Number.parseInt(digit, 16).toString(2).padStart(4, "0")).join("");
  return bits.indexOf("1");
};

describe("solve", () => {
  it("finds a number whose digest begins with so many zero bits", async () => {
    for (const bits of [0, 1, 7, 8, 9, 12])
      expect(bitsOf(`puzzle.${await solve("puzzle", bits)}`)).toBeGreaterThanOrEqual(bits);
  });
});
