#!/usr/bin/env bash
# Checks whether others can work with docs/openapi.json, and whether the server conforms to it:
#
#   api-document.sh tools         installs what the other two need, if it is missing
#   api-document.sh document      checks that the document is valid OpenAPI 3.1, and that a Python client can be generated from it
#   api-document.sh calls REPORT  calls every operation of a demo server as six callers, compares the answers with the document, and writes counts to REPORT
#
# API_ONLY='PATCH .*groups' calls only some operations, API_SEED=7 generates different examples. (The types of the pages are made from it, so that their type check covers TypeScript.)
set -euo pipefail
cd "$(dirname "$0")/.."

. scripts/python-tools.sh
python_tools api-document

# With `-m`, because the scripts of a virtual environment contain the path at which it was created.
run() { PYTHONDONTWRITEBYTECODE=1 PYTHONHASHSEED=0 "$tools/bin/python" "$@"; }

case "${1:-}" in
  tools) ;;
  document)
    run -m openapi_spec_validator docs/openapi.json
    run scripts/api-document/client.py docs/openapi.json sdk/python/yingda/client
    ;;
  calls)
    run scripts/api-document/calls.py docs/openapi.json "${YINGDA_BIN:-${CARGO_TARGET_DIR:-target}/debug/yingda}" "${2:-/dev/null}"
    ;;
  *)
    echo "usage: scripts/api-document.sh tools|document|calls REPORT" >&2
    exit 2
    ;;
esac
