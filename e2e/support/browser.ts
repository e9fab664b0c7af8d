import { existsSync } from "node:fs";
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
