import { describe, expect, it } from "vitest";
import { around, attributeText, bandEnds, money, spokenPrice } from "../src/format";
import { i18n } from "../src/i18n";

const attribute = (value: string, unit: string) => ({
  key: "k",
  label: { zh: "", en: "" },
  value: { zh: value, en: value },
  unit,
});

describe("money", () => {
  it("shows whole yuan without decimals and anything else with two", () => {
    expect(money(499_900, "CNY", "zh-CN")).toBe("¥4,999");
    expect(money(499_900, "CNY", "en")).toBe("¥4,999");
    expect(money(8_640, "CNY", "en")).toBe("¥86.40");
    expect(money(12_900, "SGD", "zh-CN")).toBe("S$129");
    expect(spokenPrice(1_590, "SGD", "zh-CN")).toBe("15.90 新元");
    expect(bandEnds("SGD", "en")).toEqual({ low: "S$50", high: "S$150" });
    expect(bandEnds("CNY", "zh-CN")).toEqual({ low: "50 元", high: "150 元" });
  });
});

describe("attributeText", () => {
  it("groups numbers and words their units", () => {
    expect(attributeText(attribute("5500", "mAh"), i18n("en"))).toBe("5,500\u00A0mAh");
    expect(attributeText(attribute("6.8", "in"), i18n("zh-CN"))).toBe("6.8 英寸");
    expect(attributeText(attribute("1", "d"), i18n("en"))).toBe("1 day");
    expect(attributeText(attribute("14", "d"), i18n("en"))).toBe("14 days");
  });

  it("leaves words, ranges and sizes as they are", () => {
    expect(attributeText(attribute("2304×1296", ""), i18n("en"))).toBe("2304×1296");
    expect(attributeText(attribute("1.5–2.2", "h"), i18n("zh-CN"))).toBe("1.5–2.2 小时");
    expect(attributeText(attribute("Dual SIM", ""), i18n("en"))).toBe("Dual SIM");
  });
});

describe("i18n", () => {
  it("picks the plural form and fills values", () => {
    expect(i18n("en").t("goods.count", { n: 1 })).toBe("1 product");
    expect(i18n("en").t("goods.count", { n: 1_200 })).toBe("1,200 products");
    expect(i18n("zh-CN").t("goods.count", { n: 1 })).toBe("1 件商品");
  });

  it("does not fill twice: a value may hold braces", () => {
    expect(i18n("en").t("search.ask", { q: "{q}|x" })).toBe("Ask us about “{q}|x”");
  });

  it("shows the other language when one side is empty", () => {
    expect(i18n("en").pick({ zh: "手机", en: "" })).toBe("手机");
  });

  it("has nothing for a key that is not there", () => {
    expect(i18n("en").maybe("states.code_unheard")).toBeUndefined();
    expect(i18n("en").maybe("nowhere")).toBeUndefined();
    for (const inherited of ["constructor", "toString", "__proto__", "hasOwnProperty"]) {
      expect(i18n("en").maybe(`units.${inherited}`)).toBeUndefined();
      expect(i18n("en").maybe(`${inherited}.name`)).toBeUndefined();
      expect(attributeText(attribute("5", inherited), i18n("en"))).toBe(`5\u00A0${inherited}`);
    }
  });

  it("isolates what is written from right to left inside a sentence", () => {
    expect(i18n("en").t("search.ask", { q: "שלום" })).toBe("Ask us about “\u2068שלום\u2069”");
  });
});

describe("around", () => {
  it("cuts a text at what was typed", () => {
    expect(around("合约机能换套餐吗？", "套餐")).toEqual(["合约机能换", "套餐", "吗？"]);
    expect(around("Change my Plan", " plan ")).toEqual(["Change my ", "Plan", ""]);
    expect(around("Change", "")).toEqual(["Change", "", ""]);
    expect(around("Change", "x")).toEqual(["Change", "", ""]);
  });
});
