#!/usr/bin/env bash
# Makes the TypeScript types of the API document where they are older than it: types.sh FILE
set -euo pipefail
out="$(realpath "$1")"
cd "$(dirname "$0")/../web"
document=../docs/openapi.json
if [ -e "$out" ] && [ "$out" -nt "$document" ]; then exit 0; fi
# Whole or not at all, for whoever reads it meanwhile.
npx openapi-typescript "$document" -o "$out.new.ts" >/dev/null
mv "$out.new.ts" "$out"
