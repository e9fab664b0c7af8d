// Prints each test that did not pass, with the beginning of what it said: failures.mjs RUST.json WEB.json E2E.json
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { stripVTControlCharacters } from "node:util";

/**
 * Everything that failed in three reports: `{suite, name, message, again}`. `again` is how to run it alone, as a program, its arguments, its folder and its
 * environment; what is no single test, such as a file that cannot be loaded, has none.
 */
export function failuresIn(rust, web, e2e) {
  const read = (file) => (existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : null);
  const found = [];

  for (const { name, message, again } of read(rust)?.failures ?? []) {
    const alone = again && {
      program: again.file,
      args: ["--exact", again.test, "--test-threads=1"],
      folder: again.folder,
      env: { TMPDIR: again.tmp },
    };
    found.push({ suite: "rust", name, message, again: alone });
  }

  for (const file of read(web)?.testResults ?? []) {
    const name = path.relative("web", file.name);
    const fell = file.assertionResults.filter(({ status }) => status === "failed");
    for (const { fullName, failureMessages } of fell)
      found.push({
        suite: "web",
        name: `${name}: ${fullName}`,
        message: failureMessages[0],
        again: { program: "npx", args: ["vitest", "run", name, "-t", `^${escaped(fullName)}$`], folder: "web" },
      });
    if (file.status === "failed" && fell.length === 0) found.push({ suite: "web", name, message: file.message });
  }

  const walk = (suite, file) => {
    for (const spec of suite.specs ?? [])
      for (const { projectName, status, results } of spec.tests) {
        if (status !== "unexpected" && status !== "flaky") continue;
        found.push({
          suite: "e2e",
          name: `[${projectName}] ${file}: ${spec.title}`,
          message: results[0].error?.message,
          again: {
            program: "npx",
            args: [
              "playwright",
              "test",
              `${file}:${spec.line}`,
              `--grep=${escaped(spec.title)}( @|$)`,
              `--project=${projectName}`,
              "--workers=1",
              "--trace=on",
            ],
            folder: "e2e",
            env: { YINGDA_BIN: process.env.STORIES_BIN },
          },
        });
      }
    for (const inner of suite.suites ?? []) walk(inner, file);
  };
  for (const suite of read(e2e)?.suites ?? []) walk(suite, suite.file);
  return found;
}

const escaped = (text) => text.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");

/** What a person reads about failures: the name of each, and the beginning of its message. */
export function linesOf(failures) {
  return failures.flatMap(({ name, message = "" }) => {
    const lines = stripVTControlCharacters(message).trim().split("\n").slice(0, 16);
    return [`did not pass: ${name}`, ...lines.filter((line) => line.trim()).map((line) => `    ${line.slice(0, 300)}`)];
  });
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const [, , rust, web, e2e] = process.argv;
  for (const line of linesOf(failuresIn(rust, web, e2e))) console.log(line);
}
