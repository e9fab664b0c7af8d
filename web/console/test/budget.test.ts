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
const styles: string[] = [];
const scripts = new Map<string, { text: string; gzip: number }>();

beforeAll(() => {
  const vite = join(web, "node_modules/vite/bin/vite.js");
  execFileSync(process.execPath, [vite, "build", "--logLevel", "error", "--outDir", outDir, "--emptyOutDir"], {
    cwd: join(web, "console"),
    env: { ...process.env, NODE_ENV: "production" },
    stdio: "pipe",
  });
  for (const name of readdirSync(join(outDir, "assets"))) {
    if (name.endsWith(".css")) styles.push(name);
    if (!name.endsWith(".js")) continue;
    const bytes = readFileSync(join(outDir, "assets", name));
    // As the server compresses it.
    scripts.set(name, { text: bytes.toString(), gzip: gzipSync(bytes).length });
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
/** The scripts of a page in one language, with those that every page loads. */
const loadedFor = (...names: string[]) =>
  new Set(["begin", "response-times", ...names].flatMap((name) => [...withImports(starting(name))]));
const signIn = (language: string) => loadedFor("sign-in", `door.${language}`);
const signedIn = (page: string, language: string) => loadedFor("routes", "shell", page, language, `door.${language}`);
const weight = (names: Iterable<string>) => [...names].reduce((sum, name) => sum + (scripts.get(name)?.gzip ?? 0), 0);
const said = (names: Iterable<string>) => [...names].map((name) => scripts.get(name)?.text ?? "").join("\n");
const listed = (names: Iterable<string>) => [...names].map((name) => `${scripts.get(name)?.gzip} ${name}`).join(", ");

/** Besides scripts and styles, the first page asks for itself, an icon, who is signed in, and what it shows: seven answers, one of them a socket. */
const others = 10;

describe("the build", () => {
  it.each(["en", "zh-CN"])("asks 139 KB for the sign-in in %s, without the component library", (language) => {
    const loaded = signIn(language);
    expect(weight(loaded), listed(loaded)).toBeLessThanOrEqual(139 * KB);
    expect(said(loaded)).not.toMatch(/ant-btn|ant-input/);
    for (const behind of ["routes", "shell", "talk", "figures", "forms"])
      expect([...loaded]).not.toContain(starting(behind));
  });

  it.each(["desk-page", "panel-page"])("asks 330 KB for %s as the first page, in few requests", (page) => {
    for (const language of ["en", "zh-CN"]) {
      const loaded = signedIn(page, language);
      expect(weight(loaded), listed(loaded)).toBeLessThanOrEqual(330 * KB);
      const names = [...loaded].map((name) => name.replace(/-[\w-]{8}\.js$/, ""));
      const sheets = styles.filter((name) => names.some((one) => name.startsWith(`${one}-`)));
      expect(loaded.size + sheets.length + others, `${listed(loaded)}, ${sheets.join(", ")}`).toBeLessThanOrEqual(25);
    }
  });

  it("loads the library of the charts with the pages that have one, and with no other", () => {
    const one = starting("echarts");
    expect(scripts.get(one)!.gzip).toBeLessThanOrEqual(180 * KB);
    expect([...loadedFor("history-page")]).toContain(one);
    for (const page of ["sign-in", "desk-page", "panel-page", "wall-page", "goods-page", "people-page"])
      expect([...loadedFor(page)], page).not.toContain(one);
  });

  it("never asks for the words of the other language", () => {
    const desk = signedIn("desk-page", "en");
    const zh = words("console", "zh-CN").get("desk.none.calm")!;
    expect(said(withImports(starting("zh-CN")))).toContain(zh);
    expect(said(desk)).not.toContain(zh);
    expect(said(desk)).toContain(words("console", "en").get("desk.none.calm")!);
    expect(said(signIn("en"))).not.toContain(words("console", "zh-CN").get("signin.who")!);
  });
});
