#!/usr/bin/env bash
# Installs missing Debian packages without letting any of their services start: install.sh PACKAGE…
set -uo pipefail
[ $# -eq 0 ] && exit 0
if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
  echo "please install: $*" >&2
  exit 1
fi
echo "== installing $*" >&2
policy=/usr/sbin/policy-rc.d made='' log="$(mktemp)"
if [ ! -e "$policy" ]; then printf '#!/bin/sh\nexit 101\n' >"$policy"; chmod 755 "$policy"; made=1; fi
{ apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@"; } >"$log" 2>&1
status=$?
[ -n "$made" ] && rm -f "$policy"
[ $status -eq 0 ] || cat "$log" >&2
rm -f "$log"
exit $status
