import { nameOf, signOf } from "@yingda/api/money";

/** What users type as a price is parsed as the server parses it: exactly, never rounded. */
export type PriceFault = "missing" | "not_a_number" | "decimals" | "negative" | "too_high";

/** A hundred million, in hundredths. */
export const highestFen = 10_000_000_000;
export const mostStock = 10_000_000;

const narrow = (text: string) =>
  text
    .replace(/[０-９]/g, (digit) => String.fromCharCode(digit.charCodeAt(0) - 0xfee0))
    .replace(/，/g, ",")
    .replace(/．/g, ".")
    .replace(/￥/g, "¥")
    .replace(/[－−]/g, "-");

/** What may stand before or behind an amount of a currency. */
const namesOf = (currency: string) => {
  const sign = signOf(currency);
  const names = [sign, sign.replace(/^[A-Z]+/, ""), currency, nameOf(currency, "zh-CN"), "元"];
  return [...names, ...(currency === "CNY" ? ["RMB"] : [])].filter((name) => name.trim() !== "");
};

/** `2,999.00` in hundredths of a currency, or why it is not a price. The sign of another currency makes it none. */
export function parsePrice(raw: string, currency: string): number | PriceFault {
  const [typed, names] = [narrow(raw.trim()), namesOf(currency)];
  const before = names.find((name) => typed.startsWith(name)) ?? "";
  const rest = typed.slice(before.length);
  const behind = names.find((name) => rest.endsWith(name)) ?? "";
  const text = rest.slice(0, rest.length - behind.length).trim();
  if (text === "") return "missing";
  const found = /^(-?)(\d+|\d{1,3}(?:,\d{3})+)(?:\.(\d+))?$/.exec(text);
  if (!found) return "not_a_number";
  const [, minus = "", whole = "", decimals = ""] = found;
  if (decimals.length > 2) return "decimals";
  const digits = whole.replace(/,/g, "");
  if (digits.length > 11) return "too_high";
  const fen = Number(digits) * 100 + Number(decimals.padEnd(2, "0"));
  if (minus !== "" && fen > 0) return "negative";
  return fen > highestFen ? "too_high" : fen;
}

/** A price as shown in a field: `2999.00`. */
export const priceText = (fen: number) => `${Math.floor(fen / 100)}.${String(fen % 100).padStart(2, "0")}`;

/** A whole number from 0 to `most` as users type it, or null. */
export function parseWhole(raw: string, most: number): number | null {
  const text = narrow(raw.trim()).replace(/,/g, "");
  if (!/^\d{1,9}$/.test(text)) return null;
  return Number(text) <= most ? Number(text) : null;
}
