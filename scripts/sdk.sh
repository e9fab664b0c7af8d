#!/usr/bin/env bash
# The SDKs for programs, in sdk/: what is generated from docs/openapi.json is made here, and what people write stands beside it.
#
#   sdk.sh build    generates the types of the TypeScript SDK and compiles it; generates the Python client
#   sdk.sh test     builds both, starts a server of its own, and uses them there with a token made at the terminal
#   sdk.sh python   runs Python with the SDK: the rest are its arguments
set -euo pipefail
cd "$(dirname "$0")/.."

. scripts/python-tools.sh
python_tools api-document
document="$PWD/docs/openapi.json"
python() { PYTHONDONTWRITEBYTECODE=1 PYTHONPATH="$PWD/sdk/python" "$tools/bin/python" "$@"; }

build() {
  scripts/types.sh sdk/typescript/src/schema.ts
  web/node_modules/.bin/tsc -p sdk/typescript
  if [ ! sdk/python/yingda/client/__init__.py -nt "$document" ]; then python scripts/api-document/client.py "$document" sdk/python/yingda/client; fi
}

try() {
  local program="${YINGDA_BIN:-${CARGO_TARGET_DIR:-target}/debug/yingda}" data ready permissions
  program="$(realpath "$program")"
  # The program refuses variables of this name that it does not know.
  unset "${!YINGDA_@}"
  data="$(mktemp -d)"
  # shellcheck disable=SC2064
  trap "kill \$server 2>/dev/null || true; wait; rm -rf '$data'" EXIT
  exec 3< <(YINGDA_LOG=warn exec "$program" serve --data "$data/record" --listen 127.0.0.1:0)
  server=$!
  read -r _ ready _ <&3
  permissions=(desk:company integrations:company canned_replies.edit:company)
  CHAT_TOKEN="$("$program" token create --data "$data/record" --company main --name "SDK test" --permission "${permissions[@]}" --expires 1d)"
  export CHAT_URL="$ready" CHAT_TOKEN
  # The name under which programs import it.
  mkdir -p "$data/node_modules/@yingda"
  ln -s "$PWD/sdk/typescript" "$data/node_modules/@yingda/sdk"
  cp sdk/typescript/test/*.mjs "$data"
  node --test --test-reporter=dot "$data/sdk.test.mjs"
  python -m unittest -q sdk/python/test/test_sdk.py
  echo "the quick start:"
  timeout 60 node "$data/quick-start.mjs"
  timeout 60 env PYTHONDONTWRITEBYTECODE=1 PYTHONPATH="$PWD/sdk/python" "$tools/bin/python" sdk/python/test/quick_start.py
  "$program" token revoke --data "$data/record" "SDK test" >/dev/null
  if timeout 60 node "$data/quick-start.mjs" 2>/dev/null; then
    echo "a revoked token still opens something" >&2
    return 1
  fi
}

case "${1:-}" in
  build) build ;;
  test) build && try ;;
  python) shift && python "$@" ;;
  *)
    echo "usage: scripts/sdk.sh build|test|python" >&2
    exit 2
    ;;
esac
