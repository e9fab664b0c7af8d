// Prints the ten slowest Rust tests and the ten slowest stories, and writes what each test program and each story cost into a file: costs.mjs RUST.json E2E.json TO
import { existsSync, readFileSync, writeFileSync } from "node:fs";

const [, , rust, e2e, to] = process.argv;
const read = (file) => (existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : null);

function tell(title, all) {
  console.log(title);
  for (const { name, seconds } of all.sort((a, b) => b.seconds - a.seconds).slice(0, 10))
    console.log(`${seconds.toFixed(1).padStart(8)} s  ${name}`);
}

tell("the slowest Rust tests", read(rust)?.tests ?? []);

const stories = [];
const walk = (suite, file) => {
  for (const spec of suite.specs ?? []) {
    for (const test of spec.tests.filter(({ status }) => status !== "skipped")) {
      const seconds = Math.max(...test.results.map((result) => result.duration)) / 1000;
      stories.push({
        name: `[${test.projectName}] ${file}: ${spec.title}`,
        seconds,
      });
    }
  }
  for (const inner of suite.suites ?? []) walk(inner, file);
};
for (const suite of read(e2e)?.suites ?? []) walk(suite, suite.file);
tell("the slowest stories", stories);

const byCost = (a, b) => (b.cpu ?? b.seconds) - (a.cpu ?? a.seconds);
const programs = (read(rust)?.programs ?? [])
  .sort(byCost)
  .map(({ name, cpu, seconds }) => `${cpu.toFixed(1).padStart(8)} ${seconds.toFixed(1).padStart(8)}  ${name}`);
const told = stories.sort(byCost).map(({ name, seconds }) => `${seconds.toFixed(1).padStart(8)}  ${name}`);
writeFileSync(to, ["   CPU s  seconds  Rust program", ...programs, "", " seconds  story", ...told, ""].join("\n"));
console.log(`what each program and each story cost: ${to}`);
