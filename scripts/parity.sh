#!/usr/bin/env bash
# Computes every indicator on all engines from the same random traffic, and compares all amounts: parity.sh. Each process of Flink is killed once on the way.
# SEEDS=20 and EVENTS=100000 choose the traffic (FROM=11 begins with the eleventh seed), ENGINES the engines, YINGDA_BIN the binary.
# PostgreSQL is that of YINGDA_TEST_DATABASE_URL, or one of its own.
# The last line is "N passed, N failed"; the exit status is 0 only if nothing failed.
set -euo pipefail
cd "$(dirname "$0")/.."
seeds="${SEEDS:-20}"
events="${EVENTS:-100000}"
engines="${ENGINES:-reducer,sql,postgres,flink-batch,flink-stream}"

YINGDA_FLINK_HOME="$(scripts/flink.sh)"
export YINGDA_FLINK_HOME
if [ -z "${YINGDA_BIN:-}" ]; then
  scripts/web.sh
  cargo build --release -p yingda
fi
yingda="${YINGDA_BIN:-${CARGO_TARGET_DIR:-target}/release/yingda}"

work="$(mktemp -d)"
chmod 755 "$work"
cleanup() {
  if [ -e "$work/postgres/data/postmaster.pid" ]; then scripts/postgres.sh stop "$work/postgres" || true; fi
  rm -rf "$work"
}
trap cleanup EXIT
database="${YINGDA_TEST_DATABASE_URL:-}"
if [ -z "$database" ]; then
  ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || command -v initdb >/dev/null || scripts/install.sh postgresql
  mkdir "$work/postgres" && chmod 755 "$work/postgres"
  database="$(scripts/postgres.sh start "$work/postgres")"
fi

passed=0
failed=0
for seed in $(seq "${FROM:-1}" "$seeds"); do
  from=$SECONDS
  if "$yingda" warehouse parity --events "$events" --seed "$seed" --engines "$engines" --database-url "$database" --kill --json; then
    passed=$((passed + 1))
  else
    failed=$((failed + 1))
  fi
  echo "seed $seed: $((SECONDS - from)) s" >&2
done
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
