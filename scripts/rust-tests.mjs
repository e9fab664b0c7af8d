// Builds and runs all Rust tests, and reports how long each took: rust-tests.mjs REPORT.json
// The report is {passed, failed, failures: [{name, message}], tests: [{name, seconds}], programs: [{name, cpu, seconds}], leftOut: [{name, reason}]}: CPU
// seconds, and elapsed ones; the first program is the build. Tests that take turns (in-turn.json) are left out if TURN is another's. The exit status is 0 only if everything was built and
// nothing failed, 2 if the build failed.
//
// `cargo test` does not report how long a test took. The test programs do, with an unstable flag; so cargo only builds them, and they are run here.
import { spawn } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { createInterface } from "node:readline";

const [, , report] = process.argv;
const result = { passed: 0, failed: 0, failures: [], tests: [], programs: [], leftOut: [] };
const groups = Object.entries(JSON.parse(readFileSync(new URL("in-turn.json", import.meta.url), "utf8")).rust);

/**
 * Runs a program, passes on each line it writes to stdout, and returns its exit status and the CPU seconds of it and of everything it started and waited for.
 */
function run(program, args, options, onLine) {
  return new Promise((resolve, reject) => {
    // The shell's own clock: Node does not say what a child has spent.
    const timed = 'TIMEFORMAT="%U %S"; { time "$0" "$@" 2>&4; } 4>&2 2>&3';
    const child = spawn("bash", ["-c", timed, program, ...args], {
      ...options,
      stdio: ["ignore", "pipe", "inherit", "pipe"],
    });
    const lines = createInterface({ input: child.stdout }).on("line", onLine);
    const read = new Promise((end) => lines.on("close", end));
    let times = "";
    child.stdio[3].on("data", (part) => (times += part));
    child.on("error", reject);
    child.on("close", (code) => {
      const cpu = times
        .trim()
        .split("\n")
        .at(-1)
        .split(" ")
        .map(Number)
        .reduce((sum, one) => sum + one, 0);
      void read.then(() => resolve({ status: code ?? 1, cpu }));
    });
  });
}

/** The program whose tests take longest, and how many of them run at the same time: they mostly wait for servers. */
const LONGEST = "it of server";
const TOGETHER = 2;
/** How many tests of the other programs run at the same time. */
const ALONE = 1;

const programs = [];
const begun = performance.now();
const { status: built, cpu: building } = await run(
  "cargo",
  ["test", "--workspace", "--no-run", "--message-format=json-render-diagnostics"],
  {},
  (line) => {
    const message = JSON.parse(line);
    if (message.reason === "compiler-artifact" && message.profile.test && message.executable) {
      programs.push({
        file: message.executable,
        folder: path.dirname(message.manifest_path),
        of: `${message.target.name} of ${path.basename(path.dirname(message.manifest_path))}`,
      });
    }
  },
);

result.programs.push({ name: "building them", cpu: building, seconds: (performance.now() - begun) / 1000 });

/** Those of a program's tests that wait for another run: of each group, every TURNS-th is run. */
async function waiting({ file, folder, of }) {
  const mine = groups.filter(([begin]) => begin.startsWith(`${of}: `));
  if (!process.env.TURN || mine.length === 0) return [];
  const names = [];
  await run(file, ["--list", "--format=terse"], { cwd: folder }, (line) => {
    if (line.endsWith(": test")) names.push(line.slice(0, -": test".length));
  });
  return mine.flatMap(([begin, why]) =>
    names
      .filter((name) => `${of}: ${name}`.startsWith(begin))
      .sort()
      .filter((_, index) => index % Number(process.env.TURNS) !== Number(process.env.TURN))
      .map((name) => ({ name, reason: `${why}, not in turn` })),
  );
}

/** Runs one test program; `threads` of its tests run at the same time. Its output is shown when it has ended. */
async function test(program, threads) {
  const { file, folder, of } = program;
  const left = await waiting(program);
  result.leftOut.push(...left.map(({ name, reason }) => ({ name: `${of}: ${name}`, reason })));
  const output = [`\n-- ${of}`];
  let counted = false;
  let failed = 0;
  let speaking; // the failure whose output is being read
  const env = { ...process.env, RUSTC_BOOTSTRAP: "1" };
  // The tests that fill or break a disk run on a disk.
  if (path.basename(folder) === "bench" && process.env.DISK_TMPDIR) env.TMPDIR = process.env.DISK_TMPDIR;
  const begun = performance.now();
  const { status, cpu } = await run(
    file,
    [
      "-Zunstable-options",
      "--report-time",
      `--test-threads=${threads}`,
      "--exact",
      ...left.flatMap(({ name }) => ["--skip", name]),
    ],
    { cwd: folder, env },
    (line) => {
      output.push(line);
      const test = /^test (\S+).* \.\.\. (?:ok|FAILED) <([\d.]+)s>$/.exec(line);
      if (test) result.tests.push({ name: `${of}: ${test[1]}`, seconds: Number(test[2]) });
      const fell = /^test (\S+).* \.\.\. FAILED/.exec(line);
      if (fell) result.failures.push({ name: `${of}: ${fell[1]}`, message: "" });
      const start = /^---- (\S+) stdout ----$/.exec(line);
      if (start) speaking = result.failures.find(({ name }) => name === `${of}: ${start[1]}`);
      else if (line === "failures:") speaking = undefined;
      else if (speaking) speaking.message += `${line}\n`;
      const sum = /^test result: .* (\d+) passed; (\d+) failed; (\d+) ignored/.exec(line);
      if (!sum) return;
      counted = true;
      result.passed += Number(sum[1]);
      // A test that is not run has not passed.
      if (Number(sum[3]) > 0) result.failures.push({ name: `${of}: ${sum[3]} ignored` });
      failed += Number(sum[2]) + Number(sum[3]);
    },
  );
  if (!counted || (status !== 0 && failed === 0)) {
    failed++;
    result.failures.push({ name: `${of} ended with status ${status}` });
  }
  result.failed += failed;
  result.programs.push({ name: of, cpu, seconds: (performance.now() - begun) / 1000 });
  console.log(output.join("\n"));
}

if (built !== 0 || programs.length === 0) {
  result.failed = 1;
  result.failures.push({ name: "the tests were not built" });
} else {
  // Two side by side: the server's tests take longest and mostly wait for each other; the rest run one after the other beside them.
  const longest = programs.find(({ of }) => of === LONGEST);
  const others = programs.filter((program) => program !== longest).sort((a, b) => a.of.localeCompare(b.of));
  const rest = async () => {
    for (const program of others) await test(program, ALONE);
  };
  await Promise.all([longest && test(longest, TOGETHER), rest()]);
}

writeFileSync(report, JSON.stringify(result));
process.exitCode = programs.length === 0 || built !== 0 ? 2 : result.failed > 0 ? 1 : 0;
