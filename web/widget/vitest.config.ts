import { defineConfig } from "vitest/config";
import { art } from "./build/art.ts";
import { slowness } from "../slowness.ts";

export default defineConfig({
  plugins: [art()],
  oxc: { jsx: { runtime: "classic", pragma: "h", pragmaFrag: "Fragment", development: false } },
  test: { name: "widget", testTimeout: 60_000 * slowness, environment: "jsdom", include: ["test/**/*.test.{ts,tsx}"] },
});
