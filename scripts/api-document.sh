#!/usr/bin/env bash
# Whether others can work with docs/openapi.json, and whether the server keeps to it:
#
#   api-document.sh tools         installs what the rest needs, where it is missing
#   api-document.sh document      the document is valid OpenAPI 3.1, and a Python client can be made of it
#   api-document.sh calls REPORT  a server with the demo answers every operation as the document says, whoever of six callers asks; counts go to the file REPORT
#
# API_ONLY='PATCH .*groups' calls some operations alone, API_SEED=7 makes other examples. (That TypeScript can be made of it is tried by web/api/test/schema.test.ts.)
set -euo pipefail
cd "$(dirname "$0")/.."

# The Python packages lie outside the clone, in a folder for each set of them and each Python: a fresh clone need not fetch them.
key="$({ cat scripts/api-document/requirements.txt; python3 -VV; } | sha256sum | cut -c1-16)"
cache="${XDG_CACHE_HOME:-${HOME:-$PWD/target}/.cache}/yingda/api-document"
tools="$cache/$key"

install_tools() {
  if [ -e "$tools/installed" ]; then touch "$tools"; return; fi
  mkdir -p "$cache"
  local new
  new="$(mktemp -d "$cache/new.XXXXXX")"
  # shellcheck disable=SC2064
  trap "rm -rf '$new'" EXIT
  python3 -m venv "$new"
  "$new/bin/python" -m pip install --quiet --disable-pip-version-check --only-binary :all: --require-hashes -r scripts/api-document/requirements.txt
  touch "$new/installed"
  # Another run may have been faster, or one of before was broken off.
  if [ ! -e "$tools/installed" ]; then rm -rf "$tools" && mv -T "$new" "$tools"; fi
  # What was made for other sets goes after a month without use.
  find "$cache" -mindepth 1 -maxdepth 1 -type d ! -name "$key" -mtime +30 -exec rm -rf {} +
}

# By `-m`: the scripts of a virtual environment know the folder in which it was made.
run() { PYTHONDONTWRITEBYTECODE=1 PYTHONHASHSEED=0 "$tools/bin/python" "$@"; }

case "${1:-}" in
  tools) install_tools ;;
  document)
    install_tools
    run -m openapi_spec_validator docs/openapi.json
    run scripts/api-document/client.py docs/openapi.json
    ;;
  calls)
    install_tools
    run scripts/api-document/calls.py docs/openapi.json "${YINGDA_BIN:-${CARGO_TARGET_DIR:-target}/debug/yingda}" "${2:-/dev/null}"
    ;;
  *)
    echo "usage: scripts/api-document.sh tools|document|calls REPORT" >&2
    exit 2
    ;;
esac
