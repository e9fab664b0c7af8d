/** Choosing and comparing goods: pure functions over the catalogue. */
import { ownOf } from "@yingda/api/own";
import { isMeasure } from "@yingda/api/measures";
import type { Catalogue, Goods, GoodsCard, Lang } from "@yingda/api/types";
import { attributeText } from "./format";
import type { I18n } from "./i18n";

export const sorts = ["default", "price-asc", "price-desc"] as const;
export type Sort = (typeof sorts)[number];

export interface GoodsFilter {
  category: string;
  sort: Sort;
  inStock: boolean;
}

export function filterOf(query: URLSearchParams): GoodsFilter {
  return {
    category: query.get("category") ?? "",
    sort: sorts.find((sort) => sort === query.get("sort")) ?? "default",
    inStock: query.get("stock") === "1",
  };
}

export function filterGoods(goods: readonly GoodsCard[], filter: GoodsFilter): GoodsCard[] {
  const kept = goods.filter(
    (item) => (filter.category === "" || item.category === filter.category) && (!filter.inStock || item.stock > 0),
  );
  if (filter.sort === "default") return kept;
  const sign = filter.sort === "price-asc" ? 1 : -1;
  return kept.sort((a, b) => sign * (a.price_fen - b.price_fen));
}

export type StockState = "in_stock" | "few" | "out";
const few = 20;

export function stockState(stock: number): StockState {
  if (stock <= 0) return "out";
  return stock <= few ? "few" : "in_stock";
}

const isNew = (item: GoodsCard): boolean => item.tags.includes("new");

/** The product at the top of the store: the first new one in stock, otherwise the first in stock. */
export function spotlight(goods: readonly GoodsCard[]): GoodsCard | undefined {
  const available = goods.filter((item) => item.stock > 0);
  return available.find(isNew) ?? available[0];
}

/** New goods in stock first, at most two per illustration, then others, so that the row shows the range of the store. */
export function featured(goods: readonly GoodsCard[], count: number, without?: string): GoodsCard[] {
  const available = goods.filter((item) => item.stock > 0 && item.id !== without);
  const chosen: GoodsCard[] = [];
  for (const limit of [1, 2, count]) {
    for (const item of [...available.filter(isNew), ...available.filter((other) => !isNew(other))]) {
      if (chosen.length >= count) return chosen;
      const alike = chosen.filter((other) => other.illustration === item.illustration).length;
      if (alike < limit && !chosen.includes(item)) chosen.push(item);
    }
  }
  return chosen;
}

/** Other goods of the category: the same kind first, then by closeness in price. */
export function related(goods: readonly GoodsCard[], to: GoodsCard): GoodsCard[] {
  const far = (item: GoodsCard): number => Math.abs(item.price_fen - to.price_fen);
  const kind = (item: GoodsCard): number => (item.illustration === to.illustration ? 0 : 1);
  return goods
    .filter((item) => item.id !== to.id && item.category === to.category)
    .sort((a, b) => kind(a) - kind(b) || far(a) - far(b));
}

export interface CompareRow {
  key: string;
  label: string;
  cells: (string | null)[];
  differs: boolean;
  /** The columns with the best value, if values can be ranked: the highest where more is better, the lowest where less is. */
  better: number[];
}

/** Units for which more, or less, is better. For others this cannot be said without knowing the purpose. */
const direction: Record<string, 1 | -1> = { mAh: 1, GB: 1, Hz: 1, MP: 1, Mbps: 1, dB: -1, kWh: -1, g: -1 };

/** The columns that hold the best of `values`; empty if one is unknown or all are equal. */
export function betterOf(values: readonly (number | null)[], sign: 1 | -1): number[] {
  const known = values.filter((value) => value !== null);
  const best = Math.max(...known.map((value) => value * sign));
  if (known.length < values.length || known.every((value) => value * sign === best)) return [];
  return values.flatMap((value, column) => (value !== null && value * sign === best ? [column] : []));
}

/** One row for each attribute any of the goods has, in order of first appearance; null where a product lacks it. */
export function compareRows(goods: readonly Goods[], words: I18n): CompareRow[] {
  const rows = new Map<string, CompareRow>();
  const measured = new Map<string, { unit: string; values: (number | null)[] }>();
  goods.forEach((item, column) => {
    for (const attribute of item.attributes) {
      let row = rows.get(attribute.key);
      if (!row) {
        row = {
          key: attribute.key,
          label: words.pick(attribute.label),
          cells: goods.map(() => null),
          differs: false,
          better: [],
        };
        rows.set(attribute.key, row);
        measured.set(attribute.key, { unit: attribute.unit, values: goods.map(() => null) });
      }
      row.cells[column] = attributeText(attribute, words);
      const known = measured.get(attribute.key);
      if (known && known.unit === attribute.unit && isMeasure(attribute))
        known.values[column] = Number(attribute.value.zh);
    }
  });
  for (const row of rows.values()) {
    row.differs = row.cells.some((cell) => cell !== row.cells[0]);
    const { unit = "", values = [] } = measured.get(row.key) ?? {};
    const sign = ownOf(direction, unit);
    if (sign) row.better = betterOf(values, sign);
  }
  return [...rows.values()];
}

export function countByCategory(catalogue: Catalogue): Map<string, number> {
  const counts = new Map<string, number>();
  for (const item of catalogue.goods) counts.set(item.category, (counts.get(item.category) ?? 0) + 1);
  return counts;
}

/** Its selling points, except the one shown below its name. */
export function morePoints({ selling_points: points, tagline }: Goods, lang: Lang): string[] {
  return lang === "en"
    ? points.en.filter((point) => point !== tagline.en)
    : points.zh.filter((point) => point !== tagline.zh);
}
