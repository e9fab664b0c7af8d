#!/usr/bin/env bash
# Starts the demo on a cluster: PostgreSQL, Redis, three nodes and nginx as local processes in a temporary folder, on free ports. Ctrl-C stops everything.
# NODES=5 starts more nodes, PORT=8080 chooses nginx's port, YINGDA_BIN a different binary.
set -euo pipefail
cd "$(dirname "$0")/.."

missing=()
ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || command -v initdb >/dev/null || missing+=(postgresql)
command -v redis-server >/dev/null || missing+=(redis-server)
command -v nginx >/dev/null || [ -x /usr/sbin/nginx ] || missing+=(nginx-light)
command -v node >/dev/null || missing+=(nodejs npm)
[ ${#missing[@]} -eq 0 ] || scripts/install.sh "${missing[@]}"

if [ -z "${YINGDA_BIN:-}" ]; then
  scripts/web.sh
  cargo build -p yingda
fi
yingda="${YINGDA_BIN:-${CARGO_TARGET_DIR:-target}/debug/yingda}"
# The server treats every YINGDA_… variable as a setting.
unset YINGDA_BIN
nodes="${NODES:-3}"
work="$(mktemp -d)"
chmod 755 "$work"
pids=()

cleanup() {
  trap - INT TERM EXIT
  # Nodes first: they sign off through the database.
  for pid in ${pids[@]+"${pids[@]}"}; do kill "$pid" 2>/dev/null || true; done
  for pid in ${pids[@]+"${pids[@]}"}; do wait "$pid" 2>/dev/null || true; done
  if [ -e "$work/postgres/data/postmaster.pid" ]; then scripts/postgres.sh stop "$work/postgres" || true; fi
  rm -rf "$work"
}
trap 'cleanup; exit 0' INT TERM
trap cleanup EXIT

. scripts/ports.sh

mkdir "$work/postgres" "$work/files" "$work/redis" "$work/nginx"
echo "PostgreSQL …" >&2
database="$(scripts/postgres.sh start "$work/postgres")"
echo "Redis …" >&2
redis_port="$(free_port)"
redis-server --port "$redis_port" --bind 127.0.0.1 --save '' --appendonly no --dir "$work/redis" >"$work/redis/log" 2>&1 &
pids+=($!)

# All nodes have the same sealing key.
"$yingda" admin new-seal-key "$work/seal.key" >/dev/null
export YINGDA_SEAL_KEY_FILE="$work/seal.key"

port="${PORT:-$(free_port)}"
upstream=""
for n in $(seq "$nodes"); do
  demo=(); [ "$n" = 1 ] && demo=(--demo)
  mkfifo "$work/ready"
  YINGDA_DATABASE_URL="$database" YINGDA_REDIS_URL="redis://127.0.0.1:$redis_port" YINGDA_BEHIND_PROXY=true \
    "$yingda" serve --data "$work/node$n" --files "$work/files" --listen 127.0.0.1:0 --public-url "http://127.0.0.1:$port" ${demo[@]+"${demo[@]}"} \
    >"$work/ready" 2>"$work/node$n.log" &
  pids+=($!)
  exec 4<"$work/ready"
  rm -f "$work/ready"
  read -r ready base <&4 || { cat "$work/node$n.log" >&2; exit 1; }
  [ "$ready" = ready ]
  upstream+="    server ${base#http://} max_fails=2 fail_timeout=2s;"$'\n'
  echo "node $n  $base" >&2
done

nginx="$(command -v nginx || echo /usr/sbin/nginx)"
# Replaces the nodes of the deployed upstream with these.
awk -v servers="$upstream" '/^ *server / { if (!done) { printf "%s", servers; done = 1 } next } { print }' deploy/nginx/upstream.conf >"$work/nginx/upstream.conf"
cat >"$work/nginx/nginx.conf" <<END
daemon off;
worker_processes 1;
pid $work/nginx/pid;
error_log $work/nginx/error.log;
events { worker_connections 4096; }
http {
  access_log off;
  client_body_temp_path $work/nginx/body;
  proxy_temp_path $work/nginx/proxy;
  fastcgi_temp_path $work/nginx/fastcgi;
  uwsgi_temp_path $work/nginx/uwsgi;
  scgi_temp_path $work/nginx/scgi;
  include $work/nginx/upstream.conf;
  server {
    listen 127.0.0.1:$port;
    include $PWD/deploy/nginx/locations.conf;
  }
}
END
"$nginx" -q -p "$work/nginx" -e "$work/nginx/error.log" -c "$work/nginx/nginx.conf" &
pids+=($!)

base="http://127.0.0.1:$port"
link() { # role
  "$yingda" admin sign-in-link --data "$work/node1" --database-url "$database" --role "$1"
}
agent="$(link agent)"
manager="$(link manager)"
administrator="$(link administrator)"
cat <<END

  Customer       $base/
                 $base/c/demo  (the chat alone)
  Agent          $agent
  Manager        $manager
  Administrator  $administrator

  The three links sign in once; open each in a browser profile of its own.
  $nodes nodes behind nginx; logs in $work. Stop a node with kill, or Redis: the chat goes on. Ctrl-C stops all.

END
wait "${pids[-1]}"
