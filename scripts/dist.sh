#!/usr/bin/env bash
# Makes a release in target/dist: an archive for each processor, an SBOM of the program and one of its pages, and SHA256SUMS. Each archive is then checked.
#
# The program is linked against the C library of 2020 (glibc 2.31), so it runs on Debian 11, Ubuntu 20.04, RHEL 9 and everything newer.
# ARCHS="x86_64" makes one archive only; CHECK=no leaves the checks out. A first run takes about an hour on two cores.
set -euo pipefail
cd "$(dirname "$0")/.."
glibc=2.31
target="$(realpath -m "${CARGO_TARGET_DIR:-target}")"
out="$target/dist"
version="$(sed -n '/^\[workspace.package\]/,/^\[/ s/^version = "\(.*\)"/\1/p' Cargo.toml)"
# The same sources give the same archive, whenever and wherever it is made.
export SOURCE_DATE_EPOCH="${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct)}"

missing=()
command -v objdump >/dev/null || missing+=(binutils)
python3 -c 'import ensurepip, venv' 2>/dev/null || missing+=(python3 python3-venv)
[ ${#missing[@]} -eq 0 ] || scripts/install.sh "${missing[@]}"
. scripts/python-tools.sh
python_tools dist-tools
PATH="$tools/bin:$PATH"
export PATH CARGO_ZIGBUILD_ZIG_PATH="$(echo "$tools"/lib/python3*/site-packages/ziglang/zig)"

rm -rf "$out"
mkdir -p "$out"
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT

echo "== web pages" >&2
scripts/web.sh >&2

for arch in ${ARCHS:-x86_64 aarch64}; do
  triple="$arch-unknown-linux-gnu" name="yingda-$version-$arch-linux"
  if [ ! -d "$(rustc --print sysroot)/lib/rustlib/$triple" ] && ! rustup target add "$triple" >"$work/rustup" 2>&1; then
    cat "$work/rustup" >&2
    echo "LEFT OUT: $name, because Rust's standard library for it cannot be had here" >&2
    continue
  fi
  echo "== $name" >&2
  # Messages name sources as they are in the repository, not where they were on this machine.
  RUSTFLAGS="--remap-path-prefix=${CARGO_HOME:-$HOME/.cargo}/registry/src=registry --remap-path-prefix=$PWD=." \
    cargo-zigbuild zigbuild --release --locked -p yingda --target "$triple.$glibc" --target-dir "$target" >&2

  folder="$work/$name"
  mkdir -p "$folder"
  # What is not part of the commit, such as a filled-in .env, stays here.
  git archive HEAD README.md LICENSE CHANGELOG.md SECURITY.md config.example.toml docs deploy/{README.md,nginx,systemd,container} |
    tar --extract --directory "$folder"
  node scripts/changelog.mjs >"$folder/CHANGELOG.md"
  cp "$target/$triple/release/yingda" "$folder"
  chmod -R u=rwX,go=rX "$folder"
  tar --create --directory "$work" --sort=name --owner=0 --group=0 --numeric-owner --mtime="@$SOURCE_DATE_EPOCH" "$name" | gzip -9n >"$out/$name.tar.gz"
  echo "   $(($(stat -c %s "$folder/yingda") / 1000000)) MB, packed $(($(stat -c %s "$out/$name.tar.gz") / 1000000)) MB" >&2
done

echo "== SBOM" >&2
bom="$HOME/.cache/yingda/cargo-cyclonedx"
[ -x "$bom/bin/cargo-cyclonedx" ] || cargo install --quiet --locked --root "$bom" --version 0.5.9 cargo-cyclonedx >&2
# It writes beside each manifest of the workspace.
"$bom/bin/cargo-cyclonedx" cyclonedx --quiet --manifest-path crates/yingda/Cargo.toml --format json --spec-version 1.5 --no-build-deps --override-filename sbom
mv crates/yingda/sbom.json "$out/yingda-$version.cdx.json"
rm -f crates/*/sbom.json
# npm 11 lists only packages that have a version.
mkdir "$work/yingda-web"
(cd web && cp --parents package.json package-lock.json $(node -p 'require("./package.json").workspaces.map((each) => each + "/package.json").join(" ")') "$work/yingda-web")
(cd "$work/yingda-web" && npm pkg set "version=$version" --workspaces --include-workspace-root && npm sbom --package-lock-only --omit dev --sbom-format cyclonedx) \
  >"$out/yingda-$version-pages.cdx.json"

(cd "$out" && sha256sum yingda-* >SHA256SUMS)
if [ "${CHECK:-yes}" = yes ]; then
  for archive in "$out"/*.tar.gz; do scripts/dist-check.sh "$archive"; done
fi
ls -l "$out" >&2
