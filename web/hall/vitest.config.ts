import { defineConfig } from "vitest/config";

export default defineConfig({ test: { name: "hall", environment: "jsdom", include: ["test/**/*.test.{ts,tsx}"] } });
