/** Numbers, money and attribute values in the reader's language. */
import { nameOf, priceOf } from "@yingda/api/money";
import type { Goods, Lang } from "@yingda/api/types";
import type { I18n } from "./i18n";

export { around } from "@yingda/api/around";

export { priceOf as money };

/** The ends of the bands of monthly fees, as a language writes them in a range. */
export const bandEnds = (currency: string, lang: Lang): { low: string; high: string } => {
  const [low, high] = [5_000, 15_000].map((end) => (lang === "en" ? priceOf : spokenPrice)(end, currency, lang));
  return { low: low ?? "", high: high ?? "" };
};

/** An amount with the name of its currency instead of a sign, for easy mode. */
export function spokenPrice(hundredths: number, currency: string, lang: Lang): string {
  const amount = new Intl.NumberFormat(lang, {
    minimumFractionDigits: hundredths % 100 === 0 ? 0 : 2,
    maximumFractionDigits: 2,
  }).format(hundredths / 100);
  return `${amount} ${nameOf(currency, lang)}`;
}

const aDay = 86_400_000;

/** A future time as people say it: tomorrow 08:00, or with its weekday and date. */
export function spokenTime(at: number, lang: Lang): string {
  const time: Intl.DateTimeFormatOptions = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
  const days = Math.round((new Date(at).setHours(0, 0, 0, 0) - new Date().setHours(0, 0, 0, 0)) / aDay);
  if (days > 1) return new Date(at).toLocaleString(lang, { ...time, weekday: "short", month: "short", day: "numeric" });
  return `${new Intl.RelativeTimeFormat(lang, { numeric: "auto" }).format(days, "day")} ${new Date(at).toLocaleTimeString(lang, time)}`;
}

type Attribute = Goods["attributes"][number];

/** A value with its unit: numbers are grouped as the language does, units become words if the language has them. */
export function attributeText(attribute: Attribute, words: I18n): string {
  const value = words.pick(attribute.value);
  const unit = attribute.unit;
  const number = /^\d+(\.\d+)?$/.test(value) ? Number(value) : null;
  const shown =
    number === null ? value : new Intl.NumberFormat(words.lang, { maximumFractionDigits: 3 }).format(number);
  if (unit === "") return shown;
  return words.maybe(`units.${unit}`, { n: number ?? value }) ?? `${shown}\u00A0${unit}`;
}

/** A time as people say it: with the year only if it is not the current one. */
export function when(at: number, lang: Lang): string {
  const date = new Date(at);
  const year = date.getFullYear() === new Date().getFullYear() ? {} : { year: "numeric" as const };
  return new Intl.DateTimeFormat(lang, {
    ...year,
    month: "short",
    day: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  }).format(date);
}

/** A mainland mobile number as it is spoken, in groups of three, four and four; anything else unchanged. */
export const phoneGroups = (text: string): string => text.replace(/^\+86(1\d{2})(\d{4})(\d{4})$/, "$1 $2 $3");
