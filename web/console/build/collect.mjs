// Collects what the features of the console say of themselves in their folders into `src/made`, which is not in git. Each script of the build then loads only the
// part that it needs:
//
//   pages.ts           all pages, in the order in which they stand
//   LANGUAGE/areas.json, also.json, help.json   by page: its name, what else it is called, what the handbook says about it
//   LANGUAGE/problem.json   what is said of a refusal, by its code
//   reloads.ts         what is read again when something changes
//   shows.json         for the stories: forms, and further addresses
//   routes.ts          the routes inside the frame: the lists `routes` that a `route.ts` exports
//   pinyin.json        how the Chinese names sound by which the palette finds pages and actions
//
// It is run by Vite and before the type check; by hand: node build/collect.mjs
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { pinyin } from "pinyin-pro";
import ts from "typescript";

const ROOT = join(dirname(fileURLToPath(import.meta.url)), "..");
const SOURCE = join(ROOT, "src");
const MADE = join(SOURCE, "made");
const HEADER = "// Made by build/collect.mjs.\n";
const LANGUAGES = ["en", "zh-CN"];

const read = (file) => readFileSync(join(SOURCE, file), "utf8");
const json = (value) => `${JSON.stringify(value, null, 2)}\n`;

/** The files of this name below the sources, relative to them; sorted, so that every machine makes the same. */
function found(name) {
  const files = readdirSync(SOURCE, { recursive: true }).map((file) => `${file}`.replaceAll("\\", "/"));
  return files.filter((file) => name.test(file) && !file.startsWith("made/")).sort();
}

/** Writes a file if its text changes, so that nobody who watches it is disturbed. */
function write(name, text) {
  const path = join(MADE, name);
  let before = null;
  try {
    before = readFileSync(path, "utf8");
  } catch {
    mkdirSync(dirname(path), { recursive: true });
  }
  if (before !== text) writeFileSync(path, text);
}

/** What a `feature.ts` exports; it imports nothing but types. */
async function featureIn(file) {
  const { outputText } = ts.transpileModule(read(file), {
    compilerOptions: { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022, verbatimModuleSyntax: true },
  });
  const said = await import(`data:text/javascript;base64,${Buffer.from(outputText).toString("base64")}`);
  return { file, shows: {}, reloads: {}, ...said.default, ...(said.shows ? { shows: said.shows } : {}) };
}

/** Pages in the order in which they stand: each behind the one that it names; of several, those of its group first. */
export function inOrder(pages) {
  const after = (before) => {
    const next = pages.filter((page) => page.after === before?.id && (!before || page.area === before.area));
    const isApart = (page) => Number(page.group !== before?.group);
    next.sort((one, other) => isApart(one) - isApart(other) || (one.id < other.id ? -1 : 1));
    return next.flatMap((page) => [page, ...after(page)]);
  };
  const ordered = after(undefined);
  const lost = pages.find((page) => !ordered.includes(page));
  if (lost) throw new Error(`the page "${lost.id}" stands after "${lost.after}", which is no page of its area`);
  return ordered;
}

/** How a Chinese text of ours sounds. */
const sound = (text) => pinyin(text, { toneType: "none", nonZh: "consecutive", v: true }).toLowerCase();

/** The Chinese texts by which the palette finds pages and actions: their names, and what else they are called. */
function sounding(pages) {
  const words = (file) => Object.entries(JSON.parse(readFileSync(join(ROOT, "locales/zh-CN", file), "utf8")));
  const areas = words("areas.json").map(([, text]) => text);
  const acts = words("palette.json").flatMap(([key, text]) => (key.startsWith("act.") ? [text] : []));
  const ofActs = found(/^palette\/.*\.ts$/).flatMap((file) =>
    [...read(file).matchAll(/also: ["`]([^"`]*)["`]/g)].map(([, also]) => also),
  );
  const also = [...ofActs, ...pages.map((page) => page.also)].flatMap((others) => others.split(" "));
  const all = [...areas, ...acts, ...also, ...pages.map(({ name }) => name["zh-CN"])];
  return [...new Set(all)].filter((text) => /\p{Script=Han}/u.test(text)).sort();
}

/** The names of the pages, and why the server refuses something, as the features say it: `problem.<code>` in their locale files. */
function collectTexts(language, pages) {
  const names = pages.map(({ id, name }) => [`page.${id}`, name[language]]);
  write(`${language}/areas.json`, json(Object.fromEntries(names)));
  const texts = found(new RegExp(`\\.${language}\\.json$`)).flatMap((file) => Object.entries(JSON.parse(read(file))));
  const refusals = texts.flatMap(([key, text]) =>
    key.startsWith("problem.") ? [[key.replace("problem.", "code."), text]] : [],
  );
  write(`${language}/problem.json`, json(Object.fromEntries(refusals)));
}

export async function collect() {
  const features = await Promise.all(found(/(^|\/)feature\.ts$/).map(featureIn));
  const pages = inOrder(features.flatMap((feature) => feature.pages));
  const twice = pages.find(({ id }, at) => pages.findIndex((page) => page.id === id) !== at);
  if (twice) throw new Error(`there are two pages "${twice.id}"`);
  const byPage = (of) => json(Object.fromEntries(pages.map((page) => [page.id, of(page)])));
  const bare = pages.map(({ name: _name, also: _also, help: _help, after: _after, ...page }) => page);
  write("pages.ts", `${HEADER}export const pages = ${JSON.stringify(bare, null, 2)} as const;\n`);
  for (const language of LANGUAGES) collectTexts(language, pages);
  write(
    "also.json",
    byPage((page) => page.also),
  );
  write(
    "help.json",
    byPage((page) => page.help),
  );
  write("shows.json", json(Object.assign({}, ...features.map(({ shows }) => shows))));
  write(
    "reloads.ts",
    `${HEADER}export const reloads = ${JSON.stringify(
      features.map(({ reloads }) => reloads),
      null,
      2,
    )} as const;\n`,
  );
  const routes = found(/(^|\/)routes?\.ts$/).filter((file) => /^export const routes\b/m.test(read(file)));
  const lines = routes.map((file, n) => `import { routes as r${n} } from "../${file.replace(/\.ts$/, "")}";\n`);
  write(
    "routes.ts",
    `${HEADER}${lines.join("")}\nexport const routes = [${routes.map((_, n) => `...r${n}`).join(", ")}] as const;\n`,
  );
  write("pinyin.json", json(Object.fromEntries(sounding(pages).map((text) => [text, sound(text)]))));
}

/** For Vite: collects at the beginning, and again while it serves, when a file that is collected changes. */
export const collected = () => ({
  name: "collected",
  async config() {
    await collect();
  },
  configureServer({ watcher, config: { logger } }) {
    watcher.on("all", (_, path) => {
      if (/[\\/](feature|routes?)\.ts$/.test(path)) collect().catch((error) => logger.error(String(error)));
    });
  },
});

if (process.argv[1] === fileURLToPath(import.meta.url)) await collect();
