# Sourced: how cargo should build. If nothing has been built yet, each crate is compiled in one piece and not incrementally, because the opposite would make a
# first build a fifth slower; as soon as something changes after a build, builds are incremental, which then saves most of the work.
if [ -z "${CARGO_INCREMENTAL:-}" ]; then
  built="${CARGO_TARGET_DIR:-target}/debug/yingda"
  if [ -z "$(ls -A "${CARGO_TARGET_DIR:-target}/debug/incremental" 2>/dev/null)" ] &&
     { [ ! -e "$built" ] || [ -z "$(find crates demo -newer "$built" -type f -print -quit)" ]; }; then
    export CARGO_INCREMENTAL=0 CARGO_PROFILE_DEV_CODEGEN_UNITS=1
  fi
fi
