import { defineConfig } from "vitest/config";
import { slowness } from "../slowness.ts";

export default defineConfig({
  test: { name: "hall", testTimeout: 60_000 * slowness, environment: "jsdom", include: ["test/**/*.test.{ts,tsx}"] },
});
