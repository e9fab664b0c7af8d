import { fileURLToPath } from "node:url";
import type { Plugin } from "vite";

/** What the hall serves at `/hall/art.js`, beside the illustrations; where there is no hall, in development and in tests, its source. */
export function art(): Plugin {
  let build = false;
  return {
    name: "art",
    enforce: "pre",
    configResolved(config) {
      build = config.command === "build";
    },
    resolveId: (id) =>
      id !== "/hall/art.js"
        ? null
        : build
          ? { id, external: true }
          : fileURLToPath(new URL("../../ui/tokens/art.ts", import.meta.url)),
  };
}
