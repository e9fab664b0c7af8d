// Prints what a change made longer or less readable than it was: advice.mjs [BASE]. It always exits with 0: these are hints for a reviewer, not rules.
// It compares the files as they are here with those of BASE, by default where this branch left origin/main, or else the last commit that differs.
// It also names the pages that no story marked @must opened in the last `make test`.
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

/** What is worth a second look, in lines. */
const MANY = { rustFunction: 100, rustFile: 600, handler: 40, crate: 12_000, page: 120, pageFile: 400 };

/** Folders with generated or foreign content. */
const MADE = ["target", "node_modules", "dist", ".git", "data", "test-results", "playwright-report"];
const GENERATED = "web/api/src/schema.ts";

/** All files below some folders with one of these endings: `[path, text]`. */
function texts(root, folders, endings) {
  const found = [];
  const walk = (folder) => {
    for (const entry of readdirSync(path.join(root, folder), { withFileTypes: true })) {
      const below = path.join(folder, entry.name);
      if (MADE.includes(entry.name)) continue;
      if (entry.isDirectory()) walk(below);
      else if (endings.some((ending) => entry.name.endsWith(ending)))
        found.push([below, readFileSync(path.join(root, below), "utf8")]);
    }
  };
  for (const folder of folders.filter((one) => existsSync(path.join(root, one)))) walk(folder);
  return found;
}

/** A Rust file without the tests at its bottom. */
const withoutTests = (text) => text.split(/\n#\[cfg\(test\)\]\nmod \w+ \{/)[0];

/** The functions of Rust code: their names, numbers of lines, and the types that they return. The formatter ends a function where its first line begins. */
function rustFunctions(code) {
  const lines = code.split("\n");
  return lines.flatMap((line, at) => {
    const [, indent, name] =
      /^(\s*)(?:pub(?:\([^)]*\))? )?(?:default )?(?:const )?(?:async )?(?:unsafe )?(?:extern "\w+" )?fn (\w+)/.exec(
        line,
      ) ?? [];
    if (name === undefined) return [];
    const end = /[};]$/.test(line) ? at : lines.findIndex((one, other) => other > at && one.startsWith(`${indent}}`));
    const signature = lines
      .slice(at, end + 1)
      .join("\n")
      .split(/\{|;\n|\bwhere\n/)[0];
    return [{ name, lines: end - at + 1, returned: signature.split("-> ").slice(1).join("-> ").trim() }];
  });
}

/** The functions at the top of a TypeScript file. The formatter indents all of a function but its signature. */
function pageFunctions(text) {
  const lines = text.split("\n");
  return lines.flatMap((line, at) => {
    const [, kind, name] = /^(?:export )?(?:default )?(?:async )?(function\*?|const) (\w+)/.exec(line) ?? [];
    if (name === undefined) return [];
    const last = kind === "const" ? "};" : "}";
    const end = lines.findIndex((one, other) => other > at && !/^\s|^\)|^\}\)?[:;]? ?.*\{$/.test(one) && one !== "");
    return end > at && lines[end] === last ? [{ name, lines: end - at + 1 }] : [];
  });
}

const IRREGULAR = new Set(
  "became begun born bound broken brought built came caught chosen dealt did done drawn driven fallen fed felt forgotten fought found frozen gave given gone grown heard held hidden kept knew known laid led left lent lost made meant met paid rewound said seen sent shown slept sold spent spoken stolen stood struck stuck sworn taken taught thrown told took torn understood went woken won worn woven written wrote".split(
    " ",
  ),
);
/** Verbs that end like a participle, and functions that return a changed copy of a value that they are given. */
const NO_PARTICIPLES = new Set(
  "embed exceed feed need proceed seed shed speed succeed checked escaped filled folded masked quoted rounded settled simplified squeezed tidied trimmed typed".split(
    " ",
  ),
);
const isParticiple = (name) =>
  (/^[a-z]+ed$/.test(name) && !NO_PARTICIPLES.has(name)) || IRREGULAR.has(name.replace(/^un/, ""));
const isSelf = (returned) => returned === "Self" || /Option<Self>$|Result<Self/.test(returned);

/** Phrases at which a native reader stumbles, and sentences without a subject (docs/STYLE.md, "Words"). */
const PHRASES =
  /(?<![\w-])(?<!there )(?:is none|are none|was none|were none|good for nothing|mend|mends|mended|kept out|thrown away|made new|the way out|a yes|heard of|meanwhile)(?![\w-])/i;
const HEADLESS = /^[\s*-]*(?:who|whoever|whose|who's|whom) [^?]*$/i;

/** Words that have one meaning left (docs/GLOSSARY.md): a new place for them is worth a look. */
const GLOSSARY = ["outbox", "handover"];

/** Which folders of the console are pages; those of one storey seldom need each other. */
const NO_PAGES = ["main", "app", "router", "palette", "shell", "live", "lib", "words"];

/** What is worth a look in a tree: a measure by what is said about it. */
function lookAt(root) {
  const found = new Map();
  const note = (said, measure) => found.set(said, (found.get(said) ?? 0) + measure);
  const over = (limit, lines, said) => lines > limit && note(said, lines);
  const crates = new Map();
  for (const [file, text] of texts(root, ["crates"], [".rs"])) {
    const product = withoutTests(text);
    const lines = product.split("\n").length;
    const isProduct = file.includes("/src/") && !/\/tests\/|\/tests\.rs$|^crates\/testkit/.test(file);
    over(MANY.rustFile, lines, `${file}: lines`);
    if (!text.startsWith("//! ")) note(`${file}: does not say what it is for in a //! line`, 1);
    for (const line of text.split("\n")) if (line.startsWith("//!")) english(file, line.slice(3), note);
    if (!isProduct) continue;
    const crate = file.split("/")[1];
    crates.set(crate, (crates.get(crate) ?? 0) + lines);
    for (const { name, lines: length, returned } of rustFunctions(product)) {
      over(MANY.rustFunction, length, `${file}: lines of ${name}`);
      if (isParticiple(name) && !isSelf(returned))
        note(`${file}: fn ${name} is named by a participle, which says neither what it does nor what it returns`, 1);
    }
    for (const handler of product.split("#[utoipa::path").slice(1)) {
      const [, name, body] = /pub async fn (\w+)([\s\S]*?)\n}\n/.exec(handler) ?? [];
      if (name) over(MANY.handler, body.split("\n").length + 1, `${file}: lines of the handler ${name}`);
    }
  }
  for (const [crate, lines] of crates) if (crate !== "bench") over(MANY.crate, lines, `crates/${crate}: lines`);
  for (const [file, text] of texts(root, ["web"], [".ts", ".tsx"])) {
    if (file === GENERATED || /\/test\/|\.test\./.test(file)) continue;
    over(MANY.pageFile, text.split("\n").length - 1, `${file}: lines`);
    for (const { name, lines } of pageFunctions(text)) over(MANY.page, lines, `${file}: lines of ${name}`);
    if (!file.startsWith("web/console/src/")) continue;
    if (!file.endsWith("/lib/table.tsx")) {
      const tables = text.split("<table").length - 1;
      if (tables > 0) note(`${file}: tables that are not made by lib/table.tsx`, tables);
    }
    const [, folder] = /^web\/console\/src\/([\w-]+)\//.exec(file) ?? [];
    for (const [, to] of text.matchAll(/(?:from |import\(?)"\.\.\/([\w-]+)\//g))
      if (folder && to !== folder && ![folder, to].some((one) => NO_PAGES.includes(one)))
        note(`${file}: a page of ${folder} uses ${to}, which is on the same storey`, 1);
  }
  for (const [file, text] of texts(root, ["crates", "web", "e2e"], [".rs", ".ts", ".tsx"]))
    for (const word of GLOSSARY)
      if (text.toLowerCase().includes(word)) note(`${file}: says “${word}”, see docs/GLOSSARY.md`, 1);
  const documents = texts(root, ["docs", "bench", "deploy"], [".md"]);
  for (const one of ["README.md", "SECURITY.md"]) documents.push([one, readFileSync(path.join(root, one), "utf8")]);
  for (const [file, text] of documents)
    for (const line of text.replace(/^\s*```[\s\S]*?^\s*```/gm, "").split("\n"))
      if (file !== "docs/STYLE.md" || !line.startsWith("|")) english(file, line, note);
  for (const [file, text] of texts(root, ["web"], [".json"]))
    if (file.includes("/locales/en/") || file.endsWith(".en.json"))
      for (const line of text.split("\n")) english(file, line, note);
  return found;
}

function english(file, line, note) {
  const phrase = PHRASES.exec(line)?.[0] ?? HEADLESS.exec(line)?.[0];
  if (phrase !== undefined)
    note(`${file}: “${phrase.trim().split(" ").slice(0, 4).join(" ")}” in: ${line.trim().slice(0, 160)}`, 1);
}

/** The pages of e2e/support/places.ts that no address in a file of visits belongs to. */
function unvisited(visits) {
  const table = readFileSync("e2e/support/places.ts", "utf8");
  const seen = new Set(readFileSync(visits, "utf8").split("\n"));
  const ofOne = /ofOne = \{([^}]*)\}/.exec(table)?.[1] ?? "";
  const inConsole = [...table.matchAll(/path: "([^"]+)"/g), ...ofOne.matchAll(/: "([^"]+)"/g)].map(
    ([, at]) => `/console${at}`,
  );
  const inHall = [...table.matchAll(/^ {2}"?[\w-]+"?: "(\/[^"]*)"/gm)].map(([, at]) => at);
  const patterns = new Set([...inConsole, ...inHall].map((at) => at.split("?")[0]));
  return [...patterns].filter((at) => {
    const pattern = new RegExp(`^${at.replace(/\$\w+/g, "[^/]+")}/?$`);
    return ![...seen].some((one) => pattern.test(one));
  });
}

const git = (...args) => execFileSync("git", args, { encoding: "utf8" }).trim();
function defaultBase() {
  const { status, stdout } = spawnSync("git", ["merge-base", "HEAD", "origin/main"], { encoding: "utf8" });
  const left = status === 0 ? stdout.trim() : "";
  if (left !== "" && left !== git("rev-parse", "HEAD")) return left;
  return git("status", "--porcelain") === "" ? "HEAD~1" : "HEAD";
}

const base = process.argv[2] || defaultBase();
const before = mkdtempSync(path.join(tmpdir(), "advice-"));
try {
  const archive = spawnSync("bash", ["-c", 'set -o pipefail; git archive "$0" | tar -x -C "$1"', base, before], {
    stdio: "inherit",
  });
  if (archive.status === 0) {
    const was = lookAt(before);
    const worse = [...lookAt(".")].filter(([said, measure]) => measure > (was.get(said) ?? 0));
    console.log(worse.length === 0 ? `nothing is longer or less readable than in ${base}` : `since ${base}:`);
    for (const [said, measure] of worse) {
      const counts = / lines( of |$)|tables that/.test(said);
      console.log(`  ${said}${counts ? `: ${measure}${was.has(said) ? `, before ${was.get(said)}` : ""}` : ""}`);
    }
  }
} finally {
  rmSync(before, { recursive: true });
}
const visits = path.join(process.env.CARGO_TARGET_DIR ?? "target", "visited.txt");
if (existsSync(visits)) {
  const left = unvisited(visits);
  if (left.length > 0) console.log(`pages that no story marked @must opened: ${left.join(" ")}`);
} else console.log("which pages no story marked @must opens is known after `make test`");
process.exitCode = 0;
