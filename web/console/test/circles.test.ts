import { existsSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import ts from "typescript";
import { describe, expect, it } from "vitest";
import { files, web } from "./sources";

/** The files of the same package that a file imports, including types and lazily loaded pages. */
function imported(path: string): string[] {
  const names = ts.preProcessFile(readFileSync(path, "utf8")).importedFiles.map((one) => one.fileName);
  const known = names.filter((name) => name.startsWith(".")).map((name) => resolve(dirname(path), name));
  return known.flatMap((name) => [".ts", ".tsx"].map((end) => name + end).filter((file) => existsSync(file)));
}

/** The shortest path from one file to another. */
function way(knows: ReadonlyMap<string, readonly string[]>, from: string, to: string): string[] | null {
  const before = new Map<string, string | null>([[from, null]]);
  for (const at of before.keys()) {
    if (at === to) {
      const steps = [];
      for (let step: string | null | undefined = at; step; step = before.get(step)) steps.unshift(relative(web, step));
      return steps;
    }
    for (const next of knows.get(at) ?? []) if (!before.has(next)) before.set(next, at);
  }
  return null;
}

const read = (pack: string) => new Map(files(join(web, pack), /\.tsx?$/).map((path) => [path, imported(path)]));

describe("no file knows one that knows it", () => {
  it("is looked for among all that pages import", () => {
    expect([...read("console").values()].flat().length).toBeGreaterThan(0);
  });

  it.each(["api", "console", "hall", "ui/antd", "ui/tokens", "widget"])("in %s", (pack) => {
    const knows = read(pack);
    const circles = [...knows].flatMap(([from, all]) => all.flatMap((to) => way(knows, to, from) ?? []));
    expect(circles, "what both need belongs into a file of its own").toEqual([]);
  });
});
