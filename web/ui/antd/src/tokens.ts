import css from "@yingda/tokens/tokens.css?raw";

export type ThemeName = "light" | "dark" | "contrast";
export const themeNames: readonly ThemeName[] = ["light", "dark", "contrast"];

/** The values of tokens.css under their camelCase names: `--y-brand-hover` is `brandHover`, `--y-text-2` is `text2`. */
export type Tokens = Readonly<Record<string, string>>;

const camel = (name: string) => name.replace(/-([a-z0-9])/g, (_, c: string) => c.toUpperCase());

function declarations(block: string): Record<string, string> {
  const found: Record<string, string> = {};
  for (const [, name, value] of block.matchAll(/--y-([a-z0-9-]+)\s*:\s*([^;]+);/g)) {
    if (name && value) found[camel(name)] = value.trim();
  }
  return found;
}

/** Reads the three themes from the style sheet; dark and contrast inherit what they do not set. */
export function parseTokens(source: string): Record<ThemeName, Tokens> {
  const plain = source.replace(/\/\*[\s\S]*?\*\//g, "");
  const blockOf = (selector: string) => {
    const start = plain.indexOf(selector + " {");
    return start < 0 ? "" : plain.slice(start, plain.indexOf("}", start));
  };
  const light = declarations(blockOf(":root"));
  const resolve = (own: Record<string, string>): Tokens => {
    const all = { ...light, ...own };
    const value = (text: string): string =>
      text.replace(/var\(--y-([a-z0-9-]+)\)/g, (whole, name: string) => {
        const inner = all[camel(name)];
        return inner === undefined ? whole : value(inner);
      });
    return Object.fromEntries(Object.entries(all).map(([name, text]) => [name, value(text)]));
  };
  return {
    light: resolve({}),
    dark: resolve(declarations(blockOf(':root[data-theme="dark"]'))),
    contrast: resolve(declarations(blockOf(':root[data-theme="contrast"]'))),
  };
}

export const tokens = parseTokens(css);

/** A token that must exist; a misspelt name is a bug and fails at once. */
export function token(set: Tokens, name: string): string {
  const value = set[name];
  if (value === undefined) throw new Error(`tokens.css has no ${name}`);
  return value;
}
