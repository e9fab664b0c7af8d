import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import type { Plugin } from "vite";

export type Table = Record<string, string>;
export const tableOf = (lang: string): Table =>
  JSON.parse(readFileSync(new URL(`../locales/${lang}/widget.json`, import.meta.url), "utf8")) as Table;

/** Keys in the sources become places in a list: `t("rate.send")` is `t(88)`, and a locale is a list of sentences. */
export function numbered(code: string, keys: readonly string[]): string {
  return code.replace(/"([a-z_]+(?:\.\w+)+)"/g, (whole, key: string) => (keys.includes(key) ? String(keys.indexOf(key)) : whole));
}

/** The sentences of `lang` in the order of `keys`. */
export const sentences = (table: Table, keys: readonly string[]): string => JSON.stringify(keys.map((k) => table[k] ?? ""));

/** Builds each locale as one small file that only its readers fetch, and fills `%lang:key%` in the pages. */
export function words(): Plugin {
  const keys = Object.keys(tableOf("zh-CN"));
  let build = false;
  return {
    name: "words",
    enforce: "pre",
    configResolved(config) {
      build = config.command === "build";
    },
    transformIndexHtml: (html) => html.replace(/%(zh-CN|en):([\w.]+)%/g, (_, lang: string, key: string) => tableOf(lang)[key] ?? ""),
    load(id) {
      const lang = /locales\/([\w-]+)\/widget\.json\?url$/.exec(id)?.[1];
      if (!build || !lang) return null;
      const source = sentences(tableOf(lang), keys);
      const fileName = `assets/${lang}-${createHash("sha256").update(source).digest("hex").slice(0, 8)}.json`;
      this.emitFile({ type: "asset", fileName, source });
      return `export default ${JSON.stringify(`/widget/${fileName}`)}`;
    },
    transform(code, id) {
      return build && /widget\/src\/.*\.tsx?$/.test(id) ? numbered(code, keys) : null;
    },
  };
}
