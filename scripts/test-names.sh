#!/usr/bin/env bash
# Prints the name of each test that `make test` runs, without running any: Rust programs, web tests, and stories marked @must.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/build-mode.sh
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
scripts/web.sh >&2
(cd e2e && { [ -d node_modules ] || npm ci --no-audit --no-fund --silent; })
scripts/linted.sh node scripts/rust-tests.mjs "$work/rust.json" list
(cd web && npx vitest list) | LC_ALL=C sort
(cd e2e && npx playwright test --list --grep "@must")
