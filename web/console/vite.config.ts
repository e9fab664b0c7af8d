import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

/** Most pages need these; in one chunk they compress better than in several. None of it may be loaded before signing in. */
const behindSignIn = /console\/src\/lib\/(field|kbd|mutations|people|read-again|words)\.tsx?$/;

/** Only pages with charts load the library that draws them. */
const charts = /node_modules\/(echarts|zrender)\//;

export default defineConfig({
  base: "/console/",
  plugins: [react()],
  // the handbook is in docs/
  server: { fs: { allow: ["../.."] } },
  build: {
    target: "es2022",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1600,
    rolldownOptions: {
      output: {
        codeSplitting: {
          includeDependenciesRecursively: false,
          groups: [
            { name: "behind-sign-in", test: behindSignIn },
            { name: "echarts", test: charts },
          ],
        },
      },
    },
  },
});
