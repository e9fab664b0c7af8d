import { defineConfig } from "vitest/config";
import { shared } from "../../tests.ts";

const common = shared("ui/antd", 3);

export default defineConfig({
  test: {
    ...common,
    environment: "jsdom",
    setupFiles: [...common.setupFiles, "./test/setup.ts"],
    include: ["test/**/*.test.{ts,tsx}"],
    css: { include: /tokens\.css/ },
  },
});
