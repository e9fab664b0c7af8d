import { describe, expect, it } from "vitest";
import { bare, isolated } from "../src/direction";

describe("a name in a sentence", () => {
  it("is isolated if it is written from right to left, and is itself again where the sentence is sent", () => {
    for (const name of ["שלום", "محمد", "Zoe (זואי)", "܀ܐ", "ހ", "𞤀𞤁"]) {
      expect(isolated(name)).toBe(`\u2068${name}\u2069`);
      expect(bare(`Dear ${isolated(name)}, 3`)).toBe(`Dear ${name}, 3`);
    }
    for (const name of ["沈知微", "Elena Park", "Пример", "한국", "ไทย", "👍🏽", "3F2A", ""]) {
      expect(isolated(name)).toBe(name);
      expect(bare(name)).toBe(name);
    }
  });
});
