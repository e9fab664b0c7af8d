# Functions that start Kafka and Flink as processes on the loopback address, for scripts that source this. Each leaves the id of its process in `started`.
# `work` is a folder for their files, `kafka_home` and `flink_home` are the folders that scripts/kafka.sh and scripts/flink.sh print.

. scripts/ports.sh

# Writes what the processes are configured with; sets `brokers` and `flink_page`.
configure_analytics() {
  local port controller
  port="$(free_port)" controller="$(free_port)" rpc="$(free_port)" rest="$(free_port)"
  brokers="127.0.0.1:$port"
  flink_page="http://127.0.0.1:$rest"
  mkdir -p "$work/kafka" "$work/flink/conf" "$work/flink/checkpoints" "$work/tmp"
  cat >"$work/kafka/server.properties" <<END
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:$controller
controller.listener.names=CONTROLLER
listeners=PLAINTEXT://127.0.0.1:$port,CONTROLLER://127.0.0.1:$controller
advertised.listeners=PLAINTEXT://127.0.0.1:$port
log.dirs=$work/kafka/data
default.replication.factor=1
offsets.topic.replication.factor=1
offsets.topic.num.partitions=1
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
transaction.state.log.num.partitions=1
group.initial.rebalance.delay.ms=0
auto.create.topics.enable=false
num.network.threads=2
num.io.threads=2
log.cleaner.dedupe.buffer.size=16777216
END
  cat >"$work/flink/conf/config.yaml" <<END
jobmanager.rpc.address: 127.0.0.1
jobmanager.rpc.port: $rpc
jobmanager.bind-host: 127.0.0.1
rest.address: 127.0.0.1
rest.bind-address: 127.0.0.1
rest.port: $rest
taskmanager.host: 127.0.0.1
taskmanager.bind-host: 127.0.0.1
taskmanager.numberOfTaskSlots: 1
taskmanager.cpu.cores: 1.0
taskmanager.memory.task.heap.size: 512m
taskmanager.memory.task.off-heap.size: 32m
taskmanager.memory.network.min: 128m
taskmanager.memory.network.max: 128m
taskmanager.memory.managed.size: 512m
taskmanager.memory.framework.heap.size: 128m
taskmanager.memory.framework.off-heap.size: 64m
taskmanager.memory.jvm-metaspace.size: 256m
taskmanager.memory.jvm-overhead.min: 64m
taskmanager.memory.jvm-overhead.max: 64m
io.tmp.dirs: $work/tmp
heartbeat.interval: 1000
heartbeat.timeout: 30000
pekko.ask.timeout: 60 s
END
  cat deploy/flink/config.yaml >>"$work/flink/conf/config.yaml"
  echo "execution.checkpointing.dir: file://$work/flink/checkpoints" >>"$work/flink/conf/config.yaml"
}

# A Java process: MEMORY CLASSPATH LOG CLASS ARGUMENTS…
start_java() {
  local memory="$1" path="$2" log="$3" opens=() package
  shift 3
  for package in java.lang java.util java.time java.nio java.net java.util.concurrent; do opens+=("--add-opens=java.base/$package=ALL-UNNAMED"); done
  java "-Xmx$memory" -XX:+UseSerialGC -XX:TieredStopAtLevel="${TIERED:-1}" -Djava.io.tmpdir="$work/tmp" "${opens[@]}" -cp "$path" "$@" >>"$log" 2>&1 &
  started=$!
}

start_broker() {
  if [ ! -e "$work/kafka/data/meta.properties" ]; then
    java -Xmx128m -XX:TieredStopAtLevel=1 -Djava.io.tmpdir="$work/tmp" -cp "$kafka_home/broker/*" kafka.tools.StorageTool format \
      --cluster-id eWluZ2RhLWFuYWx5dGljcw \
      --config "$work/kafka/server.properties" >>"$work/kafka/log" 2>&1
  fi
  start_java 320m "$kafka_home/broker/*" "$work/kafka/log" kafka.Kafka "$work/kafka/server.properties"
}

# The newest complete checkpoint, if there is one.
checkpoint() {
  local found
  found="$(ls -t "$work"/flink/checkpoints/*/chk-*/_metadata 2>/dev/null | head -1)" || true
  [ -z "$found" ] || dirname "$found"
}

# The job of the script in $work/job.sql, from the newest checkpoint.
start_job_manager() {
  local options=() from
  from="$(checkpoint)"
  [ -z "$from" ] || options+=("-Dexecution.state-recovery.path=file://$from")
  start_java 300m "$flink_home/lib/*:$flink_home/usrlib/*:$kafka_home/flink/*" "$work/flink/job-manager.log" \
    org.apache.flink.container.entrypoint.StandaloneApplicationClusterEntryPoint --configDir "$work/flink/conf" \
    --job-classname yingda.flink.SqlRunner ${options[@]+"${options[@]}"} "$work/job.sql"
}

start_task_manager() {
  start_java 1024m "$flink_home/lib/*:$flink_home/usrlib/*:$kafka_home/flink/*" "$work/flink/task-manager.log" \
    org.apache.flink.runtime.taskexecutor.TaskManagerRunner --configDir "$work/flink/conf"
}

# Ends the processes of the list `pids`, the last one first, as it closes what it has opened, and removes `work`.
stop_all() {
  trap - INT TERM EXIT
  local n
  for ((n = ${#pids[@]} - 1; n >= 0; n--)); do
    kill "${pids[n]}" 2>/dev/null || true
    wait "${pids[n]}" 2>/dev/null || true
  done
  rm -rf "$work"
}
