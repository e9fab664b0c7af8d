// The changelog with the changes of `changes/` in it.
//
//   changelog.mjs                   prints it, with the changes below [Unreleased]
//   changelog.mjs release VERSION   writes it as that version of today, and deletes the files of the changes
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = join(dirname(fileURLToPath(import.meta.url)), "..");
const CHANGELOG = join(ROOT, "CHANGELOG.md");
const CHANGES = join(ROOT, "changes");
/** In the order in which they stand. */
const KINDS = ["added", "changed", "deprecated", "removed", "fixed", "security"];
const UNRELEASED = "## [Unreleased]";

const heading = (kind) => `### ${kind[0].toUpperCase()}${kind.slice(1)}`;

/** The items of each kind, from the files. */
function changes() {
  const found = new Map(KINDS.map((kind) => [kind, []]));
  const files = readdirSync(CHANGES)
    .filter((name) => name !== "README.md")
    .sort();
  for (const name of files) {
    const kind = name.match(/^[a-z0-9-]+\.([a-z]+)\.md$/)?.[1];
    const text = readFileSync(join(CHANGES, name), "utf8").trim();
    if (!found.has(kind))
      throw new Error(`changes/${name}: call it NAME.KIND.md with one of the kinds ${KINDS.join(", ")}`);
    if (!text.startsWith("- ")) throw new Error(`changes/${name}: begin it with an item of a list, "- "`);
    found.get(kind).push(text);
  }
  return { files, found };
}

/** The changelog, with these items first in the sections of what is unreleased. */
function joined(found) {
  const text = readFileSync(CHANGELOG, "utf8");
  const from = text.indexOf(UNRELEASED) + UNRELEASED.length;
  if (from < UNRELEASED.length) throw new Error(`CHANGELOG.md: there is no section ${UNRELEASED}`);
  const next = text.indexOf("\n## [", from);
  const [section, rest] = next < 0 ? [text.slice(from), ""] : [text.slice(from, next), text.slice(next)];
  const existing = new Map();
  for (const part of section.split(/^(?=### )/m).filter((part) => part.trim())) {
    const [title] = part.split("\n", 1);
    existing.set(title.trim(), part.slice(title.length).trim());
  }
  const titles = KINDS.map(heading);
  const unknown = [...existing.keys()].find((title) => !titles.includes(title));
  if (unknown)
    throw new Error(`CHANGELOG.md: below ${UNRELEASED} stands ${unknown}, which is none of ${titles.join(", ")}`);
  const sections = KINDS.flatMap((kind) => {
    const items = [...found.get(kind), existing.get(heading(kind))].filter(Boolean).join("\n");
    return items ? [`${heading(kind)}\n\n${items}\n`] : [];
  });
  return `${text.slice(0, from)}\n\n${sections.join("\n")}${rest}`;
}

const [what, version] = process.argv.slice(2);
const { files, found } = changes();
if (what === undefined) {
  process.stdout.write(joined(found));
} else if (what === "release" && /^\d+\.\d+\.\d+$/.test(version ?? "")) {
  const today = new Date().toISOString().slice(0, 10);
  writeFileSync(CHANGELOG, joined(found).replace(UNRELEASED, `${UNRELEASED}\n\n## [${version}] - ${today}`));
  for (const name of files) rmSync(join(CHANGES, name));
} else {
  console.error("usage: node scripts/changelog.mjs [release MAJOR.MINOR.PATCH]");
  process.exit(2);
}
