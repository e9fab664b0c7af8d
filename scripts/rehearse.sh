#!/usr/bin/env bash
# Rehearses what goes wrong, and prints what is lost each time and how long it takes until everybody is back: rehearse.sh [FILE]
#
# Each line is a run of `yingda-bench faults`, which starts everything it needs on free ports of this machine in a temporary folder, has people write all the
# time, breaks one thing, and compares what was acknowledged with what is there in the end. It ends only what it started. FILE gets the table as JSON.
# It fails if anything acknowledged is lost where nothing may be. How long it took is measured, and never a reason to fail.
#
# ROUNDS=10 breaks each thing more often; SEED=7 repeats a run. Needs PostgreSQL and Redis, and root or a user who may run PostgreSQL.
# YINGDA_BIN and BENCH_BIN are the programs; by default they are built for release.
set -euo pipefail
cd "$(dirname "$0")/.."
out="${1:-}"
rounds="${ROUNDS:-3}"

missing=()
ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || missing+=(postgresql)
command -v redis-server >/dev/null || missing+=(redis-server)
command -v node >/dev/null || missing+=(nodejs)
[ ${#missing[@]} -eq 0 ] || scripts/install.sh "${missing[@]}"

yingda="${YINGDA_BIN:-}" bench="${BENCH_BIN:-}"
# The server treats every YINGDA_… variable as a setting.
unset YINGDA_BIN
if [ -z "$yingda" ] || [ -z "$bench" ]; then
  scripts/web.sh
  cargo build --release -p yingda -p bench
  yingda="${yingda:-${CARGO_TARGET_DIR:-target}/release/yingda}" bench="${bench:-${CARGO_TARGET_DIR:-target}/release/yingda-bench}"
fi

work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
failed=0

rehearse() { # name, arguments of `faults`
  local name="$1"
  shift
  echo "== $name" >&2
  # A broken promise is a status other than 0, with the result as far as there is one.
  "$bench" faults --json --server "$yingda" ${SEED:+--seed "$SEED"} "$@" >"$work/$name.json" || failed=1
}

# One round: the next ones would put the record back by hand.
rehearse restore --fault restore --rounds 1
rehearse killed --fault kill --rounds "$rounds"
rehearse standby --engine postgres --fault standby --conversations 4 --rounds "$rounds"
rehearse node --engine postgres --nodes 3 --fault kill --rounds "$rounds"

node - "$work" "$out" <<'END' || failed=1
const fs = require("node:fs");
const os = require("node:os");
const { execFileSync } = require("node:child_process");
const [, , work, out] = process.argv;
const what = {
  restore: "A sealed backup is restored",
  killed: "The only node is killed (SIGKILL) and started again",
  standby: "PostgreSQL's primary is killed, its synchronous standby takes over",
  node: "One of three nodes is killed; its people go to the others",
};
const seconds = (ms) => (Number.isFinite(ms) ? Math.round(ms / 100) / 10 : null);
const rows = Object.entries(what).map(([name, text]) => {
  const lines = fs.readFileSync(`${work}/${name}.json`, "utf8").trim().split("\n").filter(Boolean);
  const found = lines.length > 0 ? JSON.parse(lines.at(-1)) : { error: "it did not come to an end" };
  const broken = ["lost", "duplicates", "gaps", "inversions", "false_acks", "refused_then_accepted", "double_owner"];
  const faults = found.error === undefined ? broken.reduce((sum, kind) => sum + found[kind], 0) : null;
  return {
    name,
    what: text,
    rounds: found.rounds ?? null,
    acked: found.acked ?? null,
    lost: found.lost ?? null,
    since_backup: found.rewound ?? null,
    other_faults: faults === null ? null : faults - found.lost,
    // While a copy is put back nobody is served, and then they come back.
    back_p50_s: seconds(found.recover_p50_ms + (found.down_max_ms ?? 0)),
    back_max_s: seconds(found.recover_max_ms + (found.down_max_ms ?? 0)),
    ready_p99_s: seconds(found.ready_p99_ms),
    seed: found.seed ?? null,
    kept: faults === 0,
    error: found.error,
  };
});
const version = (program, args) => {
  try {
    return execFileSync(program, args, { encoding: "utf8" }).trim();
  } catch {
    return null;
  }
};
const report = {
  at: new Date().toISOString(),
  commit: version("git", ["rev-parse", "--short", "HEAD"]),
  machine: `${os.cpus().length} × ${os.cpus()[0]?.model ?? "?"}, ${Math.round(os.totalmem() / 2 ** 30)} GB, ${os.type()} ${os.release()}`,
  load: os.loadavg()[0],
  rows,
};
if (out) fs.writeFileSync(out, `${JSON.stringify(report, null, 2)}\n`);
const lost = (row) => (row.error ? row.error : `${row.lost}${row.since_backup === null ? "" : `; written since the copy: ${row.since_backup}`}`);
console.log(`${report.at}, commit ${report.commit}, ${report.machine}, load ${report.load.toFixed(1)}\n`);
console.log("| what goes wrong | rounds | acknowledged | lost of it | half are back after | all are back after |");
console.log("|---|---|---|---|---|---|");
for (const row of rows) {
  console.log(`| ${row.what} | ${row.rounds} | ${row.acked} | ${lost(row)} | ${row.back_p50_s} s | ${row.back_max_s} s |`);
}
const bad = rows.filter((row) => !row.kept);
for (const row of bad) console.error(`promise broken: ${row.name}: ${JSON.stringify(row)}`);
process.exit(bad.length > 0 ? 1 : 0);
END
exit "$failed"
