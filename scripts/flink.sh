#!/usr/bin/env bash
# Gets Flink from PyPI, if it is not there yet, and compiles what runs our SQL. Prints the folder.
# YINGDA_FLINK_HOME names a different folder than ~/.cache/yingda/flink; a Flink that is in its lib is left alone.
set -euo pipefail
cd "$(dirname "$0")/.."
home="${YINGDA_FLINK_HOME:-$HOME/.cache/yingda/flink}"

missing=()
command -v javac >/dev/null || missing+=(default-jdk-headless)
command -v python3 >/dev/null && python3 -c 'import pip' 2>/dev/null || missing+=(python3 python3-pip)
[ ${#missing[@]} -eq 0 ] || scripts/install.sh "${missing[@]}" >&2

mkdir -p "$home/usrlib"
# One at a time: two runs would write the same files.
exec 9>"$home/.lock"
flock 9
work="$(mktemp -d "$home/.new.XXXXXX")"
trap 'rm -rf "$work"' EXIT

# A lib without this note is somebody's own.
wanted="$(sha256sum <deploy/flink/requirements.txt)"
if [ ! -d "$home/lib" ] || { [ -e "$home/lib/.requirements" ] && [ "$(cat "$home/lib/.requirements")" != "$wanted" ]; }; then
  echo "== Flink from PyPI, about 300 MB" >&2
  python3 -m pip download --quiet --no-deps --require-hashes --dest "$work" -r deploy/flink/requirements.txt >&2
  python3 - "$work" <<'END'
import pathlib, shutil, sys, zipfile
folder = pathlib.Path(sys.argv[1])
(folder / "lib").mkdir()
with zipfile.ZipFile(next(folder.glob("*.whl"))) as wheel:
    for name in wheel.namelist():
        # The Scala API is not used.
        if name.startswith("pyflink/lib/") and name.endswith(".jar") and "flink-scala" not in name:
            with wheel.open(name) as source, open(folder / "lib" / pathlib.Path(name).name, "wb") as target:
                shutil.copyfileobj(source, target)
END
  echo "$wanted" >"$work/lib/.requirements"
  rm -rf "$home/lib" "$home/usrlib/.sources"
  mv "$work/lib" "$home/lib"
fi

# Ours, if its sources have changed.
sum="$(cat deploy/flink/src/yingda/flink/*.java deploy/flink/src/META-INF/services/* | sha256sum)"
if [ "$(cat "$home/usrlib/.sources" 2>/dev/null)" != "$sum" ] || [ ! -e "$home/usrlib/yingda-flink.jar" ]; then
  javac -Werror -Xlint:all,-classfile,-processing,-serial,-path -d "$work/classes" -cp "$home/lib/*" deploy/flink/src/yingda/flink/*.java >&2
  jar --create --file "$work/yingda-flink.jar" -C "$work/classes" . -C deploy/flink/src META-INF
  mv "$work/yingda-flink.jar" "$home/usrlib/yingda-flink.jar"
  echo "$sum" >"$home/usrlib/.sources"
fi
echo "$home"
