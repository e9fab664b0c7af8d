import { defineConfig } from "vitest/config";

export default defineConfig({
  oxc: { jsx: { runtime: "classic", pragma: "h", pragmaFrag: "Fragment", development: false } },
  test: { name: "widget", environment: "jsdom", include: ["test/**/*.test.{ts,tsx}"] },
});
