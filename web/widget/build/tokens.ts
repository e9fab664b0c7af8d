import { readFileSync } from "node:fs";
import type { Plugin } from "vite";

const TOKENS = new URL("../../ui/tokens/tokens.css", import.meta.url);
const RULE = /((?:@media[^{]+\{\s*)?:root[^{]*)\{([^{}]*)\}(\s*\})?/g;
const DECLARATION = /([\w-]+)\s*:\s*([^;]+);/g;

/** The rules of tokens.css, with only those custom properties that `css` uses, directly or through another one. */
export function subset(tokens: string, css: string): string {
  const bare = tokens.replace(/\/\*[\s\S]*?\*\//g, "");
  const names = (text: string) => [...text.matchAll(/var\((--y-[\w-]+)/g)].map((m) => m[1] ?? "");
  const used = new Set(names(css));
  for (let size = -1; size !== used.size; ) {
    size = used.size;
    for (const [, name = "", value = ""] of bare.matchAll(DECLARATION)) {
      if (used.has(name) || !name.startsWith("--")) for (const other of names(value)) used.add(other);
    }
  }
  let out = "";
  for (const [, head = "", body = "", end] of bare.matchAll(RULE)) {
    const kept = [...body.matchAll(DECLARATION)].filter(([, name = ""]) => !name.startsWith("--") || used.has(name));
    if (kept.length) out += `${head.trim()}{${kept.map(([, n, v]) => `${n}:${v?.trim()}`).join(";")}}${end ? "}" : ""}\n`;
  }
  return out;
}

/** Puts the needed part of the design tokens in place of `@tokens;` in a style sheet. */
export function tokens(): Plugin {
  return {
    name: "tokens",
    enforce: "pre",
    transform(code, id) {
      if (!id.endsWith(".css") || !code.includes("@tokens;")) return null;
      this.addWatchFile(TOKENS.pathname);
      return code.replace("@tokens;", subset(readFileSync(TOKENS, "utf8"), code));
    },
  };
}
