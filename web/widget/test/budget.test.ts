// @vitest-environment node
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { build } from "vite";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";

/** What a customer's browser loads is a promise, so its weight is a test: it builds both parts and weighs them. */
const KB = 1024;
const root = new URL("..", import.meta.url).pathname;
const outDir = mkdtempSync(join(tmpdir(), "widget-"));
let files: { name: string; text: string; gzip: number }[] = [];

beforeAll(async () => {
  vi.stubEnv("NODE_ENV", "production");
  for (const config of ["vite.config.ts", "vite.loader.config.ts"])
    await build({ root, configFile: join(root, config), logLevel: "silent", build: { outDir, emptyOutDir: config === "vite.config.ts" } });
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

const isLocale = (name: string) => /^(zh-CN|en)-\w+\.json$/.test(name);
const sum = (list: { gzip: number }[]) => list.reduce((n, f) => n + f.gzip, 0);

describe("the build", () => {
  it("keeps the loader under 3 KB", () => {
    expect(files.find((f) => f.name === "w.js")?.gzip).toBeLessThanOrEqual(3 * KB);
  });

  it("keeps everything else, with either locale, under 23 KB", () => {
    const rest = files.filter((f) => f.name !== "w.js" && !isLocale(f.name));
    const locales = files.filter((f) => isLocale(f.name));
    expect(locales).toHaveLength(2);
    for (const locale of locales) expect(sum([...rest, locale])).toBeLessThanOrEqual(23 * KB);
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
