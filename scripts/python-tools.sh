# Sourced: python_tools NAME installs the Python packages of scripts/NAME/requirements.txt into a virtual environment, if they are not there yet, and sets `tools`
# to its folder. It is outside the clone, one for each set of packages and each Python version: a fresh clone need not download them.
python_tools() { # name
  local requirements="scripts/$1/requirements.txt" cache="${XDG_CACHE_HOME:-${HOME:-$PWD/target}/.cache}/yingda/$1" key new
  key="$({ cat "$requirements"; python3 -VV; } | sha256sum | cut -c1-16)"
  tools="$cache/$key"
  if [ -e "$tools/installed" ]; then touch "$tools"; return; fi
  mkdir -p "$cache"
  new="$(mktemp -d "$cache/new.XXXXXX")"
  # shellcheck disable=SC2064
  trap "rm -rf '$new'" EXIT
  python3 -m venv "$new"
  "$new/bin/python" -m pip install --quiet --disable-pip-version-check --only-binary :all: --require-hashes -r "$requirements"
  touch "$new/installed"
  # Another run may have been faster, or an earlier run may have been interrupted.
  if [ ! -e "$tools/installed" ]; then rm -rf "$tools" && mv -T "$new" "$tools"; fi
  # The folders of other sets are deleted after a month without use.
  find "$cache" -mindepth 1 -maxdepth 1 -type d ! -name "$key" -mtime +30 -exec rm -rf {} +
}
