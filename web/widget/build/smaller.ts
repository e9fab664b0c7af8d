import { minify } from "terser";
import type { Plugin } from "vite";

/** Minifies the bundler's minified output again: it saves a few per cent, and every customer loads this. */
export function smaller(): Plugin {
  return {
    name: "smaller",
    async generateBundle(_, bundle) {
      for (const chunk of Object.values(bundle)) {
        if (chunk.type !== "chunk") continue;
        const { code } = await minify(chunk.code, {
          module: true,
          ecma: 2020,
          compress: { passes: 3, unsafe_arrows: true, unsafe_methods: true, sequences: false, pure_getters: true },
        });
        chunk.code = code ?? chunk.code;
      }
    },
  };
}
