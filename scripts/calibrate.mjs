// Prints how many times slower this machine is at present than a quiet machine, as a number of at least 1: deadlines of tests are multiplied by it.
// It measures the same work each time, in wall-clock time, so that a busy machine counts as a slow one, and takes the median of five.
import { createHash } from "node:crypto";

/** What the work took on the quiet machine on which deadlines were chosen, in milliseconds. */
const QUIET_MS = 60;
/** On anything slower, tests may time out. */
const MOST = 20;

function work() {
  const begun = performance.now();
  let text = "";
  for (let n = 0; n < 40_000; n++) text = JSON.stringify({ n, text: text.slice(0, 200) });
  const hash = createHash("sha256");
  for (let n = 0; n < 400; n++) hash.update(text.repeat(100));
  hash.digest();
  return performance.now() - begun;
}

work();
const took = Array.from({ length: 5 }, work).sort((a, b) => a - b)[2];
process.stdout.write(`${Math.min(MOST, Math.max(1, took / QUIET_MS)).toFixed(2)}\n`);
process.stderr.write(`the same work took ${took.toFixed(0)} ms, ${QUIET_MS} on a quiet machine\n`);
