import type { Bilingual, Lang } from "@yingda/api/types";
import type words from "../locales/zh-CN/widget.json";

export type Key = keyof typeof words;
type Values = Record<string, string | number>;

let table: Record<string, string> = {};
export let lang: Lang = "zh-CN";

/** Loads one language; the other's chunk is never fetched. */
export async function loadWords(to: Lang): Promise<void> {
  const m = to === "en" ? await import("../locales/en/widget.json") : await import("../locales/zh-CN/widget.json");
  table = m.default;
  lang = to;
  document.documentElement.lang = to;
}

/** `one|many` is chosen by the plural rule for `n`; `{name}` is filled in. */
export function t(key: Key, values: Values = {}): string {
  const forms = (table[key] ?? key).split("|");
  const form = forms[forms[1] && new Intl.PluralRules(lang).select(Number(values.n)) !== "one" ? 1 : 0] ?? "";
  return form.replace(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? ""));
}

/** The reason behind a code of the server, in the reader's language. */
export function reason(code: string): string {
  const key = `code.${code}`;
  return t((key in table ? key : "code.other") as Key);
}

export const pick = (b: Bilingual): string => (lang === "en" ? b.en || b.zh : b.zh || b.en);

const TIME: Intl.DateTimeFormatOptions = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };

export const clock = (at: number): string => new Intl.DateTimeFormat(lang, TIME).format(at);

/** The line between two stretches of time. */
export function day(at: number): string {
  if (new Date(at).toDateString() === new Date().toDateString()) return t("today", { at: clock(at) });
  return new Intl.DateTimeFormat(lang, { ...TIME, month: lang === "en" ? "short" : "long", day: "numeric" }).format(at);
}

export const money = (fen: number): string => {
  const whole = fen % 100 === 0;
  return `¥${new Intl.NumberFormat(lang, { minimumFractionDigits: whole ? 0 : 2 }).format(fen / 100)}`;
};

export const bytes = (n: number): string =>
  n < 1e6
    ? `${new Intl.NumberFormat(lang, { maximumFractionDigits: 0 }).format(Math.max(1, n / 1e3))} KB`
    : `${new Intl.NumberFormat(lang, { maximumFractionDigits: 1 }).format(n / 1e6)} MB`;
