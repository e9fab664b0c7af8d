#!/usr/bin/env bash
# Checks an archive of a release as a stranger would use it: dist-check.sh ARCHIVE
# It unpacks, asks for no newer C library than that of 2020, and its demo is ready within two seconds on a Debian 12 without anything, made by debootstrap.
# An archive for another processor is started once under qemu. Needs root; what Debian packages are missing is installed.
set -euo pipefail
archive="$(realpath "$1")"
cd "$(dirname "$0")/.."
glibc=2.31
base="$(basename "$archive" .tar.gz)"
arch="$(sed -E 's/.*-([^-]*)-linux$/\1/' <<<"$base")"
version="$(sed -E 's/^yingda-(.*)-[^-]*-linux$/\1/' <<<"$base")"

missing=()
command -v objdump >/dev/null || missing+=(binutils)
if [ "$arch" = "$(uname -m)" ]; then
  command -v debootstrap >/dev/null || missing+=(debootstrap)
else
  command -v "qemu-$arch-static" >/dev/null || missing+=(qemu-user-static)
  [ -e "/usr/$arch-linux-gnu/lib" ] || missing+=("libc6-${arch/aarch64/arm64}-cross")
fi
[ ${#missing[@]} -eq 0 ] || scripts/install.sh "${missing[@]}"

fail() { echo "FAILED $base: $*" >&2; exit 1; }
pid=
root=/
work="$(mktemp -d)"
cleanup() {
  if [ -n "$pid" ]; then kill -9 "$pid" 2>/dev/null || true; fi
  rm -rf "$work" "${root%/}$home"
}
home="/tmp/$(basename "$work")"
trap cleanup EXIT

(cd "$(dirname "$archive")" && grep " $base.tar.gz\$" SHA256SUMS | sha256sum --check --quiet -) || fail "its checksum is not in SHA256SUMS"

under=()
if [ "$arch" = "$(uname -m)" ]; then
  # Kept for the next run; nothing is installed into it.
  root="$HOME/.cache/yingda/debian-12"
  if [ ! -e "$root/etc/debian_version" ]; then
    echo "== a bare Debian 12" >&2
    rm -rf "$root.new"
    debootstrap --variant=minbase bookworm "$root.new" >"$work/debootstrap" || { tail "$work/debootstrap" >&2; exit 1; }
    mv "$root.new" "$root"
  fi
  # With /proc, as on any system; the mount is gone with the process.
  under=(unshare --mount sh -c 'mount -t proc proc "$0/proc" && exec chroot --userspec=65534:65534 "$0" "$@"' "$root")
else
  under=("qemu-$arch-static" -L "/usr/$arch-linux-gnu")
fi
mkdir "${root%/}$home" 2>/dev/null || true
tar --extract --gzip --file "$archive" --directory "${root%/}$home" --no-same-owner
chown -R 65534:65534 "${root%/}$home"
yingda="$home/$base/yingda"
for file in README.md LICENSE CHANGELOG.md config.example.toml deploy/systemd/yingda.service deploy/nginx/yingda.conf deploy/container/Containerfile; do
  [ -s "${root%/}$home/$base/$file" ] || fail "$file is missing"
done

newest="$(objdump -T "${root%/}$yingda" | grep -o 'GLIBC_[0-9.]*' | sort -Vu | tail -1)"
[ "$(printf '%s\n' "GLIBC_$glibc" "$newest" | sort -V | tail -1)" = "GLIBC_$glibc" ] || fail "it needs $newest"
[ "$("${under[@]}" "$yingda" --version)" = "yingda $version" ] || fail "it is not version $version"

start() { # more arguments; sets base_url and took, in milliseconds
  local from ready
  mkfifo "$work/ready"
  from="$(date +%s%3N)"
  YINGDA_LOG=warn "${under[@]}" "$yingda" serve --data "$home/data" --listen 127.0.0.1:0 "$@" >"$work/ready" 2>"$work/log" &
  pid=$!
  exec 4<"$work/ready"
  rm "$work/ready"
  read -r ready base_url <&4 && [ "$ready" = ready ] || { cat "$work/log" >&2; fail "it does not start"; }
  took=$(($(date +%s%3N) - from))
}
stop() {
  kill "$pid"
  wait "$pid" || fail "it ended with status $?: $(cat "$work/log")"
  pid=
}

start --demo
first="$took"
# Pages, the script for other people's pages, and the API.
for path in / /console /c/demo /w.js /api/v1/hall /healthz; do
  node -e 'fetch(process.argv[1]).then((a) => process.exit(a.ok ? 0 : 1), () => process.exit(1))' "$base_url$path" || fail "$path is not answered"
done
stop
start
stop
if [ "$arch" = "$(uname -m)" ]; then
  most="$(awk -v slow="${SLOWNESS:-$(node scripts/calibrate.mjs 2>/dev/null)}" 'BEGIN { print int(2000 * slow) }')"
  [ "$first" -le "$most" ] || fail "the demo was ready after $first ms, and not within $most"
  where="on a bare Debian $(cat "$root/etc/debian_version")"
else
  where="under qemu"
fi
echo "$base: $newest at most; the demo was ready after $first ms, and after $took ms when started again, $where" >&2
