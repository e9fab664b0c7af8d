#!/usr/bin/env bash
# Looks for tests that fail by chance: runs the Rust tests and then the browser stories, three times on a machine that is slowed down. Four busy processes run
# beside them, and each browser gets a sixth of the processor time (scripts/slowed.sh, which needs root). Not in CI.
# The stories run at hours spread over the day; the first run begins just before midnight of the demo tenant. DAY=2027-02-06 is the day of the first run, a date in
# UTC; it is tomorrow by default. GREP=@must runs only those stories.
# RUNS, BUSY, SLOW, WORKERS and ONLY=rust|stories change these settings; RUN=2 does only the second of the runs, at its hour, for machines that are not free for
# hours. The logs of failed runs are kept in target/soak.
set -uo pipefail
cd "$(dirname "$0")/.." || exit 1
runs="${RUNS:-3}"
only="${ONLY:-}"
first="${RUN:-1}" last="${RUN:-$runs}"
if ! [ "$first" -ge 1 ] 2>/dev/null || ! [ "$last" -le "$runs" ]; then echo "RUN is a number from 1 to $runs, not $RUN" >&2; exit 2; fi
case "$only" in "" | rust | stories) ;; *) echo "ONLY is rust or stories, not $only" >&2; exit 2 ;; esac
# Slowed browsers stand still most of the time, and server tests for much of it: hence more of them than cores.
export SLOW="${SLOW:-6}" WORKERS="${WORKERS:-$((3 * $(nproc)))}"
export RUST_TEST_THREADS="${RUST_TEST_THREADS:-$((2 * $(nproc)))}"
scripts/install-tools.sh || exit 1
if ! first_begin="$(date -ud "15:57 ${DAY:-tomorrow}" +%s)"; then echo "DAY is a date like 2027-02-06, not $DAY" >&2; exit 2; fi
work="$(mktemp -d)" || exit 1
chmod 755 "$work"
mkdir "$work/tmp" "$work/postgres"
chmod 755 "$work/postgres"
busy=() running=

cleanup() {
  trap - EXIT INT TERM
  if [ -n "$running" ]; then kill -- "-$running" 2>/dev/null; fi
  for pid in ${busy[@]+"${busy[@]}"}; do kill "$pid" 2>/dev/null; done
  if [ -e "$work/postgres/data/postmaster.pid" ]; then scripts/postgres.sh stop "$work/postgres"; fi
  rm -rf "$work"
}
trap 'cleanup; exit 1' INT TERM
trap cleanup EXIT

YINGDA_TEST_DATABASE_URL="$(scripts/postgres.sh start "$work/postgres")" || exit 1
export YINGDA_TEST_DATABASE_URL TMPDIR="$work/tmp"
scripts/web.sh && scripts/linted.sh cargo test --workspace --no-run || exit 1
for packages in e2e bench/peers/socketio bench/peers/ws; do
  (cd "$packages" && { [ -d node_modules ] || npm ci --no-audit --no-fund --silent; }) || exit 1
done
target="$(cd "${CARGO_TARGET_DIR:-target}" && pwd)"
kept="$target/soak/$(date +%F-%H%M%S)"

# Each of these processes ends with this script, however the script ends.
for ((n = 0; n < ${BUSY:-4}; n++)); do
  node -e 'for (;;) { for (const end = Date.now() + 5000; Date.now() < end; ); try { process.kill(Number(process.argv[1]), 0); } catch { process.exit(); } }' $$ &
  busy+=($!)
done
SLOWNESS="$(node scripts/calibrate.mjs)"
export SLOWNESS
echo "deadlines are $SLOWNESS times those of a quiet machine, times $SLOW in the browser"

rust() { # folder
  scripts/linted.sh node scripts/rust-tests.mjs "$1/rust.json" >"$1/rust.log" 2>&1
}

# By how many seconds the clock is moved for the stories of a run: they are evenly spread over a day, from 23:57 in Asia/Shanghai.
moved_by() { # run
  echo $((first_begin + ($1 - 1) * 86400 / runs - $(date +%s)))
}

# The clock of the stories, of the servers and of the browsers.
stories() { # folder run
  (cd e2e && YINGDA_BIN="$target/debug/yingda" PLAYWRIGHT_JSON_OUTPUT_NAME="$1/e2e.json" LD_PRELOAD="$work/moved-clock.so" CLOCK_MOVED_BY="$(moved_by "$2")" \
    npm test -- --reporter=list,json --output="$1/results" ${GREP:+--grep "$GREP"}) >"$1/stories.log" 2>&1
}
cc -shared -fPIC -O2 -o "$work/moved-clock.so" scripts/moved-clock.c || exit 1

set -m # each part is a group of processes, which ends as one
failed=0
for ((run = first; run <= last; run++)); do
  echo "== run $run of $runs"
  folder="$kept/$run"
  mkdir -p "$folder"
  good=1
  # One after the other: side by side they starve each other, and a story takes ten minutes.
  for part in rust stories; do
    if [ "${only:-$part}" = "$part" ]; then
      "$part" "$folder" "$run" </dev/null & running=$!
      wait "$running" || good=0
      running=
    fi
  done
  node scripts/costs.mjs "$folder/rust.json" "$folder/e2e.json" "$folder/costs.txt"
  node scripts/failures.mjs "$folder/rust.json" "$folder/web.json" "$folder/e2e.json"
  if [ "$good" = 1 ]; then rm -rf "$folder"; else
    failed=$((failed + 1))
    echo "failed; see $folder"
  fi
done
echo "$((last - first + 1)) of $runs runs, $failed with failures"
[ "$failed" -eq 0 ]
