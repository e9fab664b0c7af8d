import { describe, expect, it } from "vitest";
import { pressed, signPressed } from "../src/keys";

const key = (key: string, more: { keyCode?: number; isComposing?: boolean } = {}) => ({ key, keyCode: 0, ...more });

describe("a key", () => {
  it("means nothing while an input method composes, however the browser says so", () => {
    for (const name of ["Enter", "Escape", "ArrowDown", "Tab", "j", "?", "F6"]) {
      expect(pressed(key(name))).toBe(name);
      for (const composing of [{ isComposing: true }, { keyCode: 229 }, { isComposing: true, keyCode: 229 }]) {
        expect(pressed(key(name, composing))).toBe("");
        expect(signPressed(key(name, composing))).toBe("");
      }
      // React's event wraps the browser's.
      expect(pressed({ ...key(name), nativeEvent: { isComposing: true } })).toBe("");
      expect(pressed({ ...key(name), nativeEvent: { isComposing: false } })).toBe(name);
    }
  });

  it("is the same command on a Chinese keyboard", () => {
    for (const [typed, meant] of [
      ["？", "?"],
      ["／", "/"],
      ["、", "/"],
      ["・", "/"],
      ["【", "["],
      ["】", "]"],
      ["［", "["],
      ["「", "["],
      ["ｊ", "j"],
      ["Ｊ", "J"],
      ["１", "1"],
      ["　", " "],
      ["/", "/"],
      ["Enter", "Enter"],
      ["。", "。"],
    ] as const)
      expect(signPressed(key(typed)), typed).toBe(meant);
  });
});
