import { defineConfig } from "vitest/config";

export default defineConfig({ test: { projects: ["api", "ui/tokens", "ui/antd", "console", "hall", "widget"] } });
