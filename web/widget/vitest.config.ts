import { defineConfig } from "vitest/config";
import { slowness } from "../slowness.ts";

export default defineConfig({
  oxc: { jsx: { runtime: "classic", pragma: "h", pragmaFrag: "Fragment", development: false } },
  test: { name: "widget", testTimeout: 60_000 * slowness, environment: "jsdom", include: ["test/**/*.test.{ts,tsx}"] },
});
