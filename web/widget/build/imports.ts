import type { Plugin } from "vite";

/** The bundler's module through which every `import()` goes. */
const HELPER = "\0vite/preload-helper.js";

/** Leaves `import()` as it is: the bundler wraps it, for style sheets and preloading, of which the widget has neither. That is half a kilobyte. */
export function imports(): Plugin {
  return {
    name: "imports",
    enforce: "pre",
    load: (id) => (id === HELPER ? "export const __vitePreload = (load) => load();" : null),
  };
}
