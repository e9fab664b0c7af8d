import { readdirSync, readFileSync, statSync } from "node:fs";
import { basename, join, relative, resolve } from "node:path";
import ts from "typescript";

export const web = resolve(import.meta.dirname, "../..");
export const packages = ["console", "hall", "widget"] as const;
export const languages = ["zh-CN", "en"] as const;

const skipped = new Set(["node_modules", "dist", "locales", "test", "public"]);

export function files(folder: string, ends: RegExp): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) return skipped.has(name) ? [] : files(path, ends);
    return ends.test(name) && !/\.test\.tsx?$/.test(name) ? [path] : [];
  });
}

export const parse = (path: string) =>
  ts.createSourceFile(
    path,
    readFileSync(path, "utf8"),
    ts.ScriptTarget.ES2022,
    true,
    path.endsWith("x") ? ts.ScriptKind.TSX : ts.ScriptKind.TS,
  );
export const where = (source: ts.SourceFile, node: ts.Node) =>
  `${relative(web, source.fileName)}:${source.getLineAndCharacterOfPosition(node.getStart()).line + 1}`;

export function walk(node: ts.Node, visit: (node: ts.Node) => void) {
  visit(node);
  node.forEachChild((child) => walk(child, visit));
}

/** The texts of one language by their full key: `feature.key`. They lie in `locales/LANGUAGE` and, as `FEATURE.LANGUAGE.json`, beside the pages, whose names the features say. */
export function words(pack: string, language: string): Map<string, string> {
  const files = [
    ...readdirSync(join(web, pack, "locales", language), { recursive: true }).map((name) =>
      join("locales", language, `${name}`),
    ),
    ...(pack === "console" ? ["areas", "problem"].map((name) => `src/made/${language}/${name}.json`) : []),
    ...readdirSync(join(web, pack, "src"), { recursive: true }).flatMap((name) =>
      `${name}`.endsWith(`.${language}.json`) ? [join("src", `${name}`)] : [],
    ),
  ];
  const all = new Map<string, string>();
  const add = (prefix: string, value: unknown) => {
    if (typeof value === "string") all.set(prefix, value);
    else for (const [key, inner] of Object.entries(value as object)) add(`${prefix}.${key}`, inner);
  };
  for (const file of files.filter((name) => name.endsWith(".json"))) {
    const texts = JSON.parse(readFileSync(join(web, pack, file), "utf8")) as Record<string, unknown>;
    // What a feature says of refusals is collected.
    const isCollected = file.startsWith("src") && !file.startsWith(join("src", "made"));
    const own = Object.entries(texts).filter(([key]) => !isCollected || !key.startsWith("problem."));
    add(basename(file).replace(/\..*$/, ""), Object.fromEntries(own));
  }
  return all;
}
