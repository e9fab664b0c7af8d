import { askable } from "@yingda/api/measures";
import { illustrations } from "@yingda/tokens/art";
import { describe, expect, it } from "vitest";
import {
  betterOf,
  compareRows,
  featured,
  filterGoods,
  filterOf,
  morePoints,
  related,
  spotlight,
  stockState,
} from "../src/goods";
import { i18n } from "../src/i18n";
import { demoCatalogue, demoGoods, demoItem } from "./demo";

const ids = (items: readonly { id: string }[]): string[] => items.map(({ id }) => id);

describe("filterGoods", () => {
  it("keeps the catalogue's order by default", () => {
    expect(ids(filterGoods(demoGoods, filterOf(new URLSearchParams())))).toEqual(ids(demoGoods));
  });

  it("filters by category and stock, and sorts by price without touching the catalogue", () => {
    const before = ids(demoGoods);
    const found = filterGoods(demoGoods, filterOf(new URLSearchParams("category=computer&stock=1&sort=price-desc")));
    expect(found.every((item) => item.category === "computer" && item.stock > 0)).toBe(true);
    const prices = found.map((item) => item.price_fen);
    expect(prices).toEqual([...prices].sort((a, b) => b - a));
    expect(ids(demoGoods)).toEqual(before);
  });

  it("ignores words of the address it does not know", () => {
    expect(filterOf(new URLSearchParams("sort=sideways&stock=yes"))).toEqual({
      category: "",
      sort: "default",
      inStock: false,
    });
  });
});

describe("morePoints", () => {
  it("does not repeat the line under the name", () => {
    for (const item of demoGoods) {
      for (const lang of ["zh-CN", "en"] as const) {
        const said = lang === "en" ? item.tagline.en : item.tagline.zh;
        expect(morePoints(item, lang)).not.toContain(said);
        expect([said, ...morePoints(item, lang)]).toEqual(
          lang === "en" ? item.selling_points.en : item.selling_points.zh,
        );
      }
    }
  });
});

describe("choosing for the home page", () => {
  it("opens with a new good that is in stock", () => {
    const item = spotlight(demoGoods);
    expect(item?.tags).toContain("new");
    expect(item?.stock).toBeGreaterThan(0);
    expect(spotlight([])).toBeUndefined();
  });

  it("shows the breadth of the store, nothing twice, nothing out of stock", () => {
    const items = featured(demoGoods, 8, "g-001");
    expect(items).toHaveLength(8);
    expect(new Set(ids(items)).size).toBe(8);
    expect(new Set(items.map((item) => item.illustration)).size).toBe(8);
    expect(items.every((item) => item.stock > 0 && item.id !== "g-001")).toBe(true);
  });

  it("gives what there is when the store is small", () => {
    expect(ids(featured(demoGoods.slice(0, 2), 8))).toEqual(["g-001", "g-002"]);
  });
});

describe("related", () => {
  it("offers the same kind of thing first, near in price", () => {
    const found = related(demoGoods, demoItem("g-015"));
    expect(found[0]?.illustration).toBe("tablet");
    expect(found.every((item) => item.category === "computer" && item.id !== "g-015")).toBe(true);
  });
});

describe("compareRows", () => {
  it("says which rows differ and leaves a gap where a good has no such attribute", () => {
    const rows = compareRows([demoItem("g-001"), demoItem("g-009")], i18n("zh-CN"));
    const row = (key: string) => rows.find((one) => one.key === key);
    expect(row("battery_mah")?.differs).toBe(true);
    expect(row("refresh")?.cells[1]).toBeNull();
    expect(row("sim")?.label).toBe("SIM 卡");
  });

  it("names the better value, wherever it stands, and none where nobody can tell", () => {
    const row = (key: string, ...ids: string[]) =>
      compareRows(ids.map(demoItem), i18n("en")).find((one) => one.key === key);
    expect([row("battery_mah", "g-001", "g-002")?.better, row("battery_mah", "g-002", "g-001")?.better]).toEqual([
      [0],
      [1],
    ]);
    expect(row("weight_g", "g-001", "g-002", "g-003")?.better).toEqual([1]);
    expect([row("screen", "g-001", "g-002")?.better, row("refresh", "g-001", "g-009")?.better]).toEqual([[], []]);
    expect([betterOf([300, 200, 200], -1), betterOf([5, 5], 1), betterOf([1, null], 1)]).toEqual([[1, 2], [], []]);
  });

  it("finds nothing different between a good and itself", () => {
    const item = demoItem("g-030");
    expect(compareRows([item, item], i18n("en")).some((row) => row.differs)).toBe(false);
  });
});

describe("the rest", () => {
  it("names the three states of stock", () => {
    expect([0, 1, 20, 21].map(stockState)).toEqual(["out", "few", "few", "in_stock"]);
  });

  it("asks about measures only", () => {
    const labels = askable(demoItem("g-001").attributes).map(({ label }) => label.en);
    expect(labels).toEqual(["Charging power", "Rear camera", "Weight"]);
  });

  it("has a drawing for every demo good", () => {
    for (const item of demoCatalogue.goods) expect(illustrations).toContain(item.illustration);
  });
});
