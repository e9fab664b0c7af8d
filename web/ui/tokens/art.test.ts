import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { artColours, illustrations } from "./art";
import * as icons from "./icons";

const sprite = readFileSync(new URL("./illustrations.svg", import.meta.url), "utf8");

describe("illustrations", () => {
  it("draws every illustration the colours know, and no other", () => {
    const drawn = [...sprite.matchAll(/<symbol id="i-([a-z]+)" viewBox="0 0 240 240">/g)].map((m) => m[1]);
    expect([...drawn].sort()).toEqual([...illustrations].sort());
  });

  it("refers only to paints it defines and needs no inline style", () => {
    const defined = new Set([...sprite.matchAll(/ id="([\w-]+)"/g)].map((m) => m[1]));
    for (const [, id] of sprite.matchAll(/url\(#([\w-]+)\)/g)) expect(defined).toContain(id);
    expect(sprite).not.toMatch(/style=|<style|<script/);
  });

  it("lets each symbol take its colours from outside", () => {
    for (const symbol of sprite.split("<symbol ").slice(1)) expect(symbol).toContain("var(--i-c,");
  });

  it("gives an id one colour, and neighbours different ones", () => {
    expect(artColours("g-001", "phone")).toEqual(artColours("g-001", "phone"));
    expect(artColours("g-001", "phone")).not.toEqual(artColours("g-002", "phone"));
    expect(artColours("anything", "unknown").body).toMatch(/^#[0-9a-f]{6}$/);
  });
});

describe("icons", () => {
  it.each(Object.entries(icons))("%s is one path", (_, d) => {
    expect(d).toMatch(/^M[\d\sA-Za-z.,-]+$/);
  });
});
