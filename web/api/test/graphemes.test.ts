import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { around } from "../src/around";
import { fitted, graphemes, maxLengthOf, within } from "../src/graphemes";

/** The texts of Unicode's own test of the rule, each as the characters that it consists of. */
const given = readFileSync(join(import.meta.dirname, "../../../crates/domain/tests/GraphemeBreakTest.txt"), "utf8")
  .split("\n")
  .flatMap((line) => {
    const marked = line.replace(/#.*/, "").trim();
    if (marked === "") return [];
    const whole = marked.split("÷").map((one) =>
      one
        .split("×")
        .map((code) => code.trim())
        .filter((code) => code !== "")
        .map((code) => String.fromCodePoint(Number.parseInt(code, 16)))
        .join(""),
    );
    return [whole.filter((one) => one !== "")];
  });

describe("characters as people count them", () => {
  it("are those of Unicode's own test", () => {
    expect(given.length).toBeGreaterThan(500);
    for (const whole of given) expect(graphemes(whole.join(""))).toEqual(whole);
  });

  it("are whole wherever a text is cut", () => {
    const wrong: unknown[] = [];
    for (const whole of given) {
      const text = whole.join("");
      const ends = ["", ...whole.map((_, at) => whole.slice(0, at + 1).join(""))];
      for (let most = 0; most <= [...text].length; most++) {
        // As many whole ones as fit.
        const longest = ends.findLast((one) => [...one].length <= most);
        if (within(text, most) !== longest) wrong.push([text, most, longest]);
      }
    }
    expect(wrong).toEqual([]);
  });

  it.each([
    ["", "👍👍👍👍", 3, "👍👍👍"],
    ["👍👍", "👍👍👍", 3, "👍👍👍"],
    ["abc", "abcd", 3, "abc"],
    ["abc", "axbc", 3, "abc"],
    ["ab", "axyb", 3, "axb"],
    ["ab", "a👩‍👩‍👧b", 6, "ab"],
    ["ab", "a👩‍👩‍👧b", 7, "a👩‍👩‍👧b"],
    ["abcdef", "abcde", 3, "abcde"],
    ["𠮷𠮷", "𠮷𠮷𠮷𠮷", 3, "𠮷𠮷𠮷"],
  ])("fill the room that a field has: %j, then %j, of %d", (before, after, most, fits) => {
    expect(fitted(before, after, most)).toBe(fits);
  });

  it("leave room as the server counts it in a field of the browser's", () => {
    expect([maxLengthOf("", 40), maxLengthOf("👍👍", 40), maxLengthOf("ab", 40)]).toEqual([40, 42, 40]);
  });

  it("are marked whole where a part is found", () => {
    expect(around("合约机能换套餐吗？", "套餐")).toEqual(["合约机能换", "套餐", "吗？"]);
    expect(around("Change my Plan", " plan ")).toEqual(["Change my ", "Plan", ""]);
    expect(around("Cafe\u0301 and cafe", "cafe")).toEqual(["Cafe\u0301 and ", "cafe", ""]);
    expect(around("İstanbul plan", "plan")).toEqual(["İstanbul ", "plan", ""]);
    expect(around("👍🏽👍", "👍")).toEqual(["👍🏽", "👍", ""]);
    expect(around("x", "")).toEqual(["x", "", ""]);
    expect(around("x", "xy")).toEqual(["x", "", ""]);
  });
});
