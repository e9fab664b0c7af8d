#!/usr/bin/env bash
# Runs what must pass: test.sh [all]. Installs missing packages, starts a PostgreSQL of its own, and stops what it started.
# Without `all` it is the gate, the same tests each time; with `all`, that and everything else (test-all.json, the stories without @must, and the steps below).
# A Rust test, web test or story that fails is run again, alone, up to twice after the others; what passes then is named as unsteady.
# Reports what each step cost, and what was slowest. The last line is "N passed, N failed"; the exit status is 0 only if nothing failed.
set -uo pipefail
cd "$(dirname "$0")/.."
. scripts/build-mode.sh
group=
work="$(mktemp -d)" || exit 1
# The tests' records are stored in memory if there is room: a file system would be half of their cost. Those of the fault campaign stay on the disk.
memory="$work"
room() { [ "$(df --output=avail -k /dev/shm 2>/dev/null | tail -1)" -gt 4000000 ] && [ "$(awk '/^MemAvailable/ { print $2 }' /proc/meminfo)" -gt 8000000 ]; } 2>/dev/null
for left in /dev/shm/yingda-test.*; do # of runs that were killed
  pid="${left#*test.}"
  if [ -O "$left" ] && ! kill -0 "${pid%%.*}" 2>/dev/null; then rm -rf "$left"; fi
done
if room; then memory="$(mktemp -d "/dev/shm/yingda-test.$$.XXXXXX")" || memory="$work"; fi
chmod 755 "$work" "$memory"
mkdir "$work/disk" "$memory/tmp"
export TMPDIR="$memory/tmp" DISK_TMPDIR="$work/disk"
case "${1:-}" in "" | all) which="${1:-}" ;; *) echo "usage: scripts/test.sh [all]" >&2; exit 2 ;; esac
# Some tests try more when everything is run.
if [ -n "$which" ]; then export ALL=1; else unset ALL; fi
declare -A passes=() fails=() # what passed and failed, by step
steps=()
postmaster=
declare -A lanes=()

cleanup() {
  for lane in "${lanes[@]}"; do kill -- "-$lane" 2>/dev/null; done
  if [ -e "$memory/postgres/data/postmaster.pid" ]; then scripts/postgres.sh stop "$memory/postgres" || true; fi
  rm -rf "$work" "$memory"
  if [ -n "$group" ]; then echo $$ >"$(dirname "$group")/cgroup.procs" && rmdir "$group"/*/ "$group"; fi 2>/dev/null
}
trap cleanup EXIT

count() { # name passed failed
  passes[$1]=$((${passes[$1]:-0} + $2))
  fails[$1]=$((${fails[$1]:-0} + $3))
}

# A control group of its own, if one can be created: it also counts processes that have no parent in the end, such as a browser's.
for folder in "/sys/fs/cgroup/cpuacct$(awk -F: '$2 ~ /cpuacct/ { print $3 }' /proc/self/cgroup)" "/sys/fs/cgroup$(awk -F: '$1 == 0 { print $3 }' /proc/self/cgroup)"; do
  if [ -e "$folder/cgroup.procs" ] && mkdir "$folder/test-$$" 2>/dev/null; then
    if [ -e "$folder/test-$$/cpuacct.usage" ] || [ -e "$folder/test-$$/cpu.stat" ] && echo $$ >"$folder/test-$$/cgroup.procs"; then group="$folder/test-$$"; break; fi
    rmdir "$folder/test-$$"
  fi
done 2>/dev/null

# The CPU time of everything that was started, in hundredths of a second; without a group, that of our children that ended and of PostgreSQL.
spent() {
  if [ -e "$group/cpuacct.usage" ]; then echo $(($(<"$group/cpuacct.usage") / 10000000)); return; fi
  if [ -e "$group/cpu.stat" ]; then awk '$1 == "usage_usec" { print int($2 / 10000) }' "$group/cpu.stat"; return; fi
  local stat all=0
  for pid in $$ $postmaster; do
    read -ra stat <"/proc/$pid/stat" && all=$((all + stat[15] + stat[16]))
  done
  echo "$all"
}

timed() { # name command…
  local name="$1" cpu wall=$EPOCHREALTIME status
  cpu="$(spent)"
  echo "== $name"
  "${@:2}"
  status=$?
  steps+=("$(awk -v name="$name" -v cpu=$(($(spent) - cpu)) -v from="$wall" -v to="$EPOCHREALTIME" 'BEGIN { printf "%8.1f %8.1f  %s", cpu / 100, to - from, name }')")
  return $status
}

step() { # name command…: counts as one test
  if timed "$@"; then count "$1" 1 0; else count "$1" 0 1; fi
}

start_postgres() {
  mkdir "$memory/postgres" && chmod 755 "$memory/postgres" &&
    YINGDA_TEST_DATABASE_URL="$(scripts/postgres.sh start "$memory/postgres")" && export YINGDA_TEST_DATABASE_URL &&
    postmaster="$(head -1 "$memory/postgres/data/postmaster.pid")"
}

packages() { # folder
  (cd "$1" && { [ -d node_modules ] || npm ci --no-audit --no-fund --silent; })
}

counts() { # file passed-expression failed-expression
  node -e 'const r=JSON.parse(require("node:fs").readFileSync(process.argv[1],"utf8"));const f=e=>Number(new Function("r","return "+e)(r))||0;console.log(f(process.argv[2]),f(process.argv[3]))' "$@" 2>/dev/null
}

suite() { # name directory report passed-expression failed-expression command…
  timed "$1" env -C "$2" "${@:6}"
  local status=$? ok=0 bad=0
  read -r ok bad < <(counts "$3" "$4" "$5" || echo "0 0")
  ok="${ok:-0}"; bad="${bad:-0}"
  # A suite that ended with an error, or that ran nothing, has failed.
  if [ "$bad" -eq 0 ] && { [ "$status" -ne 0 ] || [ "$ok" -eq 0 ]; }; then
    count "$1, which ended with status $status and named no test" "$ok" 1
  else
    count "$1" "$ok" "$bad"
  fi
  return $status
}

# Runs a function beside what follows, with a control group of its own. What it counted is taken over by `join`, and its output unless it is read at once.
beside() { # name function [aloud]
  : >"$work/$1.log"
  set -m # a process group of its own, which can be ended
  (
    trap - EXIT
    set +m
    if [ -z "${3:-}" ]; then exec >"$work/$1.log" 2>&1; fi
    if [ -n "$group" ] && mkdir "$group/$1" && echo "$BASHPID" >"$group/$1/cgroup.procs"; then group="$group/$1"; fi 2>/dev/null
    passes=() fails=() steps=()
    "$2"
    {
      for each in "${!passes[@]}"; do printf 'count %s %s %s\n' "${passes[$each]}" "${fails[$each]}" "$each"; done
      for each in ${steps[@]+"${steps[@]}"}; do printf 'step %s\n' "$each"; done
    } >"$work/$1.counts"
  ) &
  lanes[$1]=$!
  set +m
}

join() { # name
  local kind ok failed rest
  wait "${lanes[$1]}"
  unset "lanes[$1]"
  cat "$work/$1.log"
  if [ ! -s "$work/$1.counts" ]; then count "$1, which did not end" 0 1; return; fi
  while IFS= read -r rest; do
    kind="${rest%% *}" rest="${rest#* }"
    if [ "$kind" = step ]; then steps+=("$rest"); continue; fi
    read -r ok failed rest <<<"$rest"
    count "$rest" "$ok" "$failed"
  done <"$work/$1.counts"
}

timed "Debian packages" scripts/install-tools.sh || { echo "0 passed, 1 failed"; exit 1; }
SLOWNESS="${SLOWNESS:-$(node scripts/calibrate.mjs)}"
export SLOWNESS
echo "deadlines are $SLOWNESS times those of a quiet machine"

step "PostgreSQL starts" start_postgres
step "web pages" scripts/web.sh
if [ -n "$which" ]; then
  for peer in socketio ws; do step "npm packages of the bench's peer $peer" packages "bench/peers/$peer"; done
fi

RUST="rust tests and lints, SQLite and PostgreSQL"
WEB="web tests"
STORIES="browser stories"
of_web() {
  step "format and lints of the web pages" npm run -s lint --prefix web
  step "types of the web pages" npm run -s typecheck --prefix web
  suite "$WEB" web "$work/web.json" r.numPassedTests r.numFailedTests \
    npx vitest run --reporter=default --reporter=json --outputFile="$work/web.json"
  step "Python packages for the API document" scripts/api-document.sh tools
  step "API document: valid, and a Python client of it" scripts/api-document.sh document
}
of_rust() {
  step "rust formatting" cargo fmt --all --check
  # The lints run while the tests compile: one pass over the sources for both.
  suite "$RUST" . "$work/rust.json" r.passed r.failed scripts/linted.sh node scripts/rust-tests.mjs "$work/rust.json" $which
  echo $? >"$work/built"
}
# Side by side, as neither keeps both cores busy; each waits longer than alone.
quiet="$SLOWNESS"
SLOWNESS="$(awk -v quiet="$quiet" 'BEGIN { print 2 * quiet }')"
beside rust of_rust aloud
beside web of_web
join web
join rust
SLOWNESS="$quiet"
if [ "$(cat "$work/built")" = 2 ]; then
  count "API document, engines and browser stories, because nothing was built" 0 1
else
  step "npm packages of the browser stories" packages e2e
  target="$(cd "${CARGO_TARGET_DIR:-target}" && pwd)"
  step "SDKs: TypeScript and Python at a running server" env YINGDA_BIN="$target/debug/yingda" scripts/sdk.sh test
  if [ -n "$which" ]; then
    # Each operation in the document counts as a test.
    suite "API document: every operation as six callers" . "$work/api.json" r.passed r.failed \
      env YINGDA_BIN="$target/debug/yingda" scripts/api-document.sh calls "$work/api.json"
    # Fails without Java or Flink, too.
    step "indicators on all engines: reducer, SQLite, PostgreSQL, Flink in batches and over a stream, each killed once" \
      env SEEDS=1 EVENTS=10000 YINGDA_BIN="$target/debug/yingda" scripts/parity.sh
    step "models of sentence embeddings" make -s embed
  fi
  must=(--grep "@must")
  # For `make advice`: which pages they open.
  export VISITED="$target/visited.txt"
  if [ -n "$which" ]; then must=() VISITED=; fi
  if [ -n "$VISITED" ]; then : >"$VISITED"; fi
  suite "$STORIES" e2e "$work/e2e.json" r.stats.expected "r.stats.unexpected+r.stats.flaky" \
    env YINGDA_BIN="$target/debug/yingda" PLAYWRIGHT_JSON_OUTPUT_NAME="$work/e2e.json" npm test -- --reporter=list,json ${must[@]+"${must[@]}"}
fi

# A second chance, told.
try_again() {
  STORIES_BIN="${target:-}/debug/yingda" node scripts/second-chance.mjs "$work/rust.json" "$work/web.json" "$work/e2e.json" \
    "${CARGO_TARGET_DIR:-target}/unsteady.txt" "$work/told" "$work/again"
}
timed "second chances" try_again || count "second chances" 0 1
while read -r line; do
  case "$line" in
    "passed rust") count "$RUST" 1 -1 ;;
    "passed web") count "$WEB" 1 -1 ;;
    "passed e2e") count "$STORIES" 1 -1 ;;
    *) count "too many unsteady tests" 0 1 ;;
  esac
done <"$work/again"

echo
node scripts/costs.mjs "$work/rust.json" "$work/e2e.json" "${CARGO_TARGET_DIR:-target}/test-costs.txt"
echo
echo "   CPU s   wall s"
printf '%s\n' "${steps[@]}"
printf '%8.1f %8.1f  all of it\n' "$(awk -v cpu="$(spent)" 'BEGIN { print cpu / 100 }')" "$SECONDS"
echo "from the build cache: ${BUILD_CACHE_TAKEN:-nothing}"
cat "$work/told"
passed=0
failed=0
for name in "${!passes[@]}"; do
  passed=$((passed + ${passes[$name]}))
  failed=$((failed + ${fails[$name]}))
  if [ "${fails[$name]}" -gt 0 ]; then echo "FAILED $name: ${fails[$name]}"; fi
done
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
