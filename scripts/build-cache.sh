#!/usr/bin/env bash
# Dependencies that were built before, kept outside the clone, so that a fresh clone need not build them: build-cache.sh restore | save.
#
# They lie under ${BUILD_CACHE:-~/.cache/yingda/build}, a folder for each lock file, toolchain and set of manifests; the three that were used last are kept.
# Only what crates.io's packages were built into is kept, nothing of ours. A folder that is not whole, or not ours, is thrown away with a line, and everything is built.
# Nothing here fails a run: without a cache the same is built in a longer time.
set -uo pipefail
cd "$(dirname "$0")/.."

cache="${BUILD_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/yingda/build}"
target="${CARGO_TARGET_DIR:-target}/debug"
keep=3

key="$({ rustc -vV; echo "${RUSTFLAGS:-}"; cat Cargo.lock Cargo.toml crates/*/Cargo.toml; } | sha256sum | cut -c1-16)"
entry="$cache/$key"

say() { echo "$*"; }

# One line a file: checksum, size, name.
sums() { (cd "$1" && find . -type f ! -path ./SUMS -print0 | sort -z | xargs -0 -r cksum); }

ours() { sed -n 's/^name = "\(.*\)"/\1/p' crates/*/Cargo.toml; }

is_whole() { # folder
  [ -d "$1" ] && [ ! -L "$1" ] && [ -O "$1" ] && [ -s "$1/SUMS" ] && sums "$1" | cmp -s - "$1/SUMS"
}

restore() {
  if [ -d "$target/.fingerprint" ]; then say "not needed, something is built here"; return; fi
  if [ ! -e "$entry" ]; then say "nothing for this lock file and toolchain yet"; return; fi
  if ! is_whole "$entry"; then
    say "$entry is broken or somebody else's: thrown away, everything is built"
    rm -rf "$entry"
    return
  fi
  mkdir -p "$(dirname "$target")"
  if cp -a "$entry/debug" "$target.new.$$" && mv -T "$target.new.$$" "$target"; then
    touch "$entry"
    say "took $(find "$target/.fingerprint" -mindepth 1 -maxdepth 1 | wc -l) built parts, $(du -sh "$target" | cut -f1)"
  else
    rm -rf "$target.new.$$"
    say "could not be copied (is the disk full?): everything is built"
  fi
}

# Copies the units of foreign packages: what cargo knows of each under its name and hash.
foreign() { # to
  local name unit hash
  declare -A skip
  while read -r name; do skip[$name]=1; done < <(ours)
  mkdir -p "$1/debug/.fingerprint" "$1/debug/build" "$1/debug/deps" || return
  for unit in "$target"/.fingerprint/*/; do
    unit="$(basename "$unit")"
    hash="${unit##*-}"
    [ -n "${skip[${unit%-*}]:-}" ] && continue
    cp -a "$target/.fingerprint/$unit" "$1/debug/.fingerprint/" || return
    if [ -d "$target/build/$unit" ]; then cp -a "$target/build/$unit" "$1/debug/build/" || return; fi
    for file in "$target"/deps/*-"$hash"[.]*; do
      if [ -f "$file" ]; then cp -a "$file" "$1/debug/deps/" || return; fi
    done
  done
}

save() {
  local new="$cache/new.$$" old
  if [ -e "$entry" ]; then say "holds these already"; return; fi
  if [ ! -d "$target/.fingerprint" ]; then return; fi
  if mkdir -p "$cache" && foreign "$new" && sums "$new" >"$new.sums" && mv "$new.sums" "$new/SUMS" && mv -T "$new" "$entry" 2>/dev/null; then
    say "kept $(du -sh "$entry" | cut -f1) in $entry"
  else
    rm -rf "$new" "$new.sums"
    say "nothing was kept (is the disk full, or was another run faster?)"
  fi
  # What was left behind by a run that was killed, and what was not used for longest.
  find "$cache" -mindepth 1 -maxdepth 1 -name 'new.*' -mmin +120 -exec rm -rf {} +
  find "$cache" -mindepth 1 -maxdepth 1 -type d ! -name 'new.*' -printf '%T@ %p\n' | sort -rn | tail -n +$((keep + 1)) | cut -d' ' -f2- | while read -r old; do
    rm -rf "$old"
  done
}

case "${1:-}" in
  restore | save) "$1" ;;
  *)
    echo "usage: scripts/build-cache.sh restore|save" >&2
    exit 2
    ;;
esac
exit 0
