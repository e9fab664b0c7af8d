#!/usr/bin/env bash
# Everything that must hold. Installs what is missing, starts a PostgreSQL of its own, stops what it started.
# The last line is "N passed, N failed"; the exit status is 0 only if nothing failed.
set -uo pipefail
cd "$(dirname "$0")/.."
work="$(mktemp -d)"
passed=0
failed=0
failures=()

cleanup() {
  if [ -e "$work/postgres/data/postmaster.pid" ]; then scripts/postgres.sh stop "$work/postgres" || true; fi
  rm -rf "$work"
}
trap cleanup EXIT

count() { # name passed failed
  passed=$((passed + $2))
  failed=$((failed + $3))
  if [ "$3" -gt 0 ]; then failures+=("$1: $3"); fi
}

step() { # name command…: counts as one test
  echo "== $1"
  if "${@:2}"; then count "$1" 1 0; else count "$1" 0 1; fi
}

install_missing() {
  local missing=()
  ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || command -v initdb >/dev/null || missing+=(postgresql)
  command -v redis-server >/dev/null || missing+=(redis-server)
  command -v chromium >/dev/null || missing+=(chromium)
  ls /usr/share/fonts/opentype/noto/NotoSansCJK* >/dev/null 2>&1 || missing+=(fonts-noto-cjk)
  command -v node >/dev/null || missing+=(nodejs npm)
  command -v cc >/dev/null || missing+=(build-essential)
  scripts/install.sh ${missing[@]+"${missing[@]}"}
}

rust_tests() {
  echo "== rust tests, SQLite and PostgreSQL"
  cargo test --workspace --lib --bins --tests --no-fail-fast 2>&1 | tee "$work/rust.log"
  local status=${PIPESTATUS[0]} ok bad
  ok="$(awk '/^test result:/ { n += $4 } END { print n + 0 }' "$work/rust.log")"
  bad="$(awk '/^test result:/ { n += $6 } END { print n + 0 }' "$work/rust.log")"
  if [ "$status" -ne 0 ] && [ "$bad" -eq 0 ]; then bad=1; fi
  count "rust tests" "$ok" "$bad"
}

json_counts() { # file passed-expression failed-expression
  node -e 'const r=JSON.parse(require("node:fs").readFileSync(process.argv[1],"utf8"));const f=e=>Number(new Function("r","return "+e)(r))||0;console.log(f(process.argv[2]),f(process.argv[3]))' "$@" 2>/dev/null
}

suite() { # name directory report passed-expression failed-expression command…
  echo "== $1"
  (cd "$2" && "${@:6}")
  local status=$? ok=0 bad=0
  read -r ok bad < <(json_counts "$3" "$4" "$5" || echo "0 0")
  ok="${ok:-0}"; bad="${bad:-0}"
  if [ "$status" -ne 0 ] && [ "$bad" -eq 0 ]; then bad=1; fi
  count "$1" "$ok" "$bad"
}

install_missing || { echo "0 passed, 1 failed"; exit 1; }

mkdir "$work/postgres"
chmod 755 "$work"
if YINGDA_TEST_DATABASE_URL="$(scripts/postgres.sh start "$work/postgres")"; then
  export YINGDA_TEST_DATABASE_URL
  count postgresql 1 0
else
  count "PostgreSQL did not start" 0 1
fi

step "web pages build" scripts/web.sh
step "binary for the tests of the bench" cargo build -q -p yingda
for peer in socketio ws; do
  step "bench peer $peer" bash -c "cd bench/peers/$peer && { [ -d node_modules ] || npm ci --no-audit --no-fund --silent; }"
done
step "rust formatting" cargo fmt --all --check
step "rust lints" cargo clippy --workspace --all-targets --quiet -- -D warnings
rust_tests
step "types of the web pages" npm run -s typecheck --prefix web
suite "web tests" web "$work/web.json" r.numPassedTests r.numFailedTests \
  npx vitest run --reporter=default --reporter=json --outputFile="$work/web.json"
if [ -f e2e/playwright.config.ts ]; then
  step "binary for the browser stories" cargo build -q -p yingda
  step "browser packages" bash -c 'cd e2e && { [ -d node_modules ] || npm ci --no-audit --no-fund --silent; }'
  target="$(cd "${CARGO_TARGET_DIR:-target}" && pwd)"
  suite "browser stories" e2e "$work/e2e.json" r.stats.expected "r.stats.unexpected+r.stats.flaky" \
    env YINGDA_BIN="$target/debug/yingda" PLAYWRIGHT_JSON_OUTPUT_NAME="$work/e2e.json" npm test -- --reporter=list,json
fi

for failure in ${failures[@]+"${failures[@]}"}; do echo "FAILED $failure"; done
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
