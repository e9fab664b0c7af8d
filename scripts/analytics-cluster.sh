#!/usr/bin/env bash
# Starts the demo with its numbers computed by Flink behind Kafka: a broker, a job manager, a task manager and the program as local processes in a temporary folder, on
# free ports. Ctrl-C stops everything. PORT=8080 chooses the program's port, YINGDA_BIN a different binary, which has the feature `kafka`.
# With a command as arguments, that runs once everything has started, and all is stopped when it ends. It finds CLUSTER_URL, CLUSTER_DATA (the program's folder),
# CLUSTER_BROKER and CLUSTER_TASK_MANAGER (files with the ids of these processes) in its environment.
set -euo pipefail
cd "$(dirname "$0")/.."

flink_home="$(scripts/flink.sh)"
kafka_home="$(scripts/kafka.sh)"
if [ -z "${YINGDA_BIN:-}" ]; then
  scripts/web.sh
  cargo build -p yingda --features kafka
fi
yingda="${YINGDA_BIN:-${CARGO_TARGET_DIR:-target}/debug/yingda}"
# The server treats every YINGDA_… variable as a setting.
unset YINGDA_BIN

work="$(mktemp -d)"
. scripts/analytics-processes.sh
pids=()
trap 'stop_all; exit 0' INT TERM
trap stop_all EXIT

configure_analytics
echo "Kafka …" >&2
start_broker
pids+=("$started")
echo "$started" >"$work/broker.pid"

export YINGDA_ANALYTICS__ENGINE=kafka YINGDA_ANALYTICS__BROKERS="$brokers"
echo "the program …" >&2
mkfifo "$work/ready"
"$yingda" serve --data "$work/data" --listen "127.0.0.1:${PORT:-0}" --demo >"$work/ready" 2>"$work/yingda.log" &
server=$!
exec 4<"$work/ready"
read -r ready base <&4 || { cat "$work/yingda.log" >&2; exit 1; }
[ "$ready" = ready ]

echo "Flink …" >&2
"$yingda" warehouse flink-job --data "$work/data" >"$work/job.sql"
start_job_manager
pids+=("$started")
start_task_manager
pids+=("$started" "$server")
echo "$started" >"$work/task-manager.pid"

link() { # role
  "$yingda" admin sign-in-link --data "$work/data" --role "$1"
}
if (($#)); then
  env CLUSTER_URL="$base" CLUSTER_DATA="$work/data" CLUSTER_BROKER="$work/broker.pid" CLUSTER_TASK_MANAGER="$work/task-manager.pid" "$@" &
  ends=$!
  pids+=("$ends")
else
  agent="$(link agent)"
  manager="$(link manager)"
  cat <<END

  Customer  $base/
            $base/c/demo  (the chat alone)
  Agent     $agent
  Manager   $manager
  Flink     $flink_page/

  The links sign in once; open each in a browser profile of its own.
  The manager's panels are computed by Flink; the seven days of the demo take it a minute or two.
  Kafka listens on $brokers; logs are in $work. Ctrl-C stops all.

END
  ends=$server
fi
# The task manager is started again when it ends, as systemd would: Flink ends one in which a task cannot be cancelled.
while kill -0 "$ends" 2>/dev/null; do
  sleep 1
  if ! kill -0 "${pids[2]}" 2>/dev/null; then
    start_task_manager
    pids[2]=$started
    echo "$started" >"$work/task-manager.pid"
  fi
done
wait "$ends"
