/** The search parameters of the goods page. */
export type GoodsSort = "price_up" | "price_down" | "stock_up" | "stock_down" | "changed";
export interface GoodsSearch {
  q?: string;
  category?: string;
  state?: "draft" | "live" | "off";
  few?: true;
  deleted?: true;
  sort?: GoodsSort;
  open?: string;
}

const goodsSorts: readonly unknown[] = ["price_up", "price_down", "stock_up", "stock_down", "changed"];

export const goodsSearch = (search: Record<string, unknown>): GoodsSearch => ({
  ...(typeof search.q === "string" && search.q !== "" ? { q: search.q } : {}),
  ...(typeof search.category === "string" && search.category !== "" ? { category: search.category } : {}),
  ...(search.state === "draft" || search.state === "live" || search.state === "off" ? { state: search.state } : {}),
  ...(search.few === true ? { few: true } : {}),
  ...(search.deleted === true ? { deleted: true } : {}),
  ...(goodsSorts.includes(search.sort) ? { sort: search.sort as GoodsSort } : {}),
  ...(typeof search.open === "string" && /^[A-Za-z0-9._-]{1,64}$/.test(search.open) ? { open: search.open } : {}),
});
