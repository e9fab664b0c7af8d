#!/usr/bin/env bash
# Measures the performance promises on this machine. Needs `make build`; prints one line of JSON for each case.
# BENCH_RUNS=5 runs each case five times and prints medians and ranges; BENCH_ONLY='idle|abuse' runs only the cases whose name matches.
set -uo pipefail
cd "$(dirname "$0")/.."
bench="${CARGO_TARGET_DIR:-target}/release/yingda-bench"
runs="${BENCH_RUNS:-1}"
only="${BENCH_ONLY:-.}"
lines="$(mktemp)"
trap 'rm -f "$lines"' EXIT
failed=0

measure() { # name command…
  [[ "$1" =~ $only ]] || return 0
  : >"$lines"
  for ((run = 1; run <= runs; run++)); do
    echo "== $1, run $run of $runs: yingda-bench ${*:2} --json" >&2
    "$bench" "${@:2}" --json | tail -1 >>"$lines" || failed=1
  done
  if [ -s "$lines" ]; then node bench/medians.js "$1" "$lines" || failed=1; fi
}

for peer in socketio ws; do
  [ -d "bench/peers/$peer/node_modules" ] || (cd "bench/peers/$peer" && npm ci --no-audit --no-fund --silent) || exit 1
done

# W1, W7: memory.
for transport in ws sse poll; do
  measure "idle-$transport" idle --connections 15000 --transport "$transport"
done
measure idle-beside-socketio idle --connections 10000 --peer socketio
measure idle-beside-ws idle --connections 10000 --peer ws
# W2: as fast as the answers arrive.
for engine in sqlite postgres; do
  measure "messages-100x1-$engine" messages --engine "$engine" --pairs 100 --seconds 15
  measure "messages-1000x1-$engine" messages --engine "$engine" --pairs 1000 --seconds 15
  measure "messages-200x32-$engine-beside-socketio" messages --engine "$engine" --pairs 200 --in-flight 32 --seconds 15 --peer socketio
done
measure messages-200x32-sqlite-beside-ws messages --pairs 200 --in-flight 32 --seconds 15 --peer ws
measure messages-200x32-sqlite-in-use messages --pairs 200 --in-flight 32 --seconds 15 --conversations 100000 --stored 5000000
# W3: paced.
for rate in 500 2000 5000; do
  measure "messages-paced-$rate" messages --pairs 1000 --in-flight 4 --paced "$rate" --seconds 60
done
# W4
measure broadcast broadcast --connections 10000
# W5
measure faults-kill faults --engine sqlite --nodes 1 --fault kill --rounds 30
# W6
measure reconnect reconnect --connections 10000
measure reconnect-by-back-off reconnect --connections 10000 --notices 0
# RFC 6455, frame by frame.
measure conformance conformance
# W8
measure resume resume --connections 10000 --missed 50
# Bad input; the command takes medians of five rounds itself.
measure abuse abuse
# Guessed passwords: memory, and whether anybody is locked out.
measure signins signins --tries 1000
exit "$failed"
