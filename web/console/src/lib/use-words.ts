import { bytes } from "@yingda/api/sizes";
import type { CompanyLimits } from "@yingda/api/types";
import { count } from "./format";
import { usePrefs } from "./prefs";
import { toneOf } from "./use-bar";

/** What a company may use. */
export const kinds = ["seats", "sites", "daily_messages", "daily_texts", "storage"] as const;
export type Kind = (typeof kinds)[number];

/** A company may use more than a file. */
const gigabyte = 1024 ** 3;
const size = (n: number): string => (n < gigabyte ? bytes(n) : `${+(n / gigabyte).toFixed(1)} GB`);

/** How much of something is used, and how much is allowed, in words; `t` has the texts of the page: `use.fine`, `use.near` and `use.full`. */
export function useUseWords(t: (key: string, values: Record<string, string>) => string) {
  const { language } = usePrefs();
  const amount = (kind: Kind, value: number) => (kind === "storage" ? size(value) : count(value, language));
  return (kind: Kind, used: number, limits: CompanyLimits): string => {
    const limit = limits[kind];
    if (limit === null) return amount(kind, used);
    return t(`use.${toneOf(used, limit)}`, { used: amount(kind, used), limit: amount(kind, limit) });
  };
}
