#!/usr/bin/env bash
# Writes what later versions are tested with, into crates/server/fixtures/VERSION: dist-fixtures.sh BINARY
#
# Run it with the binary of the archive when a release is made, and commit what it wrote with the release. Until then, run it again if a migration that the
# folder lists has changed. After the release the folder stays as it is, and so do the migrations it lists.
#
#   data.tar.xz        a data folder on SQLite, its record as SQL: the demo, and a short conversation (dist-tools/fixtures.mjs)
#   postgres.sql.xz    the same on PostgreSQL, by pg_dump
#   sqlite.json, postgres.json   what has to be read from each
#   migrations.sha256  the digests of the migrations, none of which may change any more
set -euo pipefail
binary="$(realpath "$1")"
cd "$(dirname "$0")/.."
command -v xz >/dev/null || scripts/install.sh xz-utils
version="$("$binary" --version | cut -d' ' -f2)"
out="crates/server/fixtures/$version"
work="$(mktemp -d)"
chmod 755 "$work"
pid=
cleanup() {
  if [ -n "$pid" ]; then kill "$pid" && wait "$pid" || true; fi
  if [ -e "$work/postgres/data/postmaster.pid" ]; then scripts/postgres.sh stop "$work/postgres" || true; fi
  rm -rf "$work"
}
trap cleanup EXIT
mkdir -p "$out" "$work/postgres"

converse() { # data folder, file for what has to be read, more arguments
  local ready base
  mkfifo "$work/ready"
  "$binary" serve --demo --listen 127.0.0.1:0 --data "$1" "${@:3}" >"$work/ready" 2>"$work/log" &
  pid=$!
  exec 4<"$work/ready"
  rm "$work/ready"
  read -r ready base <&4 && [ "$ready" = ready ] || { cat "$work/log" >&2; exit 1; }
  node scripts/dist-tools/fixtures.mjs "$base" "$1" >"$work/read"
  kill "$pid" && wait "$pid"
  pid=
  mv "$work/read" "$2"
}

echo "== SQLite" >&2
converse "$work/data" "$out/sqlite.json"
mkdir "$work/kept"
# As SQL, it is two thirds the size of the file. The numbers are derived from it, and derived anew.
python3 - "$work" <<'END'
import pathlib, sqlite3, sys
work = pathlib.Path(sys.argv[1])
record = sqlite3.connect(work / "data" / "yingda.db")
(work / "kept" / "record.sql").write_text("\n".join(record.iterdump()), encoding="utf-8")
END
cp -R "$work/data/seal.key" "$work/data/files" "$work/kept"
tar --create --directory "$work/kept" --sort=name --owner=0 --group=0 --numeric-owner . | xz -9e >"$out/data.tar.xz"

echo "== PostgreSQL" >&2
database="$(scripts/postgres.sh start "$work/postgres")"
# The tests have this sealing key.
YINGDA_SEAL_KEY=the-same-key-on-all-nodes-of-these-tests converse "$work/node" "$out/postgres.json" --database-url "$database"
# \restrict is unknown to psql of earlier patch levels.
"$(ls -d /usr/lib/postgresql/*/bin | sort -V | tail -1)/pg_dump" --schema yingda --no-owner --no-privileges "$database" | sed -E '/^\\(un)?restrict /d' | xz -9e >"$out/postgres.sql.xz"

find crates/{store,warehouse}/migrations -path "*/edition/*" -prune -o -name "*.sql" -print | sort | xargs sha256sum >"$out/migrations.sha256"
ls -l "$out" >&2
