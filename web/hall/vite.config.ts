import { readFileSync } from "node:fs";
import { defineConfig, minify, transformWithOxc, type Plugin } from "vite";

/** The few texts in index.html itself are taken from the locale files as well: `%zh:shell.key%`. */
function localeWords(): Plugin {
  return {
    name: "locale-words",
    transformIndexHtml: (html) =>
      html.replace(/%(zh-CN|en):(\w+)\.(\w+)%/g, (whole, lang: string, feature: string, key: string) => {
        const file = new URL(`./locales/${lang}/${feature}.json`, import.meta.url);
        const words = JSON.parse(readFileSync(file, "utf8")) as Record<string, string>;
        const text = words[key];
        if (text === undefined) throw new Error(`index.html names a missing locale key: ${whole}`);
        return text;
      }),
  };
}

/**
 * The illustrations have a permanent address, `/hall/illustrations.svg`, which the hall and the chat's product card share;
 * so have their colours, `/hall/art.js`, for the chat, whose own scripts are to be small.
 */
function illustrations(): Plugin {
  const file = new URL("../ui/tokens/illustrations.svg", import.meta.url);
  const colours = async (): Promise<string> => {
    const source = readFileSync(new URL("../ui/tokens/art.ts", import.meta.url), "utf8");
    return (await minify("art.js", (await transformWithOxc(source, "art.ts")).code, { module: true })).code;
  };
  return {
    name: "illustrations",
    async generateBundle() {
      this.emitFile({ type: "asset", fileName: "illustrations.svg", source: readFileSync(file) });
      this.emitFile({ type: "asset", fileName: "art.js", source: await colours() });
    },
    configureServer(server) {
      server.middlewares.use("/hall/illustrations.svg", (_, response) => {
        response.setHeader("Content-Type", "image/svg+xml");
        response.end(readFileSync(file));
      });
      server.middlewares.use("/hall/art.js", (_, response, next) => {
        colours().then((code) => {
          response.setHeader("Content-Type", "text/javascript");
          response.end(code);
        }, next);
      });
    },
  };
}

/**
 * The style sheet is loaded in parallel with the script instead of before it:
 * src/main.tsx requests the hall's data meanwhile, then applies the sheet and draws.
 */
function sheetBesideScript(): Plugin {
  return {
    name: "sheet-beside-script",
    transformIndexHtml: {
      order: "post",
      handler: (html) => html.replace('<link rel="stylesheet"', '<link rel="preload" as="style" data-sheet'),
    },
  };
}

export default defineConfig({
  base: "/hall/",
  plugins: [localeWords(), illustrations(), sheetBesideScript()],
  build: { target: "es2022", assetsInlineLimit: 0, modulePreload: { polyfill: false }, cssCodeSplit: false },
  server: {
    proxy: { "/api": "http://127.0.0.1:8080", "/w.js": "http://127.0.0.1:8080", "/widget": "http://127.0.0.1:8080" },
  },
});
