// Prints each test that did not pass, with the beginning of what it said: failures.mjs RUST.json WEB.json E2E.json
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { stripVTControlCharacters } from "node:util";

const [, , rust, web, e2e] = process.argv;
const read = (file) => (existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : null);

function tell(name, message = "") {
  console.log(`did not pass: ${name}`);
  const lines = stripVTControlCharacters(message).trim().split("\n").slice(0, 16);
  for (const line of lines) if (line.trim()) console.log(`    ${line.slice(0, 300)}`);
}

for (const { name, message } of read(rust)?.failures ?? []) tell(name, message);

for (const file of read(web)?.testResults ?? []) {
  const name = path.relative("web", file.name);
  const fell = file.assertionResults.filter(({ status }) => status === "failed");
  for (const { fullName, failureMessages } of fell) tell(`${name}: ${fullName}`, failureMessages[0]);
  if (file.status === "failed" && fell.length === 0) tell(name, file.message);
}

const walk = (suite, file) => {
  for (const spec of suite.specs ?? []) {
    for (const { projectName, status, results } of spec.tests) {
      if (status !== "unexpected" && status !== "flaky") continue;
      const tries = status === "flaky" ? ` (only at try ${results.length})` : "";
      tell(`[${projectName}] ${file}: ${spec.title}${tries}`, results[0].error?.message);
    }
  }
  for (const inner of suite.suites ?? []) walk(inner, file);
};
for (const suite of read(e2e)?.suites ?? []) walk(suite, suite.file);
