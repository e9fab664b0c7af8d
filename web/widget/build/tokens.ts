import { readdirSync, readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import type { Plugin } from "vite";

const TOKENS = new URL("../../ui/tokens/tokens.css", import.meta.url);
const STYLES = new URL("../src/style/", import.meta.url);
const RULE = /((?:@media[^{]+\{\s*)?:root[^{]*)\{([^{}]*)\}(\s*\})?/g;
const DECLARATION = /([\w-]+)\s*:\s*([^;]+)(?:;|$)/g;
const USE = /var\((--y-[\w-]+)\)/g;

/**
 * `css` with the design tokens in place of `@tokens;`: only those that it and `others` use, directly or through another
 * token. A token with the same value in every theme is inlined; the others get short names, because the widget's size
 * is counted in bytes. All sheets of one page must be among `css` and `others`, so that they agree on the names.
 */
export function withTokens(tokens: string, css: string, others = ""): string {
  const every = css + others;
  const rules = [...tokens.replace(/\/\*[\s\S]*?\*\//g, "").matchAll(RULE)].map(([, head = "", body = "", end]) => ({
    head: head.trim(),
    end: end ? "}" : "",
    list: [...body.matchAll(DECLARATION)].map(([, name = "", value = ""]) => ({ name, value: value.trim() })),
  }));
  const all = rules.flatMap((r) => r.list);
  const values = (name: string) => all.filter((d) => d.name === name).map((d) => d.value);
  const fixed = (name: string) => values(name).length === 1 && !new RegExp(`${name}\\s*:`).test(every);
  const inline = (text: string): string =>
    text.replace(USE, (whole, name: string) => (fixed(name) ? inline(values(name)[0] ?? whole) : whole));

  const used = new Set<string>();
  const visit = (text: string) => {
    for (const [, name = ""] of inline(text).matchAll(USE)) {
      if (used.has(name)) continue;
      used.add(name);
      values(name).forEach(visit);
    }
  };
  visit(every);
  for (const d of all) if (!d.name.startsWith("--")) visit(d.value);

  let head = "";
  for (const r of rules) {
    const kept = r.list.filter((d) => !d.name.startsWith("--") || used.has(d.name));
    if (kept.length) head += `${r.head}{${kept.map((d) => `${d.name}:${inline(d.value)}`).join(";")}}${r.end}\n`;
  }
  const short = [...used].sort().map((name, i) => [name, `--${i.toString(36)}_`] as const);
  const rename = (text: string) =>
    short.reduce((s, [name, to]) => s.replace(new RegExp(`${name}(?![\\w-])`, "g"), to), text);
  return rename(inline(css).replace("@tokens;", head));
}

/** Inserts the design tokens into a style sheet that contains `@tokens;`, and their short names into the sheets that are loaded later. */
export function tokens(): Plugin {
  const files = () => readdirSync(STYLES).map((name) => resolve(STYLES.pathname, name));
  const text = (list: string[]) => list.map((file) => readFileSync(file, "utf8")).join("");
  return {
    name: "tokens",
    enforce: "pre",
    transform(code, id) {
      const [file = "", query] = id.split("?");
      const isLater = query === "inline" && files().includes(file);
      if (!isLater && (!file.endsWith(".css") || !code.includes("@tokens;"))) return null;
      this.addWatchFile(TOKENS.pathname);
      for (const one of files()) this.addWatchFile(one);
      const tokens = readFileSync(TOKENS, "utf8");
      if (isLater) return withTokens(tokens, code, text(files()));
      // the imported parts must be inlined to see which tokens they use
      const whole = code.replace(/@import "(.+?)";/g, (_, part: string) =>
        readFileSync(resolve(dirname(id), part), "utf8"),
      );
      return withTokens(tokens, whole, text(files()));
    },
  };
}
