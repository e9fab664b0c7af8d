import { ownOf } from "./own";

/**
 * The currencies in which a company may have its prices: the sign before an amount, and its name behind it in Chinese and in English.
 * `crates/normal/src/currency.rs` has the same, and a test compares the two.
 */
export const currencies = {
  CNY: ["¥", "元", "yuan"],
  HKD: ["HK$", "港元", "dollars"],
  MOP: ["MOP$", "澳门元", "patacas"],
  TWD: ["NT$", "新台币", "dollars"],
  SGD: ["S$", "新元", "dollars"],
  MYR: ["RM", "令吉", "ringgit"],
  THB: ["฿", "泰铢", "baht"],
  JPY: ["JP¥", "日元", "yen"],
  KRW: ["₩", "韩元", "won"],
  USD: ["US$", "美元", "dollars"],
  EUR: ["€", "欧元", "euros"],
  GBP: ["£", "英镑", "pounds"],
  AUD: ["A$", "澳元", "dollars"],
} as const;

/** What stands before an amount; the code itself for a currency that is not listed. */
export const signOf = (currency: string): string =>
  ownOf<readonly string[]>(currencies, currency)?.[0] ?? `${currency} `;

/** What is said behind an amount. */
export const nameOf = (currency: string, lang: "zh-CN" | "en"): string =>
  ownOf<readonly string[]>(currencies, currency)?.[lang === "en" ? 2 : 1] ?? currency;

/** An amount of hundredths with its sign: whole ones without decimals, anything else with two. */
export const priceOf = (hundredths: number, currency: string, lang: string): string =>
  signOf(currency) +
  (hundredths / 100).toLocaleString(lang, {
    minimumFractionDigits: hundredths % 100 ? 2 : 0,
    maximumFractionDigits: 2,
  });
