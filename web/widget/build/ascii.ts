import type { Plugin } from "vite";

/** Escapes everything outside ASCII, so that a page in any encoding (many old shops use GBK) reads the script correctly. */
export function ascii(): Plugin {
  return {
    name: "ascii",
    generateBundle(_, bundle) {
      for (const chunk of Object.values(bundle)) {
        if (chunk.type !== "chunk") continue;
        chunk.code = chunk.code.replace(/[^\0-\x7f]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`);
      }
    },
  };
}
