#!/usr/bin/env bash
# Starts the demo and prints the links for the customer, the agent, the manager and the administrator.
set -euo pipefail
cd "$(dirname "$0")/.."

. scripts/build-mode.sh
echo "1 of 3: the web pages" >&2
scripts/web.sh
echo "2 of 3: the program; a few minutes the first time, seconds after that" >&2
node scripts/progress.mjs -p yingda
echo "3 of 3: the demo" >&2
yingda="${CARGO_TARGET_DIR:-target}/debug/yingda"
data="${DATA:-data/demo}"
port="${PORT:-8080}"
# If the port is in use, take a free one.
if (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then port=0; fi

fifo="$(mktemp -u)"
mkfifo "$fifo"
"$yingda" serve --data "$data" --listen "127.0.0.1:$port" --demo >"$fifo" 2> >(grep --line-buffered -v '^One-time' >&2) &
server=$!
trap 'kill "$server" 2>/dev/null; wait "$server" 2>/dev/null; exit 0' INT TERM
exec 4<"$fifo"
rm -f "$fifo"
read -r ready base <&4 || { wait "$server"; exit 1; }
[ "$ready" = ready ]

agent="$("$yingda" admin sign-in-link --data "$data" --role agent)"
manager="$("$yingda" admin sign-in-link --data "$data" --role manager)"
administrator="$("$yingda" admin sign-in-link --data "$data" --role administrator)"
cat <<END

  Customer  $base/
            $base/c/demo  (the chat alone)
  Agent     $agent
  Manager   $manager
  Admin     $administrator

  The staff's links sign in once; open each in a browser profile of its own. Ctrl-C stops.

END
wait "$server"
