import type { Bilingual, Lang } from "@yingda/api/types";
import en from "../locales/en/widget.json?url";
import type words from "../locales/zh-CN/widget.json";
import zh from "../locales/zh-CN/widget.json?url";

export type Key = keyof typeof words;
type Values = Record<string, string | number>;

let table: Record<string, string | undefined> = {};
export let lang: Lang = "zh-CN";

/** Loads one language; the other's file is never fetched. */
export async function loadWords(to: Lang): Promise<void> {
  table = (await (await fetch(to === "en" ? en : zh)).json()) as typeof table;
  lang = to;
  document.documentElement.lang = to;
}

/** `one|many` is chosen by `n`, as English does it and Chinese need not; `{name}` is filled in. */
export function t(key: Key, values: Values = {}): string {
  const forms = (table[key] ?? "").split("|");
  const form = forms[forms[1] && values.n !== 1 ? 1 : 0] ?? "";
  return form.replace(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? ""));
}

const REASONS: Record<string, Key> = {
  file_large: "code.file_large",
  upload_empty: "code.upload_empty",
  upload_refused: "code.upload_refused",
  too_many_requests: "code.too_many_requests",
  network: "code.network",
  choose_again: "code.choose_again",
  text_too_long: "code.too_long",
  text_unacceptable: "code.unacceptable",
};

/** The reason behind a code of the server, in the reader's language. */
export const reason = (code: string): string => t(REASONS[code] ?? "code.other");

export const pick = (b: Bilingual): string => (lang === "en" ? b.en || b.zh : b.zh || b.en);

const TIME: Intl.DateTimeFormatOptions = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };

export const clock = (at: number): string => new Date(at).toLocaleTimeString(lang, TIME);

/** The line between two stretches of time. */
export function day(at: number): string {
  const d = new Date(at);
  if (d.toDateString() === new Date().toDateString()) return t("chat.today", { at: clock(at) });
  return d.toLocaleString(lang, { ...TIME, month: "short", day: "numeric" });
}

export const money = (fen: number): string => `¥${(fen / 100).toLocaleString(lang, { minimumFractionDigits: fen % 100 ? 2 : 0 })}`;

export const bytes = (n: number): string =>
  (n < 1e6 ? Math.ceil(n / 1e3) : n / 1e6).toLocaleString(lang, { maximumFractionDigits: 1 }) + (n < 1e6 ? " KB" : " MB");
