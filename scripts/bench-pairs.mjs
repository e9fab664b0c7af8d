#!/usr/bin/env node
// The message path against an earlier revision: builds that in a worktree, runs both in turn with the load generator of this tree, and prints ratios.
// bench-pairs.mjs BASE: PAIRS alternations of each case (10), SECONDS of load each (6); ONLY picks cases by a pattern. Needs `make build`.
import { execFileSync, spawnSync } from "node:child_process";
import { copyFileSync, cpSync, existsSync, mkdirSync } from "node:fs";
import { join, resolve } from "node:path";

const base = process.argv[2] ?? process.env.BASE;
if (!base) {
  console.error("which revision to compare with: make bench-pairs BASE=<revision>");
  process.exit(2);
}
const pairs = Number(process.env.PAIRS ?? 10);
const seconds = process.env.SECONDS_EACH ?? "6";
const only = new RegExp(process.env.ONLY ?? ".");
const target = resolve(process.env.CARGO_TARGET_DIR ?? "target");
const git = (...words) => execFileSync("git", words, { encoding: "utf8" }).trim();
const sha = git("rev-parse", "--short=12", `${base}^{commit}`);

/** The program of the base revision, built once. */
function built() {
  const folder = join(target, "bench-pairs");
  const program = join(folder, `yingda-${sha}`);
  if (existsSync(program)) return program;
  const tree = join(folder, `tree-${sha}`);
  mkdirSync(folder, { recursive: true });
  if (!existsSync(tree)) git("worktree", "add", "--detach", "--force", tree, sha);
  try {
    // In a target folder of its own: cargo gives the packages of two checkouts the same names there, and takes what is newer than the sources for built.
    const apart = join(folder, "target");
    // What the pages look like costs a message nothing: those of this tree will do.
    for (const page of ["widget", "hall", "console"])
      cpSync(join("web", page, "dist"), join(tree, "web", page, "dist"), { recursive: true });
    console.error(`building ${sha}`);
    const env = { ...process.env, CARGO_TARGET_DIR: apart };
    execFileSync("cargo", ["build", "--release", "--quiet", "--package", "yingda"], {
      cwd: tree,
      env,
      stdio: "inherit",
    });
    copyFileSync(join(apart, "release", "yingda"), program);
  } finally {
    git("worktree", "remove", "--force", tree);
  }
  return program;
}

const busy = ["messages", "--pairs", "200", "--in-flight", "32", "--seconds", seconds];
const lone = ["messages", "--pairs", "1", "--in-flight", "1", "--seconds", seconds];
const messages = [
  "throughput_per_s",
  "server_cpu_us_per_message",
  "database_cpu_us_per_message",
  "server_rss_bytes",
  "ack_p50_ms",
  "fsync_p50_ms",
];
const memory = ["bytes_per_connection", "bytes_per_connection_after_message"];
const cases = [
  ["200x32 sqlite", busy, messages],
  ["200x32 postgres", [...busy, "--engine", "postgres"], messages],
  ["1x1 sqlite", lone, messages],
  ["1x1 postgres", [...lone, "--engine", "postgres"], messages],
  ["idle", ["idle", "--connections", "5000"], memory],
].filter(([name]) => only.test(name));

const median = (values) => values.toSorted((a, b) => a - b)[Math.floor((values.length - 1) / 2)];

function measured(server, command) {
  const ran = spawnSync(join(target, "release", "yingda-bench"), [...command, "--server", server, "--json"], {
    encoding: "utf8",
    maxBuffer: 1 << 26,
  });
  if (ran.status !== 0) throw new Error(`${command.join(" ")} --server ${server}\n${ran.stderr}`);
  return JSON.parse(ran.stdout.trim().split("\n").at(-1));
}

// Another program may stand in for the base, such as one that no longer builds.
const [here, there] = [join(target, "release", "yingda"), process.env.BASE_SERVER ?? built()];
console.log(
  `base ${sha}, ${pairs} alternations; medians, and the median of the ratios here/base pair by pair (smallest … largest)`,
);
for (const [name, command, figures] of cases) {
  const rows = [];
  for (let pair = 0; pair < pairs; pair++) {
    // Who begins alternates, too: the first of two finds the machine as the pair before left it.
    const order = pair % 2 === 0 ? [here, there] : [there, here];
    const found = new Map(order.map((server) => [server, measured(server, command)]));
    rows.push([found.get(here), found.get(there)]);
  }
  console.log(`\n${name}`);
  for (const figure of figures) {
    const both = rows
      .map(([mine, theirs]) => [mine[figure], theirs[figure]])
      .filter(([mine, theirs]) => mine > 0 && theirs > 0);
    if (both.length === 0) continue;
    const ratios = both.map(([mine, theirs]) => mine / theirs);
    const [mine, theirs] = [0, 1].map((side) => median(both.map((pair) => pair[side])));
    const range = `${Math.min(...ratios).toFixed(2)} … ${Math.max(...ratios).toFixed(2)}`;
    console.log(
      `  ${figure.padEnd(36)} here ${String(mine).padStart(12)}  base ${String(theirs).padStart(12)}  ratio ${median(ratios).toFixed(3)}  (${range})`,
    );
  }
}
