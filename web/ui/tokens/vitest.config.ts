import { defineConfig } from "vitest/config";
import { shared } from "../../tests.ts";

export default defineConfig({ test: { ...shared("tokens", 2), environment: "node", include: ["*.test.ts"] } });
