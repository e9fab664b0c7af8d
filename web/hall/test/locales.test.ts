import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

const root = join(import.meta.dirname, "..");
type Words = Record<string, string>;

function locale(lang: string): Record<string, Words> {
  const folder = join(root, "locales", lang);
  return Object.fromEntries(
    readdirSync(folder).map((file) => [
      file.replace(".json", ""),
      JSON.parse(readFileSync(join(folder, file), "utf8")) as Words,
    ]),
  );
}

function sources(folder: string): string {
  return readdirSync(folder, { withFileTypes: true })
    .map((entry) =>
      entry.isDirectory() ? sources(join(folder, entry.name)) : readFileSync(join(folder, entry.name), "utf8"),
    )
    .join("\n");
}

const zh = locale("zh-CN");
const en = locale("en");
const keys = (words: Record<string, Words>): string[] =>
  Object.entries(words).flatMap(([feature, group]) => Object.keys(group).map((key) => `${feature}.${key}`));
const code = [
  sources(join(root, "src")),
  ...["index.html", "../api/src/kinds.ts"].map((file) => readFileSync(join(root, file), "utf8")),
].join();
const names = (text: string): string[] =>
  [...new Set([...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? ""))].sort();

describe("locales", () => {
  it("have the same keys in both languages", () => {
    expect(keys(en).sort()).toEqual(keys(zh).sort());
  });

  it("have no empty text", () => {
    for (const words of [zh, en])
      for (const group of Object.values(words))
        for (const text of Object.values(group)) expect(text.trim()).not.toBe("");
  });

  it.each(keys(zh))("%s takes the same values in both languages", (key) => {
    const [feature = "", name = ""] = key.split(/\.(.*)/s);
    expect(names(en[feature]?.[name] ?? "")).toEqual(names(zh[feature]?.[name] ?? ""));
  });

  it("have no dead key", () => {
    const prefixes = [...code.matchAll(/`(\w+\.[\w-]*)\$\{/g)].map((match) => match[1] ?? "");
    const dead = keys(zh).filter(
      (key) =>
        !code.includes(`"${key}"`) && !code.includes(`:${key}%`) && !prefixes.some((prefix) => key.startsWith(prefix)),
    );
    expect(dead).toEqual([]);
  });

  it("follow the writing rules of each language", () => {
    for (const group of Object.values(en))
      for (const text of Object.values(group)) expect(text).not.toMatch(/!|please|successfully|oops/i);
    for (const group of Object.values(zh))
      for (const text of Object.values(group)) expect(text).not.toMatch(/请(?!求)|成功|亲|确定|抱歉|你(?!们)/);
  });
});
