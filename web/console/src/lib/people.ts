import { graphemes } from "@yingda/api/graphemes";
import type { TFunction } from "i18next";
import { useCallback } from "react";
import { useTranslation } from "react-i18next";

/** A customer as included in rows. Without an account, the server's name is only a placeholder, in the company's language. */
export interface Named {
  id: string;
  name: string;
  account?: unknown;
}

/** The end of a visitor's id, by which staff tell apart visitors who gave no name. */
const codeOf = (id: string) => id.slice(-4).toUpperCase();

/** A customer's name, or a placeholder in the language of `t`. */
export function nameOf({ id, name, account }: Named, t: TFunction<"shell">): string {
  const code = codeOf(id);
  return account && !name.endsWith(` ${code}`) ? name : t("visitor", { code });
}

/**
 * The name by which texts may address a customer, or null. What the server writes instead of a missing name is a label for the staff: neither `Visitor 3F2A` nor
 * a masked number is what anybody is called.
 */
export function givenName({ id, name, account }: Named): string | null {
  const masked = typeof account === "object" && account !== null && "masked" in account ? account.masked : null;
  return account && name !== masked && !name.endsWith(` ${codeOf(id)}`) ? name : null;
}

/** What a conversation is called where several are listed: the customer's name, or what a customer without one asked first. */
export function titleOf(one: { customer: Named; subject?: string | null }, t: TFunction<"shell">): string {
  const { customer, subject } = one;
  const isNamed = customer.account && !customer.name.endsWith(` ${codeOf(customer.id)}`);
  return isNamed ? customer.name : subject || nameOf(customer, t);
}

export function useTitleOf(): (one: { customer: Named; subject?: string | null }) => string {
  const { t } = useTranslation("shell");
  return useCallback((one) => titleOf(one, t), [t]);
}

export function useNameOf(): (customer: Named) => string {
  const { t } = useTranslation("shell");
  return useCallback((customer) => nameOf(customer, t), [t]);
}

/** The letters on an avatar: of a Chinese name the last character, of "访客 3F2A" and "Visitor 3F2A" the start of the code, otherwise the first letter. */
export function initial(name: string): string {
  const trimmed = name.trim();
  const code = /\s([0-9A-F]{2})[0-9A-F]{2}$/.exec(trimmed)?.[1];
  if (code) return code;
  const letters = graphemes(trimmed);
  if (/^\p{Script=Han}/u.test(trimmed)) return letters[letters.length - 1] ?? "?";
  return (letters[0] ?? "?").toUpperCase();
}
