#!/usr/bin/env bash
# Runs a cargo command so that our own crates are linted while they are compiled, with warnings as errors: linted.sh cargo test …
# clippy-driver is the compiler with the lints built in. A separate clippy run would read every source again, including the dependencies.
export RUSTC_WORKSPACE_WRAPPER=clippy-driver CLIPPY_ARGS="-Dwarnings__CLIPPY_HACKERY__"
command -v clippy-driver >/dev/null || { echo "the lints are missing: rustup component add clippy" >&2; exit 1; }
exec "$@"
