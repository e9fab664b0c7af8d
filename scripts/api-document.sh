#!/usr/bin/env bash
# Checks whether others can work with docs/openapi.json, and whether the server conforms to it:
#
#   api-document.sh tools         installs what the other two need, if it is missing
#   api-document.sh document      checks that the document is valid OpenAPI 3.1, and that a Python client can be generated from it
#   api-document.sh calls REPORT  calls every operation of a demo server as six callers, compares the answers with the document, and writes counts to REPORT
#
# API_ONLY='PATCH .*groups' calls only some operations, API_SEED=7 generates different examples. (web/api/test/schema.test.ts covers TypeScript.)
set -euo pipefail
cd "$(dirname "$0")/.."

# The Python packages are stored outside the clone, in one folder for each set of packages and each Python version: a fresh clone need not download them.
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
  # Another run may have been faster, or an earlier run may have been interrupted.
  if [ ! -e "$tools/installed" ]; then rm -rf "$tools" && mv -T "$new" "$tools"; fi
  # The folders of other sets are deleted after a month without use.
  find "$cache" -mindepth 1 -maxdepth 1 -type d ! -name "$key" -mtime +30 -exec rm -rf {} +
}

# With `-m`, because the scripts of a virtual environment contain the path at which it was created.
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
