import type { Language } from "@yingda/antd";
import { graphemes } from "@yingda/api/graphemes";
import type { Bilingual } from "@yingda/api/types";
import type { TFunction } from "i18next";
import { useCallback } from "react";
import { useTranslation } from "react-i18next";
import { hourMinute } from "./format";
import { say } from "./i18n";
import { usePrefs } from "./prefs";
import { useMe } from "./session";

/** A customer as included in rows. Without an account, the server's name is only a placeholder, in the company's language. */
export interface Named {
  id: string;
  name: string;
  account?: unknown;
}

/** What tells apart customers who gave no name: what they look at, what they asked first, and when they came. */
export interface Asked {
  customer: Named;
  subject?: string | null;
  product?: { name: Bilingual } | null;
  created_at?: number;
}

/** Who reads: the words, the language and the time zone in which somebody is called something. */
export interface Reader {
  t: TFunction<"shell">;
  language: Language;
  zone: string;
}

/** The end of a visitor's id: the server writes it instead of a missing name, and no page shows it. */
const codeOf = (id: string) => id.slice(-4).toUpperCase();

/** Whether the name is a customer's, and not what the server writes where there is none. */
export const isNamed = ({ id, name, account }: Named) => Boolean(account) && !name.endsWith(` ${codeOf(id)}`);

/** A customer's name, or the word for a visitor. It does not tell visitors apart: see `titleOf`. */
export const nameOf = (customer: Named, t: TFunction<"shell">): string =>
  isNamed(customer) ? customer.name : t("visitor");

/**
 * The name by which texts may address a customer, or null. What the server writes instead of a missing name is a label for the staff: neither `Visitor 3F2A` nor
 * a masked number is what anybody is called.
 */
export function givenName(customer: Named): string | null {
  const { name, account } = customer;
  const masked = typeof account === "object" && account !== null && "masked" in account ? account.masked : null;
  return isNamed(customer) && name !== masked ? name : null;
}

/** Of a first question, as many characters as tell it from others. */
const wordsAtMost = 40;

function shortened(words: string): string {
  if (words.length <= wordsAtMost) return words;
  const all = graphemes(words);
  return all.length > wordsAtMost ? `${all.slice(0, wordsAtMost).join("").trimEnd()}…` : words;
}

/**
 * What a customer, or the conversation with them, is called where several are listed: the customer's name; of a visitor without one, what they look at and what
 * they asked first; if they have said nothing, when they came.
 */
export function titleOf(one: Asked, { t, language, zone }: Reader): string {
  const { customer, subject, product, created_at: came } = one;
  if (isNamed(customer)) return customer.name;
  const place = say(product?.name, language);
  const words = shortened(subject?.trim() ?? "");
  if (words !== "") return place === "" ? words : t("visitor.asks", { place: shortened(place), words });
  if (place !== "") return t("visitor.at", { place: shortened(place) });
  return came === undefined ? t("visitor") : t("visitor.since", { time: hourMinute(came, zone) });
}

export function useTitleOf(): (one: Asked) => string {
  const { t } = useTranslation("shell");
  const { language } = usePrefs();
  const { time_zone: zone } = useMe();
  return useCallback((one) => titleOf(one, { t, language, zone }), [t, language, zone]);
}

export function useNameOf(): (customer: Named) => string {
  const { t } = useTranslation("shell");
  return useCallback((customer) => nameOf(customer, t), [t]);
}

/** The letter on an avatar: of a Chinese name the last character, otherwise the first. */
export function initial(name: string): string {
  const trimmed = name.trim();
  const letters = graphemes(trimmed);
  if (/^\p{Script=Han}/u.test(trimmed)) return letters[letters.length - 1] ?? "?";
  return (letters[0] ?? "?").toUpperCase();
}
