import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";
import { collected } from "./build/collect.mjs";
import { slowness } from "../slowness.ts";
import { shared } from "../tests.ts";

const common = shared("console", 4);

export default defineConfig({
  plugins: [collected(), react()],
  server: { fs: { allow: ["../.."] } },
  test: {
    ...common,
    testTimeout: 180_000 * slowness,
    environment: "jsdom",
    setupFiles: [...common.setupFiles, "../ui/antd/test/setup.ts", "./test/setup.ts"],
    include: ["test/**/*.test.{ts,tsx}"],
    css: { include: /tokens\.css/ },
  },
});
