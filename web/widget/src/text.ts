import { isolated } from "@yingda/api/direction";
import type { Bilingual, Lang, ProblemCode } from "@yingda/api/types";
import enLater from "../locales/en/later.json?url";
import en from "../locales/en/widget.json?url";
import type later from "../locales/zh-CN/later.json";
import zhLater from "../locales/zh-CN/later.json?url";
import type words from "../locales/zh-CN/widget.json";
import zh from "../locales/zh-CN/widget.json?url";

export type Key = keyof typeof words | keyof typeof later;
type Table = Record<string, string | undefined>;
type Values = Record<string, string | number>;

let first: Table = {};
let rest: Table = {};
/** the language of `rest`, once it has been requested */
let restIn: Lang | undefined;
export let lang: Lang = "zh-CN";

async function read(url: string): Promise<Table> {
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(String(answer.status));
  return (await answer.json()) as Table;
}
const more = (of: Lang): Promise<Table> => read(of === "en" ? enLater : zhLater);

/** Loads one language; the other one's file is never fetched. */
export async function loadWords(to: Lang): Promise<void> {
  const [now, later] = await Promise.all([read(to === "en" ? en : zh), restIn && more(to)]);
  first = now;
  lang = to;
  if (later) {
    rest = later;
    restIn = to;
  }
  document.documentElement.lang = to;
}

/** Loads the texts of the parts that are loaded later. */
export async function loadMore(): Promise<void> {
  while (restIn !== lang) {
    const to = lang;
    rest = await more(to);
    restIn = to;
  }
}

/** `one|many` is chosen by `n`, as English needs and Chinese does not; `{name}` is filled in. */
export function t(key: Key, values: Values = {}): string {
  const forms = (first[key] ?? rest[key] ?? "").split("|");
  const form = forms[forms[1] && values.n !== 1 ? 1 : 0] ?? "";
  return form.replace(/\{(\w+)\}/g, (_, name: string) => isolated(String(values[name] ?? "")));
}

/** The texts for what customers can do something about; all other codes share one. */
const REASONS: Partial<Record<ProblemCode | "too_large_on_the_way" | "network" | "choose_again", Key>> = {
  too_large: "code.file_large",
  too_large_on_the_way: "code.file_stopped",
  upload_empty: "code.upload_empty",
  upload_refused: "code.upload_refused",
  too_many_requests: "code.too_many_requests",
  too_many_messages: "code.too_many_requests",
  network: "code.network",
  choose_again: "code.choose_again",
  text_too_long: "code.too_long",
  text_unacceptable: "code.unacceptable",
  too_many_left: "code.too_many_left",
  visitor_blocked: "code.visitor_blocked",
};

/** The reason behind a server code, in the reader's language. */
export const reason = (code: string): string => t(REASONS[code as ProblemCode] ?? "code.other");

export const pick = (b: Bilingual): string => (lang === "en" ? b.en || b.zh : b.zh || b.en);

const TIME: Intl.DateTimeFormatOptions = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
const DAY: Intl.DateTimeFormatOptions = { ...TIME, month: "short", day: "numeric" };
const A_DAY = 86_400_000;

export const clock = (at: number): string => new Date(at).toLocaleTimeString(lang, TIME);

/** The line that separates two stretches of time. */
export function day(at: number): string {
  const d = new Date(at);
  if (d.toDateString() === new Date().toDateString()) return t("chat.today", { at: clock(at) });
  return d.toLocaleString(lang, DAY);
}

/** A future time with its day: tomorrow 08:00, Mon, 23 Nov, 08:00. */
export function when(at: number): string {
  const days = Math.round((new Date(at).setHours(0, 0, 0, 0) - new Date().setHours(0, 0, 0, 0)) / A_DAY);
  if (days > 1) return new Date(at).toLocaleString(lang, { ...DAY, weekday: "short" });
  return `${new Intl.RelativeTimeFormat(lang, { numeric: "auto" }).format(days, "day")} ${clock(at)}`;
}

export const money = (hundredths: number, sign: string): string =>
  sign + (hundredths / 100).toLocaleString(lang, { minimumFractionDigits: hundredths % 100 ? 2 : 0 });
