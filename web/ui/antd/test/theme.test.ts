import { describe, expect, it } from "vitest";
import { parseTokens, themeNames, token, tokens } from "../src/tokens";
import { yingda } from "../src/theme";

describe("parseTokens", () => {
  it("reads names in camel case and leaves comments out", () => {
    const { light } = parseTokens(":root { /* --y-brand: #000; */ --y-brand-hover: #085966; --y-text-2: #425257; }");
    expect(light).toEqual({ brandHover: "#085966", text2: "#425257" });
  });

  it("lets dark and contrast inherit what they do not set", () => {
    const { dark, contrast } = parseTokens(
      ':root { --y-brand: #111; --y-r1: .25rem; } :root[data-theme="dark"] { --y-brand: #222; } :root[data-theme="contrast"] { --y-brand: #333; }',
    );
    expect([dark.brand, dark.r1, contrast.brand, contrast.r1]).toEqual(["#222", ".25rem", "#333", ".25rem"]);
  });

  it("resolves references between tokens", () => {
    expect(parseTokens(":root { --y-brand: #0A6A78; --y-focus: 0 0 0 4px var(--y-brand); }").light.focus).toBe(
      "0 0 0 4px #0A6A78",
    );
  });
});

describe("the real tokens", () => {
  it("give every theme its own brand", () => {
    expect(new Set(themeNames.map((name) => tokens[name].brand)).size).toBe(3);
  });

  it("fails on a name that does not exist", () => {
    expect(() => token(tokens.light, "brnad")).toThrow(/brnad/);
  });
});

describe.each(themeNames)("yingda(%s)", (name) => {
  const theme = yingda(name);

  it("passes real colours, not references, to the algorithms", () => {
    for (const [key, value] of Object.entries(theme.token ?? {})) {
      if (key.startsWith("color")) expect(value, key).toMatch(/^#[0-9a-f]{6}$/i);
    }
  });

  it("follows the chosen text size", () => {
    expect(yingda(name, 1.5).token?.fontSize).toBe(21);
    expect(yingda(name, 2).token?.controlHeight).toBe(64);
    expect(yingda(name, 2).token?.borderRadius).toBe(16);
    expect(yingda(name, 2).token?.sizeUnit).toBe(8);
    expect(yingda(name, 1.5).components?.Button?.paddingInlineSM).toBe(11);
  });

  it("writes on a button that is dangerous in the colour that is read there", () => {
    expect(theme.components?.Button?.dangerColor).toBe(token(tokens[name], "onHot"));
  });

  it("uses the faces of the language", () => {
    expect(yingda(name, 1, "en").token?.fontFamily).toMatch(/^"Segoe UI/);
    expect(theme.token?.fontFamily).toMatch(/^"PingFang SC"/);
  });
});
