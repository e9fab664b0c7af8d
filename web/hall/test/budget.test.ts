// @vitest-environment node
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { build } from "vite";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";

/** What a customer's browser loads is a promise, so its size is tested: this builds the hall and weighs it. */
const KB = 1024;
const root = new URL("..", import.meta.url).pathname;
const outDir = mkdtempSync(join(tmpdir(), "hall-"));
const read = (name: string) => readFileSync(join(outDir, "assets", name), "utf8");

beforeAll(async () => {
  vi.stubEnv("NODE_ENV", "production");
  await build({ root, configFile: join(root, "vite.config.ts"), logLevel: "silent", build: { outDir } });
}, 120_000);
afterAll(() => {
  vi.unstubAllEnvs();
  rmSync(outDir, { recursive: true });
});

/** A script and everything that it imports, directly or indirectly. */
function withImports(name: string, seen = new Set<string>()): Set<string> {
  if (!seen.has(name)) {
    seen.add(name);
    for (const [, next = ""] of read(name).matchAll(/(?:from|import)\s*["'`]\.\/([\w.-]+\.js)["'`]/g))
      withImports(next, seen);
  }
  return seen;
}
const entry = () => {
  const page = readFileSync(join(outDir, "index.html"), "utf8");
  const scripts = [...page.matchAll(/"\/hall\/assets\/([\w.-]+\.js)"/g)].flatMap(([, name = ""]) => [
    ...withImports(name),
  ]);
  return [...new Set(scripts)];
};

describe("the build", () => {
  it("keeps the script of the first page under 40 KB", () => {
    const scripts = entry();
    expect(scripts.length).toBeGreaterThan(0);
    const weight = scripts.reduce((sum, name) => sum + gzipSync(read(name), { level: 9 }).length, 0);
    expect(weight).toBeLessThanOrEqual(40 * KB);
  });

  it("leaves the account's pages and their texts to scripts of their own", () => {
    const first = entry();
    const others = readdirSync(join(outDir, "assets")).filter((name) => name.endsWith(".js") && !first.includes(name));
    const texts = JSON.parse(readFileSync(join(root, "locales/en/account.json"), "utf8")) as Record<string, string>;
    const words = texts.password_ends_others ?? "";
    expect(words).not.toBe("");
    expect(first.some((name) => read(name).includes(words))).toBe(false);
    expect(others.some((name) => read(name).includes(words))).toBe(true);
  });
});
