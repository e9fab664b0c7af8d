#!/usr/bin/env bash
# Keeps built dependencies outside the clone, so that a fresh clone need not build them: build-cache.sh restore | save.
#
# They are in folders under ${BUILD_CACHE:-~/.cache/yingda}/build, one per toolchain, lock file and set of manifests; the three used last are kept.
# Where there is none for these manifests, the newest one of the same toolchain is taken: cargo builds again what has changed, and the rest is there.
# Only the output of packages from crates.io is kept, nothing of ours. An incomplete or foreign entry is deleted with a message, and everything is built.
# Nothing here makes a run fail: without a cache, the same build only takes longer.
set -uo pipefail
cd "$(dirname "$0")/.." || exit 0

cache="${BUILD_CACHE:-${XDG_CACHE_HOME:-${HOME:-/nonexistent}/.cache}/yingda}/build"
target="${CARGO_TARGET_DIR:-target}/debug"
keep=3

short() { sha256sum | cut -c1-"$1"; }
# The Rust compiler, the C compiler and its library, and the settings; then the packages.
toolchain="$({ rustc -vV; cc --version; ldd --version; env | LC_ALL=C sort | grep -E '^(RUSTFLAGS|CARGO_(PROFILE|BUILD|ENCODED)_)'; cat .cargo/config.toml; } 2>/dev/null | short 8)"
packages="$(cat Cargo.lock Cargo.toml crates/*/Cargo.toml 2>/dev/null | short 16)"
entry="$cache/$toolchain-$packages"

say() { echo "$*"; }

# One line per file: checksum, size, name.
sums() { (cd "$1" && find . -type f ! -path ./SUMS -print0 | LC_ALL=C sort -z | xargs -0 -r cksum); }

ours() { sed -n 's/^name = "\(.*\)"/\1/p' crates/*/Cargo.toml; }

restore() {
  local copy="$target.new.$$"
  if [ -d "$target/.fingerprint" ]; then say "not needed, something is built here"; return; fi
  if [ ! -e "$entry" ] && [ ! -L "$entry" ]; then
    entry="$(find "$cache" -mindepth 1 -maxdepth 1 -type d -name "$toolchain-????????????????" -printf '%T@ %p\n' 2>/dev/null | sort -rn | head -1 | cut -d' ' -f2-)"
    if [ -z "$entry" ]; then say "nothing for this toolchain yet"; return; fi
    say "nothing for these manifests yet, so the newest of the same toolchain"
  fi
  if [ -L "$entry" ] || [ ! -d "$entry" ] || [ ! -O "$entry" ]; then
    say "$entry is somebody else's: thrown away, everything is built"
    rm -rf "$entry"
    return
  fi
  touch "$entry"
  # The copy is checked, not the entry: another run may be deleting the entry at this moment.
  mkdir -p "$(dirname "$target")"
  if ! cp -a "$entry" "$copy" 2>/dev/null; then
    say "could not be copied (is the disk full?): everything is built"
  elif ! { [ -s "$copy/SUMS" ] && sums "$copy" | cmp -s - "$copy/SUMS"; }; then
    say "$entry is incomplete: thrown away, everything is built"
    rm -rf "$entry"
  elif rm -rf "$target" && mv -T "$copy/debug" "$target"; then
    say "took $(find "$target/.fingerprint" -mindepth 1 -maxdepth 1 | wc -l) built parts, $(du -sh "$target" | cut -f1)"
  else
    say "could not be put into $target: everything is built"
  fi
  rm -rf "$copy"
}

# Copies the units of foreign packages: everything that cargo stores under their name and hash.
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
  local new old
  if [ -e "$entry" ]; then say "holds these already"; return; fi
  if [ ! -d "$target/.fingerprint" ]; then return; fi
  if mkdir -p "$cache" && new="$(mktemp -d "$cache/new.XXXXXX")" && foreign "$new" && sums "$new" >"$new.sums" && mv "$new.sums" "$new/SUMS" && mv -T "$new" "$entry"; then
    say "kept $(du -sh "$entry" | cut -f1) in $entry"
  else
    rm -rf "${new:-}" "${new:+$new.sums}"
    say "nothing was kept (is the disk full, or was another run faster?)"
  fi 2>/dev/null
  # Deletes leftovers of killed runs, and the entries unused for longest; nothing with a different kind of name is touched.
  find "$cache" -mindepth 1 -maxdepth 1 -regextype posix-extended -regex '.*/new\.[[:alnum:]]{6}(\.sums)?' -mmin +120 -exec rm -rf {} +
  find "$cache" -mindepth 1 -maxdepth 1 -type d -regextype posix-extended -regex '.*/([0-9a-f]{8}-)?[0-9a-f]{16}' -printf '%T@ %p\n' | sort -rn | tail -n +$((keep + 1)) | cut -d' ' -f2- | while read -r old; do
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
