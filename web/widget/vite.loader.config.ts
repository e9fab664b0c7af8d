import { defineConfig } from "vite";
import { ascii } from "./build/ascii.ts";
import { smaller } from "./build/smaller.ts";

/** The loader: one file with a fixed name beside the app. */
export default defineConfig({
  plugins: [smaller(), ascii()],
  build: {
    target: "es2020",
    emptyOutDir: false,
    modulePreload: false,
    rolldownOptions: {
      input: new URL("src/loader/w.ts", import.meta.url).pathname,
      output: { format: "iife", entryFileNames: "w.js" },
    },
  },
});
