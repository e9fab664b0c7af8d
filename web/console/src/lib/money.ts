import { signOf } from "@yingda/api/money";
import { minus, numberOf } from "./format";
import type { Language } from "@yingda/antd";

/** An amount of hundredths of a currency, always with its decimals, so that columns of amounts align. */
export function money(hundredths: number, currency: string, language: Language): string {
  const amount = numberOf("m", language, { minimumFractionDigits: 2, maximumFractionDigits: 2 });
  return `${hundredths < 0 ? minus : ""}${signOf(currency)}${amount(Math.abs(hundredths) / 100)}`;
}
