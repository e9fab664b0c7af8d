/** Numbers, money and attribute values in the reader's language. */
import type { Goods, Lang } from "@yingda/api/types";
import type { I18n } from "./i18n";

/** Whole yuan without decimals, anything else with two. */
export function money(fen: number, currency: string, lang: Lang): string {
  return new Intl.NumberFormat(lang, {
    style: "currency",
    currency,
    currencyDisplay: "narrowSymbol",
    trailingZeroDisplay: "stripIfInteger",
  }).format(fen / 100);
}

type Attribute = Goods["attributes"][number];

/** True for a value that is one number with a unit: something a person can ask "how much" about. */
export function isMeasure(attribute: Attribute): boolean {
  return /^\d+(\.\d+)?$/.test(attribute.value.zh) && attribute.unit !== "";
}

/** A value with its unit: numbers get the language's grouping, units their words where a language has some. */
export function attributeText(attribute: Attribute, words: I18n): string {
  const value = words.pick(attribute.value);
  const unit = attribute.unit;
  const number = /^\d+(\.\d+)?$/.test(value) ? Number(value) : null;
  const shown = number === null ? value : new Intl.NumberFormat(words.lang, { maximumFractionDigits: 3 }).format(number);
  if (unit === "") return shown;
  return words.maybe(`units.${unit}`, { n: number ?? value }) ?? `${shown}\u00A0${unit}`;
}

/** Splits a text around the first place where `part` stands in it, for marking what was typed. */
export function around(text: string, part: string): [string, string, string] {
  const needle = part.trim().toLocaleLowerCase();
  const at = needle === "" ? -1 : text.toLocaleLowerCase().indexOf(needle);
  return at < 0 ? [text, "", ""] : [text.slice(0, at), text.slice(at, at + needle.length), text.slice(at + needle.length)];
}
