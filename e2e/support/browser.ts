import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { LaunchOptions } from "@playwright/test";
import { slow } from "./slowness";

const quiet = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

const whole = "/usr/bin/chromium";
const shell = "/usr/bin/chromium-headless-shell";

const started = (chromium: string, args: string[] = quiet): LaunchOptions =>
  slow > 1
    ? {
        executablePath: fileURLToPath(new URL("../../scripts/slowed.sh", import.meta.url)),
        args,
        env: { ...process.env, SLOWED: chromium },
      }
    : { executablePath: chromium, args };

/** Chromium without a window, if it is installed: the same engine at three quarters of the cost. */
export const launch = () => started(process.env.CHROMIUM ?? (existsSync(shell) ? shell : whole));

/**
 * The complete browser, which a page in a frame on a different site may need: whether such a frame has storage is
 * decided outside the engine. Playwright disables ThirdPartyStoragePartitioning, so that the frame loses its storage;
 * a `--disable-features` of our own replaces that list and restores the storage, as visitors' browsers have it.
 */
export const launchWhole = (frames: "storage-blocked" | "storage-partitioned" = "storage-blocked") =>
  started(
    process.env.CHROMIUM ?? whole,
    frames === "storage-blocked" ? quiet : [...quiet, "--disable-features=Translate"],
  );

/** The files in which the kernel reads how much of the processor this process's slowed-down browsers may use, and what lifts the limit (control groups, versions 2 and 1). */
function limits(): { file: string; lifted: string }[] {
  const [groups, file, lifted] = existsSync("/sys/fs/cgroup/cgroup.controllers")
    ? (["/sys/fs/cgroup", "cpu.max", "max"] as const)
    : (["/sys/fs/cgroup/cpu", "cpu.cfs_quota_us", "-1"] as const);
  return readdirSync(groups)
    .filter((group) => group.startsWith(`yingda-slowed-${process.pid}-`))
    .map((group) => ({ file: `${groups}/${group}/${file}`, lifted }));
}

/** Lets a slowed-down browser compute as fast as it can, for work that waits for nothing and whose result does not depend on time. */
export async function atFullSpeed<T>(work: () => Promise<T>): Promise<T> {
  if (slow === 1) return work();
  const before = limits().map(({ file, lifted }) => ({ file, lifted, share: readFileSync(file, "utf8").trim() }));
  for (const { file, lifted } of before) writeFileSync(file, lifted);
  try {
    return await work();
  } finally {
    for (const { file, share } of before) writeFileSync(file, share);
  }
}
