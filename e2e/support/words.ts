import { readFileSync, readdirSync } from "node:fs";
import path from "node:path";

export type Lang = "zh-CN" | "en";
type Values = Record<string, string | number>;
type Table = Record<string, string>;

const web = path.resolve(import.meta.dirname, "../../web");
const literal = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

function read(page: string, lang: Lang): Record<string, Table> {
  // In `locales/LANGUAGE`, and beside the pages as `FEATURE.LANGUAGE.json`.
  const under = (folder: string, end: string): string[] =>
    readdirSync(path.join(web, page, folder), { recursive: true })
      .map((file) => path.join(web, page, folder, `${file}`))
      .filter((file) => file.endsWith(end));
  // The names of the console's pages are said by its features.
  const made = page === "console" ? under(`src/made/${lang}`, ".json") : [];
  const tables: Record<string, Table> = {};
  for (const file of [...under(`locales/${lang}`, ".json"), ...under("src", `.${lang}.json`), ...made])
    Object.assign(
      (tables[path.basename(file).replace(/\..*$/, "")] ??= {}),
      JSON.parse(readFileSync(file, "utf8")) as Table,
    );
  return tables;
}

/** The texts of the pages themselves, so that one story reads both languages. A key that does not exist ends the story. */
export class Words {
  readonly #pages: Record<"hall" | "widget" | "console", Record<string, Table>>;

  constructor(readonly lang: Lang) {
    this.#pages = { hall: read("hall", lang), widget: read("widget", lang), console: read("console", lang) };
  }

  /** A text of the hall by feature and key: `product.ask`. */
  hall(key: string, values: Values = {}): string {
    const dot = key.indexOf(".");
    return this.#fill(this.#find("hall", key.slice(0, dot), key.slice(dot + 1)), values);
  }

  /** A sentence of the chat: from the texts needed first, or of a part that is loaded later. */
  widget(key: string, values: Values = {}): string {
    return this.#fill(this.#pages.widget.later?.[key] ?? this.#find("widget", "widget", key), values);
  }

  /** A text of the console by feature and key: `desk.resolve`. */
  console(key: string, values: Values = {}): string {
    const dot = key.indexOf(".");
    const feature = key.slice(0, dot);
    const name = key.slice(dot + 1);
    const plural = typeof values.count === "number" && `${name}_other` in (this.#pages.console[feature] ?? {});
    return this.#fill(
      this.#find("console", feature, plural ? `${name}_${this.#form(values.count as number)}` : name),
      values,
    );
  }

  /** Matches a text with any values: `Reply to {name}…` matches any name. */
  like(text: string): RegExp {
    const parts = text.split("|").map((form) =>
      form
        .split(/\{\{?\w+\}?\}/)
        .map(literal)
        .join(".*"),
    );
    return new RegExp(`^(?:${parts.join("|")})$`);
  }

  /** The side of a bilingual text that this reader sees. */
  pick<T>(zh: T, en: T): T {
    return this.lang === "en" ? en : zh;
  }

  number(n: number): string {
    return new Intl.NumberFormat(this.lang).format(n);
  }

  #form(n: number): "one" | "other" {
    return new Intl.PluralRules(this.lang).select(n) === "one" ? "one" : "other";
  }

  #find(page: "hall" | "widget" | "console", feature: string, key: string): string {
    const text = this.#pages[page][feature]?.[key];
    if (text === undefined) throw new Error(`${feature} of web/${page} has no "${key}" in ${this.lang}`);
    return text;
  }

  #fill(text: string, values: Values): string {
    const forms = text.split("|");
    const form =
      typeof values.n === "number" && forms[1] !== undefined
        ? this.#form(values.n) === "one"
          ? forms[0]
          : forms[1]
        : text;
    return (form ?? text).replace(/\{\{?(\w+)\}?\}/g, (whole, name: string) => String(values[name] ?? whole));
  }
}
