import { existsSync } from "node:fs";
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

const whole = "/usr/bin/chromium";
const shell = "/usr/bin/chromium-headless-shell";

/** Chromium without a window, where it is installed: the same engine, a quarter cheaper. */
export const launch = (): LaunchOptions => ({ executablePath: process.env.CHROMIUM ?? (existsSync(shell) ? shell : whole), args: quiet });

/**
 * The whole browser, which a page may need that stands in a frame on another site: whether such a frame has storage is decided outside the engine.
 * Playwright switches ThirdPartyStoragePartitioning off, and with it the frame loses its storage; a `--disable-features` of our own replaces that list and
 * gives storage back, as visitors' browsers have it.
 */
export const launchWhole = (frames: "storage-blocked" | "storage-partitioned" = "storage-blocked"): LaunchOptions => ({
  executablePath: process.env.CHROMIUM ?? whole,
  args: frames === "storage-blocked" ? quiet : [...quiet, "--disable-features=Translate"],
});
