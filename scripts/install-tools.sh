#!/usr/bin/env bash
# Installs the Debian packages that the tests need and this machine does not have; install-tools.sh PACKAGE… installs these besides.
set -uo pipefail
cd "$(dirname "$0")/.." || exit 1
missing=()
ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || command -v initdb >/dev/null || missing+=(postgresql)
command -v redis-server >/dev/null || missing+=(redis-server)
command -v fiu-run >/dev/null || missing+=(fiu-utils)
command -v chromium >/dev/null || missing+=(chromium)
command -v chromium-headless-shell >/dev/null || missing+=(chromium-headless-shell)
ls /usr/share/fonts/opentype/noto/NotoSansCJK* >/dev/null 2>&1 || missing+=(fonts-noto-cjk)
command -v node >/dev/null || missing+=(nodejs npm)
command -v cc >/dev/null || missing+=(build-essential)
command -v javac >/dev/null || missing+=(default-jdk-headless)
python3 -c 'import ensurepip, venv' 2>/dev/null || missing+=(python3 python3-venv)
for package in "$@"; do
  command -v "$package" >/dev/null || missing+=("$package")
done
exec scripts/install.sh ${missing[@]+"${missing[@]}"}
