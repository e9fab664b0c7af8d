#!/usr/bin/env bash
# Looks for tests that fail by chance: everything that waits, ten times, on a machine that is made slow. Four busy processes run beside it, and the browser
# computes six times slower. A browser made slow waits more than it computes, so many stories run at once. Hours; not in CI. RUNS=1, BUSY=4, SLOW=6,
# WORKERS=8 and ONLY=rust|stories choose otherwise.
set -uo pipefail
cd "$(dirname "$0")/.."
runs="${RUNS:-10}"
export SLOW="${SLOW:-6}" WORKERS="${WORKERS:-$((4 * $(nproc)))}"
work="$(mktemp -d)"
chmod 755 "$work"
mkdir "$work/tmp" "$work/postgres"
chmod 755 "$work/postgres"
busy=()

cleanup() {
  trap - EXIT INT TERM
  for pid in ${busy[@]+"${busy[@]}"}; do kill "$pid" 2>/dev/null; done
  if [ -e "$work/postgres/data/postmaster.pid" ]; then scripts/postgres.sh stop "$work/postgres"; fi
  rm -rf "$work"
}
trap 'cleanup; exit 1' INT TERM
trap cleanup EXIT

YINGDA_TEST_DATABASE_URL="$(scripts/postgres.sh start "$work/postgres")" || exit 1
export YINGDA_TEST_DATABASE_URL TMPDIR="$work/tmp"
scripts/web.sh && scripts/linted.sh cargo test --workspace --no-run || exit 1
(cd e2e && { [ -d node_modules ] || npm ci --no-audit --no-fund --silent; }) || exit 1
target="$(cd "${CARGO_TARGET_DIR:-target}" && pwd)"

for ((n = 0; n < ${BUSY:-4}; n++)); do
  node -e 'for (;;);' &
  busy+=($!)
done
SLOWNESS="$(node scripts/calibrate.mjs)"
export SLOWNESS
echo "deadlines are $SLOWNESS times those of a quiet machine"

failed=0
for ((run = 1; run <= runs; run++)); do
  echo "== run $run of $runs"
  if [ "${ONLY:-rust}" = rust ]; then
    scripts/linted.sh node scripts/rust-tests.mjs "$work/rust.json" >"$work/rust.log" 2>&1 || failed=$((failed + 1))
  fi
  if [ "${ONLY:-stories}" = stories ]; then
    (cd e2e && YINGDA_BIN="$target/debug/yingda" PLAYWRIGHT_JSON_OUTPUT_NAME="$work/e2e.json" npm test -- --reporter=json >/dev/null 2>"$work/e2e.log") || failed=$((failed + 1))
  fi
  node scripts/slowest.mjs "$work/rust.json" "$work/e2e.json"
done
echo "$runs runs, $failed with failures"
[ "$failed" -eq 0 ]
