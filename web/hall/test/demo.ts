import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Catalogue, Goods, Plan } from "@yingda/api/types";

const read = (file: string): unknown =>
  JSON.parse(readFileSync(join(import.meta.dirname, "../../../demo", file), "utf8"));
const shop = read("goods.json") as Pick<Catalogue, "currency" | "categories" | "tag_names"> & {
  goods: Omit<Goods, "tagline">[];
};

/** The demo operator's content, as the server's catalogue would return it. */
export const demoGoods: Goods[] = shop.goods.map((item) => ({
  ...item,
  tagline: { zh: item.selling_points.zh[0] ?? "", en: item.selling_points.en[0] ?? "" },
}));
export const demoPlans: Plan[] = (read("plans.json") as { plans: Plan[] }).plans;
export const demoCatalogue: Catalogue = {
  currency: shop.currency,
  categories: shop.categories,
  tag_names: shop.tag_names,
  goods: demoGoods,
  plans: demoPlans,
};

export function demoItem(id: string): Goods {
  const item = demoGoods.find((one) => one.id === id);
  if (!item) throw new Error(`no demo good ${id}`);
  return item;
}
