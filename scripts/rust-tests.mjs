// Builds and runs all Rust tests, and reports how long each took: rust-tests.mjs REPORT.json
// The report is {passed, failed, failures: [{name, message}], tests: [{name, seconds}]}. The exit status is 0 only if everything was built and
// nothing failed, 2 if the build failed.
//
// `cargo test` does not report how long a test took. The test programs do, with an unstable flag; so cargo only builds them, and they are run here.
import { spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { createInterface } from "node:readline";

const [, , report] = process.argv;
const result = { passed: 0, failed: 0, failures: [], tests: [] };

/** Runs a program, passes on each line it writes to stdout, and returns its exit status. */
function run(program, args, options, onLine) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { ...options, stdio: ["ignore", "pipe", "inherit"] });
    const lines = createInterface({ input: child.stdout }).on("line", onLine);
    const read = new Promise((end) => lines.on("close", end));
    child.on("error", reject);
    child.on("close", (code) => void read.then(() => resolve(code ?? 1)));
  });
}

const programs = [];
const built = await run(
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

if (built !== 0 || programs.length === 0) {
  result.failed = 1;
  result.failures.push({ name: "the tests were not built" });
} else {
  programs.sort((a, b) => a.of.localeCompare(b.of));
  for (const { file, folder, of } of programs) {
    console.log(`\n-- ${of}`);
    let counted = false;
    let failed = 0;
    let speaking; // the failure whose output is being read
    const env = { ...process.env, RUSTC_BOOTSTRAP: "1" };
    // The tests that fill or break a disk run on a disk.
    if (path.basename(folder) === "bench" && process.env.DISK_TMPDIR) env.TMPDIR = process.env.DISK_TMPDIR;
    const status = await run(file, ["-Zunstable-options", "--report-time"], { cwd: folder, env }, (line) => {
      console.log(line);
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
    });
    if (!counted || (status !== 0 && failed === 0)) {
      failed++;
      result.failures.push({ name: `${of} ended with status ${status}` });
    }
    result.failed += failed;
  }
}

writeFileSync(report, JSON.stringify(result));
process.exitCode = programs.length === 0 || built !== 0 ? 2 : result.failed > 0 ? 1 : 0;
