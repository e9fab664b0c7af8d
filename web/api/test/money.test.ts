import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { currencies, nameOf, priceOf, signOf } from "../src/money";

it("has the currencies that the server has", () => {
  const rust = readFileSync(join(import.meta.dirname, "../../../crates/normal/src/currency.rs"), "utf8");
  const rows = [...rust.matchAll(/currency\("(\w+)", "([^"]+)", "([^"]+)", "([^"]+)"/g)];
  expect(Object.fromEntries(rows.map(([, code, ...rest]) => [code, rest]))).toEqual(currencies);
});

it("writes prices as people of a currency do", () => {
  expect(priceOf(499_900, "CNY", "zh-CN")).toBe("¥4,999");
  expect(priceOf(1_590, "SGD", "en")).toBe("S$15.90");
  expect(priceOf(100, "XYZ", "en")).toBe("XYZ 1");
  expect([signOf("constructor"), nameOf("SGD", "zh-CN"), nameOf("XYZ", "en")]).toEqual(["constructor ", "新元", "XYZ"]);
});
