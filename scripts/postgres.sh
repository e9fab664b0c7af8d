#!/usr/bin/env bash
# Runs a private PostgreSQL in a temporary folder on a free port: `start DIR` prints its URL, `stop DIR` stops it.
set -euo pipefail

bin="$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -1)"
[ -n "$bin" ] || bin="$(dirname "$(command -v initdb)")"

as_postgres() {
  # initdb refuses to run as root.
  if [ "$(id -u)" = 0 ]; then runuser -u postgres -- "$@"; else "$@"; fi
}

case "$1" in
  start)
    dir="$2"
    chmod 755 "$dir"
    if [ "$(id -u)" = 0 ]; then chown postgres "$dir"; fi
    port="$(node -e 'const s=require("node:net").createServer().listen(0,"127.0.0.1",()=>{console.log(s.address().port);s.close()})')"
    cd "$dir"
    as_postgres "$bin/initdb" -D "$dir/data" -U yingda --auth=trust --encoding=UTF8 --lc-collate=C --lc-ctype=C.UTF-8 >"$dir/initdb.log" 2>&1 || { cat "$dir/initdb.log" >&2; exit 1; }
    as_postgres "$bin/pg_ctl" -D "$dir/data" -w -t 60 -l "$dir/data/log" \
      -o "-c listen_addresses=127.0.0.1 -c port=$port -c unix_socket_directories='$dir' -c max_connections=300" start >/dev/null || { cat "$dir/data/log" >&2; exit 1; }
    echo "postgres://yingda@127.0.0.1:$port/postgres"
    ;;
  stop)
    cd "$2"
    as_postgres "$bin/pg_ctl" -D "$2/data" -w -m immediate stop >/dev/null
    ;;
  *)
    echo "usage: scripts/postgres.sh start|stop DIR" >&2
    exit 2
    ;;
esac
