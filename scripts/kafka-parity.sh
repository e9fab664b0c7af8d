#!/usr/bin/env bash
# Computes every indicator behind Kafka and Flink, and on the reducer and SQLite, from the same random traffic, and compares all amounts: kafka-parity.sh.
# On the way the relay, the broker, the task manager and the job manager are killed (kill -9) in turn, POINTS times in all, and started again.
# The kills are spread over the time that handing over takes at this RATE.
# EVENTS=10000, SEED=1 and RATE=0 (facts handed over in a second; 0: at once) choose the traffic, YINGDA_BIN a binary with the feature `kafka`.
# The last line is "N passed, N failed"; the exit status is 0 only if nothing failed.
set -euo pipefail
cd "$(dirname "$0")/.."
events="${EVENTS:-10000}"
seed="${SEED:-1}"
points="${POINTS:-3}"
rate="${RATE:-0}"

flink_home="$(scripts/flink.sh)"
kafka_home="$(scripts/kafka.sh)"
yingda="${YINGDA_BIN:-}"
if [ -z "$yingda" ]; then
  cargo build -p yingda --features kafka
  yingda="${CARGO_TARGET_DIR:-target}/debug/yingda"
fi
unset YINGDA_BIN

work="$(mktemp -d)"
. scripts/analytics-processes.sh
declare -A pids=()
cleanup() {
  for pid in "${pids[@]}"; do kill -9 "$pid" 2>/dev/null || true; done
  for pid in "${pids[@]}"; do wait "$pid" 2>/dev/null || true; done
  if [ -n "${KEEP:-}" ]; then echo "kept: $work" >&2; else rm -rf "$work"; fi
}
trap cleanup EXIT
trap 'exit 1' INT TERM

configure_analytics
generation="$(python3 -c 'import uuid; print(uuid.uuid4())')"
"$yingda" warehouse flink-job --brokers "$brokers" --generation "$generation" >"$work/job.sql"

start_relay() {
  "$yingda" warehouse parity --events "$events" --seed "$seed" --rate "$rate" --engines kafka,reducer,sql --brokers "$brokers" --generation "$generation" \
    --folder "$work/edition" --json >>"$work/result" 2>>"$work/relay.log" &
  started=$!
}
again() { # NAME
  case "$1" in
    relay) start_relay ;;
    broker) start_broker ;;
    job-manager) start_job_manager ;;
    task-manager) start_task_manager ;;
  esac
  pids[$1]=$started
}

# Starts again what has ended by itself, as systemd would: Flink ends a task manager in which a task cannot be cancelled.
watch() {
  local name
  for name in broker job-manager task-manager; do
    kill -0 "${pids[$name]}" 2>/dev/null || { echo "$((SECONDS - from)) s: the $name has ended, and starts again" >&2; again "$name"; }
  done
}

from=$SECONDS
for name in broker relay job-manager task-manager; do again "$name"; done
victims=(relay broker task-manager job-manager)
killed=0
# The longest wait before a kill, in tenths of a second; half of it on average.
longest=40
[ "$rate" -eq 0 ] || longest=$((20 * events / rate / (points + 1)))
[ "$longest" -gt 10 ] || longest=10
for n in $(seq "$points"); do
  # Nothing is killed before the first checkpoint: until then there is nothing to go on from.
  while [ -z "$(checkpoint)" ] && kill -0 "${pids[relay]}" 2>/dev/null; do sleep 0.2; watch; done
  pause=$((RANDOM % longest))
  sleep "$((pause / 10)).$((pause % 10))"
  kill -0 "${pids[relay]}" 2>/dev/null || break
  victim="${victims[$(((n - 1) % ${#victims[@]}))]}"
  # a task manager may have ended by itself
  kill -9 "${pids[$victim]}" 2>/dev/null || true
  wait "${pids[$victim]}" 2>/dev/null || true
  again "$victim"
  killed=$((killed + 1))
  echo "$((SECONDS - from)) s: killed the $victim" >&2
done
while kill -0 "${pids[relay]}" 2>/dev/null; do sleep 0.5; watch; done
failed=0
wait "${pids[relay]}" || failed=1
unset "pids[relay]"
[ "$killed" -eq "$points" ] || { echo "everything was counted after $killed of $points kills: use more EVENTS, or a lower RATE" >&2; failed=1; }
cat "$work/result"
if [ "$failed" -ne 0 ]; then tail -5 "$work/relay.log" "$work/kafka/log" "$work/flink/job-manager.log" "$work/flink/task-manager.log" >&2; fi
cpu() { awk '{ print int(($14 + $15) / 100) }' "/proc/$1/stat" 2>/dev/null || echo 0; }
echo "$events facts, $killed kills, $((SECONDS - from)) s; CPU seconds of the last processes: broker $(cpu "${pids[broker]}"), job manager $(cpu "${pids[job-manager]}"), task manager $(cpu "${pids[task-manager]}")" >&2
echo "$((1 - failed)) passed, $failed failed"
[ "$failed" -eq 0 ]
