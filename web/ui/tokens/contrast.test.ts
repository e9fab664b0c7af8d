import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { contrast, distance, parseThemes, visions, type Theme, type Tokens } from "./contrast";

const themes = parseThemes(readFileSync(new URL("./tokens.css", import.meta.url), "utf8"));
const grounds = ["surface", "canvas", "sunken", "fill", "hover", "selected"];

function colour(tokens: Tokens, name: string): string {
  const value = tokens[name];
  if (!value) throw new Error(`tokens.css has no colour --y-${name}`);
  return value;
}

const worst = (tokens: Tokens, name: string, on: string[]): number =>
  Math.min(...on.map((ground) => contrast(colour(tokens, name), colour(tokens, ground))));

/** What the design language promises, as the worst case over the six backgrounds. */
const text: Record<Theme, Record<string, number>> = {
  light: {
    text: 14.1,
    "text-2": 6.9,
    "text-3": 4.8,
    "brand-text": 6.2,
    hot: 4.7,
    ok: 4.8,
    warn: 5.2,
    info: 5.3,
    bot: 5.8,
  },
  dark: {
    text: 11.4,
    "text-2": 7.2,
    "text-3": 4.7,
    "brand-text": 6.6,
    hot: 5.8,
    ok: 6.2,
    warn: 6.8,
    info: 6.3,
    bot: 6.0,
  },
  contrast: {
    text: 16.7,
    "text-2": 12.5,
    "text-3": 9.5,
    "brand-text": 9.2,
    hot: 7.4,
    ok: 7.7,
    warn: 8.2,
    info: 8.5,
    bot: 9.0,
  },
};

/** Marks and control borders, as the worst case over surface and canvas. */
const marks: Record<Theme, Record<string, number>> = {
  light: { "line-strong": 3.1, "warn-mark": 3.4, idle: 4.0, brand: 5.7 },
  dark: { "line-strong": 4.0, "warn-mark": 7.1, idle: 6.1, brand: 3.3 },
  contrast: { "line-strong": 21, "warn-mark": 7.3, idle: 9.8, brand: 11.6 },
};

const onBrand: Record<Theme, [number, number]> = { light: [6.3, 8.0], dark: [5.2, 4.6], contrast: [11.6, 14.7] };

const onTint: [string, string][] = [
  ["hot", "hot-tint"],
  ["ok", "ok-tint"],
  ["warn", "warn-tint"],
  ["info", "info-tint"],
  ["bot", "bot-tint"],
  ["note", "note-tint"],
  ["text", "note-tint"],
  ["text", "bot-tint"],
  ["text", "me-tint"],
  ["text-2", "bot-tint"],
  ["text-3", "hot-tint"],
  ["text-2", "them-tint"],
  ["on-hot", "hot"],
];

describe.each(["light", "dark", "contrast"] as const)("%s", (name) => {
  const tokens = themes[name];
  const least = name === "contrast" ? 7 : 4.5;

  it.each(Object.entries(text[name]))("%s is readable on every ground (%d)", (role, promised) => {
    const measured = worst(tokens, role, grounds);
    expect(measured).toBeGreaterThanOrEqual(least);
    expect(Math.round(measured * 10) / 10).toBe(promised);
  });

  it.each(Object.entries(marks[name]))("%s is visible as a mark (%d)", (role, promised) => {
    const measured = worst(tokens, role, ["surface", "canvas"]);
    expect(measured).toBeGreaterThanOrEqual(3);
    expect(Math.round(measured * 10) / 10).toBe(promised);
  });

  it("carries white on the brand, at rest and hovered", () => {
    const [rest, hover] = onBrand[name];
    const on = colour(tokens, "on-brand");
    expect(Math.round(contrast(on, colour(tokens, "brand")) * 10) / 10).toBe(rest);
    expect(Math.round(contrast(on, colour(tokens, "brand-hover")) * 10) / 10).toBe(hover);
  });

  it.each(onTint)("%s is readable on %s", (front, ground) => {
    expect(contrast(colour(tokens, front), colour(tokens, ground))).toBeGreaterThanOrEqual(4.5);
  });

  const series = ["c1", "c2", "c3", "c4", "c5", "c6"];

  it.each(series)("chart colour %s is visible", (role) => {
    expect(worst(tokens, role, ["surface", "canvas"])).toBeGreaterThanOrEqual(3);
  });

  it.each(Object.entries(visions))("chart colours stay apart for %s eyes", (_, vision) => {
    const pairs = series.flatMap((a, i) =>
      series.slice(i + 1).map((b) => distance(colour(tokens, a), colour(tokens, b), vision)),
    );
    expect(Math.min(...pairs)).toBeGreaterThanOrEqual(name === "dark" ? 15.85 : 13.75);
  });
});
