import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    name: "ui/antd",
    environment: "jsdom",
    setupFiles: ["./test/setup.ts"],
    include: ["test/**/*.test.{ts,tsx}"],
    css: { include: /tokens\.css/ },
  },
});
