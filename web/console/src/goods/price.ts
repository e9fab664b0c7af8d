/** What users type as a price is parsed as the server parses it: exactly, never rounded. */
export type PriceFault = "missing" | "not_a_number" | "decimals" | "negative" | "too_high";

/** A hundred million, in fen. */
export const highestFen = 10_000_000_000;
export const mostStock = 10_000_000;

const narrow = (text: string) =>
  text
    .replace(/[０-９]/g, (digit) => String.fromCharCode(digit.charCodeAt(0) - 0xfee0))
    .replace(/，/g, ",")
    .replace(/．/g, ".")
    .replace(/[－−]/g, "-");

/** `2,999.00` in fen, or why it is not a price. */
export function parsePrice(raw: string): number | PriceFault {
  const text = narrow(raw.trim())
    .replace(/^[¥￥]+/, "")
    .replace(/^(CNY|RMB)/, "")
    .replace(/元+$/, "")
    .trim();
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
