# Sourced: how cargo shall build. Where nothing is built yet, each crate is compiled in one piece and the compiler keeps no notes for the next time, which
# together would cost a fifth more; as soon as something was changed after a build, it does, because then they save most of it.
if [ -z "${CARGO_INCREMENTAL:-}" ]; then
  built="${CARGO_TARGET_DIR:-target}/debug/yingda"
  if [ -z "$(ls -A "${CARGO_TARGET_DIR:-target}/debug/incremental" 2>/dev/null)" ] &&
     { [ ! -e "$built" ] || [ -z "$(find crates demo -newer "$built" -type f -print -quit)" ]; }; then
    export CARGO_INCREMENTAL=0 CARGO_PROFILE_DEV_CODEGEN_UNITS=1
  fi
fi
