import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import type { Plugin } from "vite";

export type Table = Record<string, string>;
/** `widget` holds the texts needed first, `later` those of the parts that are loaded later. */
export type Which = "widget" | "later";
export const tableOf = (lang: string, which: Which): Table =>
  JSON.parse(readFileSync(new URL(`../locales/${lang}/${which}.json`, import.meta.url), "utf8")) as Table;

/** Turns keys in the sources into positions in a list: `t("rate.send")` becomes `t(88)`, and a locale is a list of sentences. */
export function numbered(code: string, keys: readonly string[]): string {
  return code.replace(/"([a-z_]+(?:\.\w+)+)"/g, (whole, key: string) =>
    keys.includes(key) ? String(keys.indexOf(key)) : whole,
  );
}

/** The sentences of `lang` in the order of `keys`. */
export const sentences = (table: Table, keys: readonly string[]): string =>
  JSON.stringify(keys.map((k) => table[k] ?? ""));

/** Sentences that continue the list after `first`, by position. */
export const further = (table: Table, keys: readonly string[], first: number): string =>
  JSON.stringify(Object.fromEntries(keys.map((k, i) => [first + i, table[k] ?? ""])));

/** Builds each locale as two small files that only its readers fetch, and fills in `%lang:key%` in the pages. */
export function words(): Plugin {
  const keys = Object.keys(tableOf("zh-CN", "widget"));
  const laterKeys = Object.keys(tableOf("zh-CN", "later"));
  let build = false;
  return {
    name: "words",
    enforce: "pre",
    configResolved(config) {
      build = config.command === "build";
    },
    transformIndexHtml: (html) =>
      html.replace(
        /%(zh-CN|en):([\w.]+)%/g,
        (_, lang: string, key: string) => ({ ...tableOf(lang, "widget"), ...tableOf(lang, "later") })[key] ?? "",
      ),
    load(id) {
      const [, lang, which] = /locales\/([\w-]+)\/(widget|later)\.json\?url$/.exec(id) ?? [];
      if (!build || !lang) return null;
      const isFirst = which === "widget";
      const table = tableOf(lang, isFirst ? "widget" : "later");
      const source = isFirst ? sentences(table, keys) : further(table, laterKeys, keys.length);
      const hash = createHash("sha256").update(source).digest("hex").slice(0, 8);
      const fileName = `assets/${isFirst ? "" : "later-"}${lang}-${hash}.json`;
      this.emitFile({ type: "asset", fileName, source });
      return `export default ${JSON.stringify(`/widget/${fileName}`)}`;
    },
    transform(code, id) {
      return build && /widget\/src\/.*\.tsx?$|api\/src\/kinds\.ts$/.test(id)
        ? numbered(code, [...keys, ...laterKeys])
        : null;
    },
  };
}
