import { defineConfig } from "vitest/config";

export default defineConfig({
  oxc: { jsx: { runtime: "classic", pragma: "h", pragmaFrag: "Fragment", development: false } },
  test: { name: "widget", testTimeout: 60_000 * Number(process.env.SLOWNESS ?? 1), environment: "jsdom", include: ["test/**/*.test.{ts,tsx}"] },
});
