/** The hall's texts in both languages. Keys are `feature.key`; a key that does not exist does not compile. */
import { isolated } from "@yingda/api/direction";
import { ownOf } from "@yingda/api/own";
import type { Bilingual, Lang } from "@yingda/api/types";
import enEasy from "../locales/en/easy.json";
import enGoods from "../locales/en/goods.json";
import enHome from "../locales/en/home.json";
import enPlans from "../locales/en/plans.json";
import enProduct from "../locales/en/product.json";
import enRecommend from "../locales/en/recommend.json";
import enSearch from "../locales/en/search.json";
import enShell from "../locales/en/shell.json";
import enStates from "../locales/en/states.json";
import enUnits from "../locales/en/units.json";
import type account from "../locales/zh-CN/account.json";
import easy from "../locales/zh-CN/easy.json";
import goods from "../locales/zh-CN/goods.json";
import home from "../locales/zh-CN/home.json";
import plans from "../locales/zh-CN/plans.json";
import product from "../locales/zh-CN/product.json";
import recommend from "../locales/zh-CN/recommend.json";
import search from "../locales/zh-CN/search.json";
import shell from "../locales/zh-CN/shell.json";
import states from "../locales/zh-CN/states.json";
import units from "../locales/zh-CN/units.json";

const zh = { easy, goods, home, plans, product, recommend, search, shell, states, units };
const en: { [F in keyof typeof zh]: { [K in keyof (typeof zh)[F]]: string } } = {
  easy: enEasy,
  goods: enGoods,
  home: enHome,
  plans: enPlans,
  product: enProduct,
  recommend: enRecommend,
  search: enSearch,
  shell: enShell,
  states: enStates,
  units: enUnits,
};

/** The texts that come with pages of their own. */
interface Later {
  account: typeof account;
}
type Words = typeof zh & Later;
const added: Record<string, Record<"zh" | "en", Record<string, string>>> = {};

/** Adds texts of pages that are fetched when they are first opened. */
export function addWords<F extends keyof Later>(
  feature: F,
  words: Record<"zh" | "en", Record<keyof Later[F], string>>,
): void {
  added[feature] = words;
}

export type Key = { [F in keyof Words]: `${F}.${keyof Words[F] & string}` }[keyof Words];
export type Values = Record<string, string | number>;

function lookUp(lang: Lang, key: string): string | undefined {
  const dot = key.indexOf(".");
  const words: Record<string, Record<string, string>> = lang === "en" ? en : zh;
  const feature = key.slice(0, dot);
  const known = ownOf(words, feature) ?? ownOf(added, feature)?.[lang === "en" ? "en" : "zh"];
  return known && ownOf(known, key.slice(dot + 1));
}

/** With a number `n`, `one|many` is chosen by the language's plural rule; `{name}` is replaced by the value. */
function fill(lang: Lang, text: string, values: Values): string {
  const [one = text, many] = typeof values.n === "number" ? text.split("|") : [];
  const form = many !== undefined && new Intl.PluralRules(lang).select(Number(values.n)) !== "one" ? many : one;
  return form.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = values[name];
    if (value === undefined) return whole;
    return typeof value === "number" ? new Intl.NumberFormat(lang).format(value) : isolated(value);
  });
}

export interface I18n {
  lang: Lang;
  t(key: Key, values?: Values): string;
  /** The text for a key known only at run time, or undefined. */
  maybe(key: string, values?: Values): string | undefined;
  /** The side of a bilingual text to show; the other one if that side is empty. */
  pick(text: Bilingual): string;
}

export function i18n(lang: Lang): I18n {
  const maybe = (key: string, values: Values = {}): string | undefined => {
    const text = lookUp(lang, key);
    return text === undefined ? undefined : fill(lang, text, values);
  };
  return {
    lang,
    maybe,
    t: (key, values) => maybe(key, values) ?? key,
    pick: (text) => (lang === "en" ? text.en || text.zh : text.zh || text.en),
  };
}
