import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { applyPrefs, keepPrefs, offersEasy, readPrefs, type Prefs } from "../src/prefs";

const early = readFileSync(join(import.meta.dirname, "../public/early.js"), "utf8");
const root = document.documentElement;
const shown = () => ({
  theme: root.dataset.theme,
  scale: root.dataset.fontScale,
  lang: root.lang,
  mode: root.dataset.mode,
});

function system(languages: string[], matching: string[]): void {
  vi.stubGlobal("matchMedia", (query: string) => ({
    matches: matching.includes(query),
    addEventListener: vi.fn(),
    removeEventListener: vi.fn(),
  }));
  vi.spyOn(navigator, "languages", "get").mockReturnValue(languages);
}

beforeEach(() => {
  localStorage.clear();
  delete root.dataset.theme;
  delete root.dataset.fontScale;
  delete root.dataset.mode;
  root.style.fontSize = "";
  root.lang = "";
});

const cases: [string, string | null, string[], string[]][] = [
  ["nothing chosen, Chinese, light", null, ["zh-TW"], []],
  ["nothing chosen, English, dark", null, ["en-GB", "zh"], ["(prefers-color-scheme: dark)"]],
  ["contrast wanted", null, ["de"], ["(prefers-contrast: more)", "(prefers-color-scheme: dark)"]],
  ["all chosen", '{"lang":"en","theme":"dark","scale":150}', ["zh-CN"], []],
  ["follow the system", '{"lang":"zh-CN","theme":"system","scale":100}', ["en"], ["(prefers-color-scheme: dark)"]],
  ["easy mode", '{"lang":"zh-CN","theme":"light","scale":115,"easy":200}', ["zh-CN"], []],
  ["easy mode with a size it does not have", '{"scale":130,"easy":100}', ["en"], []],
  ["nonsense", '{"lang":"xx","theme":"pink","scale":7}', ["en"], []],
  ["not JSON", "{", ["zh-CN"], []],
  ["null", "null", ["zh-CN"], []],
];

describe("preferences", () => {
  it.each(cases)("%s: the early script and the page agree", (_, stored, languages, matching) => {
    system(languages, matching);
    if (stored !== null) localStorage.setItem("yingda-hall", stored);
    new Function(early)();
    const first = shown();
    applyPrefs(readPrefs());
    expect(shown()).toEqual(first);
    expect(first.theme).toMatch(/^(light|dark|contrast)$/);
  });

  it("stores nothing before a choice and what was chosen after it", () => {
    system(["en"], []);
    applyPrefs(readPrefs());
    expect(localStorage).toHaveLength(0);
    const chosen: Prefs = { lang: "zh-CN", theme: "contrast", scale: 130, easy: 200, offered: true };
    keepPrefs(chosen);
    expect(readPrefs()).toEqual(chosen);
  });

  it("works with blocked storage", () => {
    system(["en"], []);
    const blocked = vi.spyOn(Storage.prototype, "getItem").mockImplementation(() => {
      throw new DOMException("blocked", "SecurityError");
    });
    expect(readPrefs()).toEqual({ lang: "en", theme: "system", scale: 100, easy: null, offered: false });
    blocked.mockRestore();
  });

  it("offer easy mode once, to who has set the system's text large", () => {
    const fresh: Prefs = { lang: "en", theme: "system", scale: 100, easy: null, offered: false };
    root.style.fontSize = "20.7px";
    expect(offersEasy(fresh)).toBe(false);
    root.style.fontSize = "20.8px";
    expect(offersEasy(fresh)).toBe(true);
    expect(offersEasy({ ...fresh, offered: true })).toBe(false);
    expect(offersEasy({ ...fresh, easy: 150 })).toBe(false);
    // a size chosen on the page says nothing about the system's
    root.style.fontSize = "24px";
    expect(offersEasy({ ...fresh, scale: 150 })).toBe(false);
  });
});
