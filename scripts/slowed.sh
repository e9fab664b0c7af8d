#!/usr/bin/env bash
# Runs the program that SLOWED names with 1/SLOW of this machine's processor time; the rest of the time it stands still, and others compute. Needs root: the
# kernel enforces the share (a control group of processes, version 1 or 2). The group is named after the process that started this and after the program's, so
# that the former can lift the limit for a while (e2e/support/browser.ts).
set -euo pipefail
period=20000 # µs: short enough that a page looks slow, not frozen
share=$((period * $(nproc) / SLOW))
if [ -e /sys/fs/cgroup/cgroup.controllers ]; then
  groups=/sys/fs/cgroup
  echo +cpu >"$groups/cgroup.subtree_control"
else
  groups=/sys/fs/cgroup/cpu
fi
# A group outlives its processes; the next start cleans up.
for group in "$groups"/yingda-slowed-*; do
  [ -d "/proc/${group##*-}" ] || rmdir "$group" 2>/dev/null || true
done
group="$groups/yingda-slowed-$PPID-$$"
mkdir "$group"
if [ -e "$group/cpu.max" ]; then
  echo "$share $period" >"$group/cpu.max"
else
  echo "$period" >"$group/cpu.cfs_period_us"
  echo "$share" >"$group/cpu.cfs_quota_us"
fi
echo $$ >"$group/cgroup.procs"
exec "$SLOWED" "$@"
