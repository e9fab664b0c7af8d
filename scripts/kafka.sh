#!/usr/bin/env bash
# Gets a Kafka broker and Flink's connector for it from Maven, if they are not there yet. Prints the folder: the broker's libraries are in broker, the connector is in flink.
# YINGDA_KAFKA_HOME names a different folder than ~/.cache/yingda/kafka.
set -euo pipefail
cd "$(dirname "$0")/.."
home="${YINGDA_KAFKA_HOME:-$HOME/.cache/yingda/kafka}"
mkdir -p "$home"
# One at a time: two runs would write the same files.
exec 9>"$home/.lock"
flock 9
wanted="$(sha256sum <deploy/kafka/pom.xml)"
if [ "$(cat "$home/.pom" 2>/dev/null)" != "$wanted" ]; then
  command -v mvn >/dev/null || scripts/install.sh maven >&2
  echo "== Kafka from Maven, about 55 MB" >&2
  rm -rf "$home/broker" "$home/flink" "$home/.pom"
  copy() { mvn -q -B -f deploy/kafka/pom.xml dependency:copy-dependencies -DincludeScope=runtime "$@" >&2; }
  copy -DoutputDirectory="$home/broker" -DexcludeGroupIds=org.apache.flink
  copy -DoutputDirectory="$home/flink" -DincludeGroupIds=org.apache.flink
  echo "$wanted" >"$home/.pom"
fi
echo "$home"
