import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import type { Plugin } from "vite";

const TOKENS = new URL("../../ui/tokens/tokens.css", import.meta.url);
const RULE = /((?:@media[^{]+\{\s*)?:root[^{]*)\{([^{}]*)\}(\s*\})?/g;
const DECLARATION = /([\w-]+)\s*:\s*([^;]+)(?:;|$)/g;
const USE = /var\((--y-[\w-]+)\)/g;

/**
 * `css` with the design tokens in place of `@tokens;`: only those it uses, directly or through another one. A token with one value in
 * every theme is written where it is used; the others get short names, for the widget's weight is counted in bytes.
 */
export function withTokens(tokens: string, css: string): string {
  const rules = [...tokens.replace(/\/\*[\s\S]*?\*\//g, "").matchAll(RULE)].map(([, head = "", body = "", end]) => ({
    head: head.trim(),
    end: end ? "}" : "",
    list: [...body.matchAll(DECLARATION)].map(([, name = "", value = ""]) => ({ name, value: value.trim() })),
  }));
  const all = rules.flatMap((r) => r.list);
  const values = (name: string) => all.filter((d) => d.name === name).map((d) => d.value);
  const fixed = (name: string) => values(name).length === 1 && !new RegExp(`${name}\\s*:`).test(css);
  const inline = (text: string): string => text.replace(USE, (whole, name: string) => (fixed(name) ? inline(values(name)[0] ?? whole) : whole));

  const used = new Set<string>();
  const visit = (text: string) => {
    for (const [, name = ""] of inline(text).matchAll(USE)) {
      if (used.has(name)) continue;
      used.add(name);
      values(name).forEach(visit);
    }
  };
  visit(css);
  for (const d of all) if (!d.name.startsWith("--")) visit(d.value);

  let head = "";
  for (const r of rules) {
    const kept = r.list.filter((d) => !d.name.startsWith("--") || used.has(d.name));
    if (kept.length) head += `${r.head}{${kept.map((d) => `${d.name}:${inline(d.value)}`).join(";")}}${r.end}\n`;
  }
  const short = [...used].map((name, i) => [name, `--${i.toString(36)}_`] as const);
  const rename = (text: string) => short.reduce((s, [name, to]) => s.replace(new RegExp(`${name}(?![\\w-])`, "g"), to), text);
  return rename(inline(css).replace("@tokens;", head));
}

/** Brings the design tokens into a style sheet that says `@tokens;`. */
export function tokens(): Plugin {
  return {
    name: "tokens",
    enforce: "pre",
    transform(code, id) {
      if (!id.endsWith(".css") || !code.includes("@tokens;")) return null;
      this.addWatchFile(TOKENS.pathname);
      // the parts must be known to tell which tokens they use
      const whole = code.replace(/@import "(.+?)";/g, (_, part: string) => {
        const file = resolve(dirname(id), part);
        this.addWatchFile(file);
        return readFileSync(file, "utf8");
      });
      return withTokens(readFileSync(TOKENS, "utf8"), whole);
    },
  };
}
