// Prints each test that this run left out, with the reason: left-out.mjs RUST.json E2E.json STEPS.txt
import { existsSync, readFileSync } from "node:fs";

const [, , rust, e2e, steps] = process.argv;
const read = (file) => (existsSync(file) ? readFileSync(file, "utf8") : "");
const parsed = (file) => JSON.parse(read(file) || "{}");

const left = read(steps)
  .split("\n")
  .filter((line) => line !== "");
for (const { name, reason } of parsed(rust).leftOut ?? []) left.push(`${name} (${reason})`);

const walk = (suite) => {
  for (const { title, file, tests } of suite.specs ?? [])
    for (const { projectName, status, annotations } of tests)
      if (status === "skipped") {
        const reason = annotations.find(({ type }) => type === "skip")?.description ?? "no reason given";
        left.push(`[${projectName}] ${file}: ${title} (${reason})`);
      }
  for (const inner of suite.suites ?? []) walk(inner);
};
for (const suite of parsed(e2e).suites ?? []) walk(suite);

if (left.length > 0) console.log(`left out of this run, which \`make test ALL=1\` runs as well: ${left.length}`);
for (const line of left.sort()) console.log(`  ${line}`);
