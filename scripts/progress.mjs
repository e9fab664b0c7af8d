// Runs `cargo build …` and reports progress: on a terminal in one line that is updated, elsewhere on a new line after each tenth and at least every 30 s.
// Usage: progress.mjs ARGUMENTS…
import { spawn, spawnSync } from "node:child_process";
import { createInterface } from "node:readline";

const [, , ...asked] = process.argv;
const packages = asked.flatMap((word, at) => (word === "-p" ? ["-p", asked[at + 1]] : []));
const tree = spawnSync("cargo", ["tree", ...packages, "-e", "normal,build", "--prefix", "none"], {
  encoding: "utf8",
  maxBuffer: 1 << 26,
});
if (tree.error) {
  console.error("Rust is needed: https://rustup.rs");
  process.exit(1);
}
const parts = new Set(
  tree.stdout
    .split("\n")
    .filter(Boolean)
    .map((line) => line.split(" ").slice(0, 2).join(" ")),
).size;

const cargo = spawn("cargo", ["build", "--quiet", "--message-format=json-render-diagnostics", ...asked], {
  stdio: ["ignore", "pipe", "inherit"],
});
const done = new Set();
const begun = Date.now();
let built = 0;
let told = 0;
let toldAt = begun;
/** The longest silence if stderr is not a terminal, in milliseconds. */
const SILENCE = 30_000;

function tell(last) {
  const seconds = Math.round((Date.now() - begun) / 1000);
  const words = `  ${done.size}${parts ? ` of ${parts}` : ""} parts, ${Math.floor(seconds / 60)} min ${String(seconds % 60).padStart(2, "0")} s`;
  if (process.stderr.isTTY) process.stderr.write(`\r${words}${last ? "\n" : ""}`);
  else if (last || Math.floor((10 * done.size) / parts) > told || Date.now() - toldAt >= SILENCE) {
    told = Math.floor((10 * done.size) / parts);
    toldAt = Date.now();
    process.stderr.write(`${words}\n`);
  }
}

createInterface({ input: cargo.stdout }).on("line", (line) => {
  const message = JSON.parse(line);
  if (message.reason !== "compiler-artifact") return;
  done.add(message.package_id);
  if (!message.fresh) built++;
  if (built > 0) tell(false);
});
const goesOn = setInterval(() => built > 0 && tell(false), 1000);
cargo.on("close", (code) => {
  clearInterval(goesOn);
  if (built > 0) tell(true);
  process.exitCode = code ?? 1;
});
