import { defineConfig } from "vitest/config";
import { shared } from "../tests.ts";

export default defineConfig({
  test: { ...shared("hall", 5), environment: "jsdom", include: ["test/**/*.test.{ts,tsx}"] },
});
