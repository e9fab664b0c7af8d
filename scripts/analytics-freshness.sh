#!/usr/bin/env bash
# Measures how fresh the live panel is if Flink computes its numbers behind Kafka: analytics-freshness.sh. A broker, a job manager, a task manager and a server of
# its own are started in a temporary folder, on free ports, and stopped at the end.
# RATE=50 messages a second for LASTING=30 seconds, seen by VIEWERS=20 viewers. YINGDA_BIN is a binary with the feature `kafka`, YINGDA_BENCH_BIN the benchmark.
# The last line is what yingda-bench measured, as JSON.
set -euo pipefail
cd "$(dirname "$0")/.."

flink_home="$(scripts/flink.sh)"
kafka_home="$(scripts/kafka.sh)"
yingda="${YINGDA_BIN:-}"
bench="${YINGDA_BENCH_BIN:-}"
if [ -z "$yingda" ] || [ -z "$bench" ]; then
  scripts/web.sh
  cargo build --release -p yingda --features kafka
  cargo build --release -p bench
  yingda="${CARGO_TARGET_DIR:-target}/release/yingda"
  bench="${CARGO_TARGET_DIR:-target}/release/yingda-bench"
fi
# The server treats every YINGDA_… variable as a setting.
unset YINGDA_BIN YINGDA_BENCH_BIN

work="$(mktemp -d)"
. scripts/analytics-processes.sh
pids=()
trap 'stop_all; exit 1' INT TERM
trap stop_all EXIT

configure_analytics
start_broker
pids+=("$started")

export YINGDA_ANALYTICS__ENGINE=kafka YINGDA_ANALYTICS__BROKERS="$brokers"
"$bench" freshness --server "$yingda" --source messages --rate "${RATE:-50}" --seconds "${LASTING:-30}" --viewers "${VIEWERS:-20}" \
  --tell "$work/data" --patience 600 --json &
measuring=$!
pids+=("$measuring")
until [ -s "$work/data" ]; do
  kill -0 "$measuring" 2>/dev/null || wait "$measuring"
  sleep 0.2
done
"$yingda" warehouse flink-job --data "$(cat "$work/data")" >"$work/job.sql"
start_job_manager
pids+=("$started")
start_task_manager
pids+=("$started")
wait "$measuring"
