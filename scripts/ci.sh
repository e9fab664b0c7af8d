#!/usr/bin/env bash
# Runs what CI runs, as CI does: .ci/run in a fresh clone of what is committed, without the settings of whoever calls. Refuses if something is not committed.
# Prints the end of the run, how long it took, and where its whole output is. If it passed, the id of the head is written into `ci-passed` in git's folder.
set -uo pipefail
cd "$(dirname "$0")/.." || exit 1
changes="$(git status --porcelain)" || exit 1
if [ -n "$changes" ]; then
  printf '%s\n' "$changes" >&2
  echo "commit, stash or ignore these first: CI runs what is committed" >&2
  exit 1
fi
head="$(git rev-parse HEAD)"
common="$(cd "$(git rev-parse --git-common-dir)" && pwd)"
work="$(mktemp -d)" || exit 1
log="$(mktemp "${TMPDIR:-/tmp}/ci.XXXXXX.log")" || exit 1
running=
cleanup() {
  trap - EXIT INT TERM
  if [ -n "$running" ]; then kill "$running" 2>/dev/null && wait "$running"; fi
  rm -rf "$work"
}
trap 'cleanup; exit 1' INT TERM
trap cleanup EXIT
chmod 755 "$work"
git clone --quiet --no-local . "$work/clone" && git -C "$work/clone" checkout --quiet --detach "$head" || exit 1

mine=(CARGO_TARGET_DIR CARGO_INCREMENTAL RUSTFLAGS RUSTC_WORKSPACE_WRAPPER CLIPPY_ARGS MAKEFLAGS MAKELEVEL MFLAGS ALL PAGES SLOWNESS SLOW WORKERS BUILD_CACHE_TAKEN)
while read -r name; do mine+=("$name"); done < <(compgen -e | grep '^YINGDA_')
echo "running .ci/run on ${head:0:12} in $work/clone; its output: $log"
from=$SECONDS
env "${mine[@]/#/-u}" CI=true bash "$work/clone/.ci/run" </dev/null >"$log" 2>&1 &
running=$!
wait "$running"
status=$?
running=
# What it cost, what failed, and the sum.
sed -n '/^   CPU s   wall s$/,$p' "$log"
minutes="$(awk -v took=$((SECONDS - from)) 'BEGIN { printf "%.1f", took / 60 }')"
cpu="$(awk '/ all of it$/ { print $1 }' "$log" | tail -1)"
echo "${head:0:12}: status $status after $minutes minutes, ${cpu:-unknown} CPU seconds; the whole output: $log"
if [ "$status" -eq 0 ]; then echo "$head" >"$common/ci-passed"; fi
exit "$status"
