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
    ? { executablePath: fileURLToPath(new URL("../../scripts/slowed.sh", import.meta.url)), args, env: { ...process.env, SLOWED: chromium } }
    : { executablePath: chromium, args };

/** Chromium without a window, where it is installed: the same engine, a quarter cheaper. */
export const launch = () => started(process.env.CHROMIUM ?? (existsSync(shell) ? shell : whole));

/**
 * The whole browser, which a page may need that stands in a frame on another site: whether such a frame has storage is decided outside the engine.
 * Playwright switches ThirdPartyStoragePartitioning off, and with it the frame loses its storage; a `--disable-features` of our own replaces that list and
 * gives storage back, as visitors' browsers have it.
 */
export const launchWhole = (frames: "storage-blocked" | "storage-partitioned" = "storage-blocked") =>
  started(process.env.CHROMIUM ?? whole, frames === "storage-blocked" ? quiet : [...quiet, "--disable-features=Translate"]);
