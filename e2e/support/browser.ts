import type { LaunchOptions } from "@playwright/test";

const quiet = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/**
 * The browser that is installed. Playwright switches ThirdPartyStoragePartitioning off, and with it a frame from another site loses its
 * storage; a `--disable-features` of our own replaces that list and gives storage back, as visitors' browsers have it.
 */
export function launch(frames: "storage-blocked" | "storage-partitioned" = "storage-blocked"): LaunchOptions {
  return {
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: frames === "storage-blocked" ? quiet : [...quiet, "--disable-features=Translate"],
  };
}
