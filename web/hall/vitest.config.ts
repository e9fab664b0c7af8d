import { defineConfig } from "vitest/config";

export default defineConfig({ test: { name: "hall", testTimeout: 60_000 * Number(process.env.SLOWNESS ?? 1), environment: "jsdom", include: ["test/**/*.test.{ts,tsx}"] } });
