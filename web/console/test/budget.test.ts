import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { web, words } from "./sources";

/** What a browser loads before the two sign-in fields can be filled in is a promise, so its size is tested: this builds the pages and weighs them. */
const KB = 1024;
const outDir = mkdtempSync(join(tmpdir(), "console-"));
const scripts = new Map<string, { text: string; gzip: number }>();

beforeAll(() => {
  const vite = join(web, "node_modules/vite/bin/vite.js");
  execFileSync(process.execPath, [vite, "build", "--logLevel", "error", "--outDir", outDir, "--emptyOutDir"], {
    cwd: join(web, "console"),
    env: { ...process.env, NODE_ENV: "production" },
    stdio: "pipe",
  });
  for (const name of readdirSync(join(outDir, "assets"))) {
    if (!name.endsWith(".js")) continue;
    const bytes = readFileSync(join(outDir, "assets", name));
    scripts.set(name, { text: bytes.toString(), gzip: gzipSync(bytes, { level: 9 }).length });
  }
}, 600_000);
afterAll(() => rmSync(outDir, { recursive: true }));

const starting = (name: string) => {
  const found = [...scripts.keys()].filter((one) => new RegExp(`^${name}-[\\w-]{8}\\.js$`).test(one));
  expect(found, `one script ${name}`).toHaveLength(1);
  return found[0]!;
};
/** Everything a script imports, directly or indirectly. */
function withImports(name: string, seen = new Set<string>()): Set<string> {
  if (seen.has(name)) return seen;
  seen.add(name);
  for (const [, next = ""] of (scripts.get(name)?.text ?? "").matchAll(
    /(?:from|import)\s*["'`]\.\/([\w.-]+\.js)["'`]/g,
  ))
    withImports(next, seen);
  return seen;
}
const loadedFor = (...names: string[]) => new Set(names.flatMap((name) => [...withImports(starting(name))]));
const weight = (names: Iterable<string>) => [...names].reduce((sum, name) => sum + (scripts.get(name)?.gzip ?? 0), 0);
const said = (names: Iterable<string>) => [...names].map((name) => scripts.get(name)?.text ?? "").join("\n");

describe("the build", () => {
  it("asks 155 KB for the sign-in, without the component library and without the pages behind it", () => {
    const loaded = loadedFor("index", "sign-in-page");
    expect(weight(loaded)).toBeLessThanOrEqual(155 * KB);
    expect(said(loaded)).not.toMatch(/ant-btn|ant-input/);
    expect(weight(loadedFor("index", "welcome-page"))).toBeLessThanOrEqual(155 * KB);
  });

  it("keeps what most pages behind the sign-in need in one script, and loads none of it before", () => {
    const one = starting("behind-sign-in");
    for (const page of ["sign-in-page", "welcome-page"]) expect([...loadedFor("index", page)], page).not.toContain(one);
    expect([...loadedFor("index", "shell", "desk-page")]).toContain(one);
  });

  it("loads the library of the charts with the pages that have one, and with no other", () => {
    const one = starting("echarts");
    expect(scripts.get(one)!.gzip).toBeLessThanOrEqual(180 * KB);
    expect([...loadedFor("history-page")]).toContain(one);
    for (const page of ["sign-in-page", "desk-page", "panel-page", "wall-page"])
      expect([...loadedFor("index", page)], page).not.toContain(one);
  });

  it("asks 322 KB for the desk in one language, and never for the words of the other", () => {
    const desk = loadedFor("index", "shell", "desk-page", "en");
    expect(weight(desk)).toBeLessThanOrEqual(322 * KB);
    const zh = words("console", "zh-CN").get("knowledge.learned.what")!;
    expect(said(withImports(starting("zh-CN")))).toContain(zh);
    expect(said(desk)).not.toContain(zh);
    expect(said(desk)).toContain(words("console", "en").get("knowledge.learned.what")!);
  });
});
