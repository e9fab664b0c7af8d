#!/bin/sh
# Cargo: two checkouts of one workspace with one CARGO_TARGET_DIR. The older checkout, built second, runs the newer one's code and is called fresh.
#
# Seen with cargo 1.95.0. A package of a workspace is named in the target folder by its path below the workspace's root, so both checkouts have the same names there.
# Whether it is fresh is asked by time: artifacts that are newer than the sources count as built from them. Whoever compares two revisions with worktrees that share a target
# folder, or saves disk that way, measures or tests one revision twice. Give each a folder of its own, or touch the sources.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cargo --version

checkout() {
  mkdir -p "$work/$1/part/src" "$work/$1/app/src"
  printf '[workspace]\nresolver = "2"\nmembers = ["part", "app"]\n' > "$work/$1/Cargo.toml"
  printf '[package]\nname = "part"\nversion = "0.1.0"\nedition = "2021"\n' > "$work/$1/part/Cargo.toml"
  printf 'pub fn says() -> &%sstatic str { "%s" }\n' "'" "$1" > "$work/$1/part/src/lib.rs"
  printf '[package]\nname = "app"\nversion = "0.1.0"\nedition = "2021"\n[dependencies]\npart = { path = "../part" }\n' > "$work/$1/app/Cargo.toml"
  printf 'fn main() { println!("{}", part::says()); }\n' > "$work/$1/app/src/main.rs"
}
runs() { (cd "$work/$1" && cargo run --offline --quiet --package app); }

export CARGO_TARGET_DIR="$work/target"
unset CARGO_BUILD_RUSTC_WRAPPER RUSTC_WRAPPER || true
checkout older
sleep 2
checkout newer
first=$(runs newer)
second=$(runs older)
echo "the newer checkout says: $first; the older one, built after it, says: $second"
[ "$first" = newer ]
[ "$second" = newer ] || { echo "this has changed: the older checkout was built"; exit 1; }
echo "another target folder for the older one:"
third=$(CARGO_TARGET_DIR="$work/target2" runs older)
echo "it says: $third"
[ "$third" = older ]
