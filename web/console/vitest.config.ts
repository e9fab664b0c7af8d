import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";
import { slowness } from "../slowness.ts";

export default defineConfig({
  plugins: [react()],
  server: { fs: { allow: ["../.."] } },
  test: {
    name: "console",
    testTimeout: 180_000 * slowness,
    environment: "jsdom",
    setupFiles: ["./test/setup.ts"],
    include: ["test/**/*.test.{ts,tsx}"],
    css: { include: /tokens\.css/ },
  },
});
