import { defineConfig } from "vitest/config";
import { art } from "./build/art.ts";
import { shared } from "../tests.ts";

export default defineConfig({
  plugins: [art()],
  oxc: { jsx: { runtime: "classic", pragma: "h", pragmaFrag: "Fragment", development: false } },
  test: { ...shared("widget", 6), environment: "jsdom", include: ["test/**/*.test.{ts,tsx}"] },
});
