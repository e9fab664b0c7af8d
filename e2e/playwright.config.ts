import { defineConfig } from "@playwright/test";
import type { Options } from "./support/test";
import { launch } from "./support/browser";

/** Stories in a real Chromium against a real server, in Chinese and in English. */
export default defineConfig<Options>({
  testDir: "stories",
  testMatch: "*.spec.ts",
  outputDir: "test-results",
  workers: 1,
  retries: 0,
  forbidOnly: !!process.env.CI,
  // A story fails because something is wrong, never because the machine is crowded.
  timeout: 300_000,
  expect: { timeout: 40_000 },
  reporter: [["list"]],
  use: {
    browserName: "chromium",
    headless: true,
    launchOptions: launch(),
    viewport: { width: 1440, height: 900 },
    timezoneId: "Asia/Shanghai",
    colorScheme: "light",
    reducedMotion: "reduce",
    actionTimeout: 40_000,
    navigationTimeout: 60_000,
    screenshot: "only-on-failure",
    trace: { mode: "retain-on-failure", screenshots: false, sources: false },
  },
  projects: [
    // Each story is told in the language of its tag; where words or layout are its point, in both.
    { name: "zh-CN", use: { locale: "zh-CN", lang: "zh-CN" }, grep: /@(zh-CN|both)$/ },
    { name: "en", use: { locale: "en-GB", lang: "en" }, grep: /@(en|both)$/ },
  ],
});
