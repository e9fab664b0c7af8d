// `node medians.js NAME FILE`: one line out of the runs of a case, each a line of JSON: medians of the numbers, their ranges where they differ, the rest as it is.
import { readFileSync } from "node:fs";

const [name, file] = process.argv.slice(2);
const runs = readFileSync(file, "utf8")
  .trim()
  .split("\n")
  .map((line) => JSON.parse(line));
const result = { case: name, runs: runs.length };
const range = {};
for (const [field, first] of Object.entries(runs[0])) {
  const values = runs.map((run) => run[field]);
  if (!values.every((value) => typeof value === "number")) {
    result[field] = first;
    continue;
  }
  values.sort((a, b) => a - b);
  // The middle one, the lower of two.
  result[field] = values[(values.length - 1) >> 1];
  if (values[0] !== values.at(-1)) range[field] = [values[0], values.at(-1)];
}
if (Object.keys(range).length > 0) result.range = range;
console.log(JSON.stringify(result));
