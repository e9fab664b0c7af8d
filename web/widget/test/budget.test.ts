// @vitest-environment node
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { build } from "vite";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";

/** What a customer's browser loads is a promise, so its size is tested: this builds both bundles and weighs them. */
const KB = 1024;
const root = new URL("..", import.meta.url).pathname;
const outDir = mkdtempSync(join(tmpdir(), "widget-"));
let files: { name: string; text: string; gzip: number }[] = [];

beforeAll(async () => {
  vi.stubEnv("NODE_ENV", "production");
  for (const config of ["vite.config.ts", "vite.loader.config.ts"])
    await build({
      root,
      configFile: join(root, config),
      logLevel: "silent",
      build: { outDir, emptyOutDir: config === "vite.config.ts" },
    });
  files = readdirSync(outDir, { recursive: true, withFileTypes: true })
    .filter((f) => f.isFile())
    .map((f) => {
      const bytes = readFileSync(join(f.parentPath, f.name));
      return { name: f.name, text: bytes.toString(), gzip: gzipSync(bytes, { level: 9 }).length };
    });
}, 120_000);
afterAll(() => {
  vi.unstubAllEnvs();
  rmSync(outDir, { recursive: true });
});

const LANGS = ["zh-CN", "en"];
const sum = (list: { gzip: number }[]) => list.reduce((n, f) => n + f.gzip, 0);
const named = (name: string) => {
  const file = files.find((f) => f.name === name);
  if (!file) throw new Error(`the build has no ${name}`);
  return file;
};
/** The file of a locale: the texts needed first, or those loaded later. */
const locale = (lang: string, later = "") =>
  files.filter((f) => new RegExp(`^${later}${lang}-\\w+\\.json$`).test(f.name));
/** Everything a script imports, directly or indirectly. */
function withImports(name: string, seen = new Set<string>()): Set<string> {
  if (!seen.has(name)) {
    seen.add(name);
    for (const [, next = ""] of named(name).text.matchAll(/(?:from|import)\s*"\.\/([\w.-]+\.js)"/g))
      withImports(next, seen);
  }
  return seen;
}

describe("the build", () => {
  it("keeps the loader under 4 KB", () => {
    expect(files.find((f) => f.name === "w.js")?.gzip).toBeLessThanOrEqual(4 * KB);
  });

  it("keeps what the first open loads, with either locale, under 25.25 KB", () => {
    const page = named("frame.html");
    const linked = [...page.text.matchAll(/"\/widget\/assets\/([\w.-]+)"/g)].map(([, name = ""]) => name);
    const scripts = linked.filter((name) => name.endsWith(".js")).flatMap((name) => [...withImports(name)]);
    const sheets = linked.filter((name) => name.endsWith(".css"));
    expect(scripts.length, "a script").toBeGreaterThan(0);
    expect(sheets, "one style sheet").toHaveLength(1);
    for (const lang of LANGS) {
      expect(locale(lang)).toHaveLength(1);
      expect(sum([page, ...[...scripts, ...sheets].map(named), ...locale(lang)])).toBeLessThanOrEqual(25.25 * KB);
    }
  });

  it("keeps everything, every part and both pages, with either locale, under 41.25 KB", () => {
    const rest = files.filter((f) => f.name !== "w.js" && !f.name.endsWith(".json"));
    for (const lang of LANGS) {
      expect(locale(lang, "later-")).toHaveLength(1);
      expect(sum([...rest, ...locale(lang), ...locale(lang, "later-")])).toBeLessThanOrEqual(41.25 * KB);
    }
  });

  it("asks nothing of a browser that is younger than five years", () => {
    const younger =
      /\.(findLast|findLastIndex|toSorted|toSpliced|toReversed|groupBy)\(|Object\.hasOwn\b|structuredClone|AbortSignal\.(timeout|any)|\(\?<[=!]|\bstatic\s*\{/;
    for (const { name, text } of files.filter((f) => f.name.endsWith(".js")))
      expect(younger.exec(text)?.[0], name).toBeUndefined();
  });

  it("writes the loader in ASCII, so that a page in any encoding reads it rightly", () => {
    expect(files.find((f) => f.name === "w.js")?.text).toMatch(/^[\x00-\x7f]+$/);
  });

  it("leaves nothing inline in the pages, so that the strict policy holds", () => {
    const pages = files.filter((f) => f.name.endsWith(".html"));
    expect(pages.map((f) => f.name).sort()).toEqual(["frame.html", "hosted.html"]);
    for (const { text } of pages) {
      expect(text).not.toMatch(/<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=|%(zh-CN|en):/);
      expect(text).toMatch(/src="\/widget\/assets\//);
    }
  });
});
