import { defineConfig } from "vitest/config";
import { shared } from "../tests.ts";

export default defineConfig({
  test: { ...shared("api", 1), environment: "jsdom", include: ["test/**/*.test.ts"] },
});
