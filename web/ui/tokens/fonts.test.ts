import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

const tokens = readFileSync(new URL("./tokens.css", import.meta.url), "utf8");
const stack = (name: string): string[] =>
  (new RegExp(`${name}:\\s*([^;]+);`).exec(tokens)?.[1] ?? "")
    .split(",")
    .map((family) => family.trim().replace(/"/g, ""))
    .flatMap((family) => (family.startsWith("var(") ? stack(family.slice(4, -1)) : [family]));
/** Chinese font families draw quotes and apostrophes as wide as a character. */
const isChinese = (family: string): boolean => /SC$|MiSans|YaHei/.test(family);

describe("the fonts of a language", () => {
  it("takes English letters, quotes and apostrophes from a Latin family on every system", () => {
    const latin = stack("--y-font-en");
    const before = latin.slice(0, latin.findIndex(isChinese));
    // Windows; macOS and iOS; Android and ChromeOS; Linux
    for (const family of ["Segoe UI", "-apple-system", "Roboto", "DejaVu Sans"]) expect(before).toContain(family);
    expect(latin.some(isChinese), "Chinese names in an English page").toBe(true);
  });

  it("takes Chinese from a Chinese family first", () => {
    expect(isChinese(stack("--y-font-zh")[0] ?? "")).toBe(true);
  });
});
