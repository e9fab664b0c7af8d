import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { applyPrefs, keepPrefs, readPrefs } from "../src/prefs";

const early = readFileSync(join(import.meta.dirname, "../public/early.js"), "utf8");
const root = document.documentElement;
const shown = () => ({ theme: root.dataset.theme, scale: root.dataset.fontScale, lang: root.lang });

function system(languages: string[], matching: string[]): void {
  vi.stubGlobal("matchMedia", (query: string) => ({ matches: matching.includes(query), addEventListener: vi.fn(), removeEventListener: vi.fn() }));
  vi.spyOn(navigator, "languages", "get").mockReturnValue(languages);
}

beforeEach(() => {
  localStorage.clear();
  delete root.dataset.theme;
  delete root.dataset.fontScale;
  root.lang = "";
});

const cases: [string, string | null, string[], string[]][] = [
  ["nothing chosen, Chinese, light", null, ["zh-TW"], []],
  ["nothing chosen, English, dark", null, ["en-GB", "zh"], ["(prefers-color-scheme: dark)"]],
  ["contrast wanted", null, ["de"], ["(prefers-contrast: more)", "(prefers-color-scheme: dark)"]],
  ["all chosen", '{"lang":"en","theme":"dark","scale":150}', ["zh-CN"], []],
  ["follow the system", '{"lang":"zh-CN","theme":"system","scale":100}', ["en"], ["(prefers-color-scheme: dark)"]],
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
    keepPrefs({ lang: "zh-CN", theme: "contrast", scale: 130 });
    expect(readPrefs()).toEqual({ lang: "zh-CN", theme: "contrast", scale: 130 });
  });

  it("works with blocked storage", () => {
    system(["en"], []);
    const blocked = vi.spyOn(Storage.prototype, "getItem").mockImplementation(() => {
      throw new DOMException("blocked", "SecurityError");
    });
    expect(readPrefs()).toEqual({ lang: "en", theme: "system", scale: 100 });
    blocked.mockRestore();
  });
});
