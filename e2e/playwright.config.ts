import { availableParallelism } from "node:os";
import { defineConfig } from "@playwright/test";
import type { Options } from "./support/test";
import { launch } from "./support/browser";
import { slow, slowness } from "./support/slowness";

/** Stories in a real Chromium against a real server, in Chinese or in English. */
export default defineConfig<Options>({
  testDir: "stories",
  testMatch: "*.spec.ts",
  outputDir: "test-results",
  workers: Number(process.env.WORKERS ?? availableParallelism()),
  fullyParallel: true,
  // `make test` gives a story that fails a second chance: alone, after the others, and traced (scripts/second-chance.mjs).
  retries: 0,
  forbidOnly: !!process.env.CI,
  // A story must fail because something is wrong, never because the machine is busy.
  timeout: 300_000 * slowness,
  expect: { timeout: 40_000 * slowness },
  reporter: [["list"]],
  use: {
    browserName: "chromium",
    headless: true,
    launchOptions: launch(),
    viewport: { width: 1440, height: 900 },
    timezoneId: "Asia/Shanghai",
    colorScheme: "light",
    reducedMotion: "reduce",
    actionTimeout: 40_000 * slowness,
    navigationTimeout: 60_000 * slowness,
    screenshot: "only-on-failure",
    // In a search for chance failures, the attempt that failed is the one that matters. Pictures are most of a trace's cost.
    trace: slow > 1 ? { mode: "retain-on-failure", screenshots: false, snapshots: true } : "off",
  },
  projects: [
    // Each story runs in the language of its tag; if wording or layout matter, in both.
    { name: "zh-CN", use: { locale: "zh-CN", lang: "zh-CN" }, grep: /@(zh-CN|both)(\s|$)/ },
    { name: "en", use: { locale: "en-GB", lang: "en" }, grep: /@(en|both)(\s|$)/ },
  ],
});
