// Runs each test that failed once more, alone, up to twice: second-chance.mjs RUST.json WEB.json E2E.json UNSTEADY.txt TOLD.txt COUNTS.txt
// Whatever passes then counts as passed, and stands in UNSTEADY.txt with its tries. TOLD.txt is what a person reads at the end: those under `unsteady:`, and
// what failed each time with the beginning of its first message. COUNTS.txt has a line `passed SUITE` (rust, web or e2e) for each test that passed, and `many`
// if there are too many of them. STORIES_BIN is the program of the stories.
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { stripVTControlCharacters } from "node:util";
import { failuresIn, linesOf } from "./failures.mjs";

const [, , rust, web, e2e, file, toldFile, countsFile] = process.argv;
/** How often a test is run again. */
const TRIES = 2;
/** More unsteady tests than this fail the run: then it is the product or the machine that is unsteady. */
const MOST_UNSTEADY = 6;
/** If more than this failed, something that they share is broken, and none is run again. */
const MOST_AGAIN = 20;

const failures = failuresIn(rust, web, e2e);
const single = failures.filter((one) => one.again);
const again = single.length <= MOST_AGAIN ? single : [];
const unsteady = [];
for (const one of again) {
  const { program, args, folder, env } = one.again;
  for (let run = 1; run <= TRIES; run++) {
    console.log(`== again, alone: ${one.name}`);
    const { status, stdout } = spawnSync(program, args, {
      cwd: folder,
      env: { ...process.env, ...env },
      stdio: ["ignore", "pipe", "inherit"],
      encoding: "utf8",
      maxBuffer: 1 << 28,
    });
    console.log(stdout);
    // All three report how many passed. A name that selects nothing has not passed.
    if (status !== 0 || !/\b[1-9]\d* passed\b/.test(stripVTControlCharacters(stdout))) continue;
    unsteady.push({ ...one, tries: run + 1 });
    break;
  }
}

const lines = unsteady.map(({ name, tries }) => `${name} (passed at try ${tries})`);
writeFileSync(file, lines.map((line) => `${line}\n`).join(""));
const counts = unsteady.map(({ suite }) => `passed ${suite}`);
const told = lines.length > 0 ? ["unsteady:", ...lines.map((line) => `  ${line}`)] : [];
if (unsteady.length > MOST_UNSTEADY) {
  counts.push("many");
  told.push(`more than ${MOST_UNSTEADY} tests are unsteady: the run has failed`);
}
told.push(...linesOf(failures.filter((one) => !unsteady.some(({ name }) => name === one.name))));
if (again.length < single.length) told.push(`more than ${MOST_AGAIN} tests failed, so none was run again`);
writeFileSync(countsFile, counts.map((line) => `${line}\n`).join(""));
writeFileSync(toldFile, told.map((line) => `${line}\n`).join(""));
