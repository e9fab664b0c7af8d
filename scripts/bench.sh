#!/usr/bin/env bash
# Measures the promises on this machine. Needs `make build`; prints one JSON object a line.
set -euo pipefail
cd "$(dirname "$0")/.."
bench="${CARGO_TARGET_DIR:-target}/release/yingda-bench"
"$bench" messages --engine sqlite --pairs 200 --in-flight 32 --seconds 15 --json
"$bench" idle --connections 5000 --json
"$bench" faults --engine sqlite --nodes 1 --fault kill --rounds 30 --json
