import { join } from "node:path";
import { readFileSync } from "node:fs";
import ts from "typescript";
import { describe, expect, it } from "vitest";
import document_ from "../../../docs/openapi.json";
import { textOf } from "../src/lib/problem";
import { files, packages, parse, walk, web, words } from "./sources";

/** Every text key in the sources, and the prefixes of keys that are composed. */
function written(pack: string) {
  const whole = new Set<string>();
  const beginnings = new Set<string>();
  // what an entry says to its readers is listed for all packages in one place
  for (const path of [
    ...files(join(web, pack), /\.(tsx?|mts|html)$/),
    ...["kinds", "staff-kinds"].map((file) => join(web, `api/src/${file}.ts`)),
  ]) {
    if (path.endsWith(".html")) {
      for (const [, key] of readFileSync(path, "utf8").matchAll(/\b([a-z_]+(?:\.[a-z0-9_]+)+)\b/gi))
        if (key) whole.add(key);
      continue;
    }
    walk(parse(path), (node) => {
      if (ts.isStringLiteralLike(node)) whole.add(node.text);
      if (ts.isTemplateExpression(node) && node.head.text !== "") beginnings.add(node.head.text);
    });
  }
  return { whole, beginnings };
}

const plural = (key: string) => key.replace(/_(zero|one|two|few|many|other)$/, "");
const holes = (text: string) => [...new Set([...text.matchAll(/\{\{?\s*([\w.]+)/g)].map(([, name]) => name))].sort();

describe.each(packages)("the words of %s", (pack) => {
  const zh = words(pack, "zh-CN");
  const en = words(pack, "en");

  it("are there in both languages", () => {
    expect([...en.keys()].sort()).toEqual([...zh.keys()].sort());
    for (const [key, text] of [...zh, ...en]) expect(text.trim(), key).not.toBe("");
  });

  it("put no Chinese title marks around what may be in another language", () => {
    expect([...zh, ...en].filter(([, text]) => /《\{/.test(text))).toEqual([]);
  });

  it("have the same holes in both languages", () => {
    for (const [key, text] of zh) expect(holes(en.get(key) ?? ""), key).toEqual(holes(text));
  });

  it("are all used", () => {
    const { whole, beginnings } = written(pack);
    const starts = [...beginnings];
    const dead = [...zh.keys()].filter((full) => {
      const names = [full, plural(full)].flatMap((key) => {
        const [feature = "", ...rest] = key.split(".");
        return [key, rest.join("."), `${feature}:${rest.join(".")}`];
      });
      return !names.some(
        (name) =>
          whole.has(name) || starts.some((start) => start.length > 1 && name.startsWith(start) && start.includes(".")),
      );
    });
    expect(dead).toEqual([]);
  });

  it("are all there where they are asked for", () => {
    if (pack !== "console") return;
    const missing: string[] = [];
    for (const path of files(join(web, pack, "src"), /\.tsx?$/)) {
      const source = parse(path);
      const features = new Set<string>();
      walk(source, (node) => {
        if (
          ts.isCallExpression(node) &&
          node.expression.getText() === "useTranslation" &&
          node.arguments[0] &&
          ts.isStringLiteral(node.arguments[0])
        )
          features.add(node.arguments[0].text);
      });
      walk(source, (node) => {
        if (!ts.isCallExpression(node) || !/^(t|words\.current)$/.test(node.expression.getText())) return;
        const [first] = node.arguments;
        if (!first || !ts.isStringLiteral(first)) return;
        const found = [...features].some(
          (feature) => zh.has(`${feature}.${first.text}`) || zh.has(`${feature}.${first.text}_other`),
        );
        if (!found) missing.push(`${path}: ${first.text}`);
      });
    }
    expect(missing).toEqual([]);
  });
});

it("has words for every code a page may be refused with, and none for others", () => {
  const codes = document_.components.schemas.ProblemCode.enum as Parameters<typeof textOf>[0][];
  const ofPages = ["network", "choose_again", "passkey_known", "too_large_on_the_way"] as const;
  const told = new Set<string>([...codes, ...ofPages].map(textOf));
  const written = [...words("console", "zh-CN").keys()].flatMap(
    (key) => /^(?:failure|problem)\.code\.(.+)/.exec(key)?.[1] ?? [],
  );
  expect(new Set(written)).toEqual(told);
  expect(written.length, "each once").toBe(told.size);
});

describe("the console", () => {
  const zh = words("console", "zh-CN");
  const en = words("console", "en");
  const found = (all: Map<string, string>, what: RegExp) =>
    [...all].filter(([, text]) => what.test(text)).map(([key, text]) => `${key}: ${text}`);

  it("speaks to colleagues, without begging and without cheering", () => {
    expect(found(zh, /您|(?<!邀)请(?!求)|成功|！/)).toEqual([]);
    expect(found(en, /please|successfully|!/i)).toEqual([]);
  });
});
