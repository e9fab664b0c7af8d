#!/usr/bin/env bash
# Builds the web pages whose sources changed since the last build.
set -euo pipefail
cd "$(dirname "$0")/../web"

command -v node >/dev/null || { echo "Node 20.19 or newer is needed: https://nodejs.org" >&2; exit 1; }
if [ ! -e node_modules/.package-lock.json ] || [ package-lock.json -nt node_modules/.package-lock.json ]; then
  npm ci --no-audit --no-fund
  touch node_modules/.package-lock.json
fi

for page in widget hall console; do
  stamp="node_modules/.built-$page"
  shared=(api/src ui package.json package-lock.json tsconfig.base.json)
  if [ -e "$stamp" ] && [ -e "$page/dist" ] &&
     [ -z "$(find "$page" "${shared[@]}" -newer "$stamp" -type f -not -path '*/dist/*' -not -path '*/node_modules/*' -not -path '*/src/made/*' -print -quit)" ]; then
    continue
  fi
  before="$(mktemp)"
  echo "building web/$page"
  npm run -s build -w "@yingda/$page"
  mv "$before" "$stamp"
done
