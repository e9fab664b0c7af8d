import type { ProductCard } from "@yingda/api/types";
import { ask } from "./ask";
import { within } from "./later";
import { siteUrl } from "./session";
import { draw, ui } from "./ui";

/** The product that the customer looks at, and others that are spoken of. */

/** the product that the conversation was told of last */
let lastProduct = "";
/** the product last requested, and the request: messages sent before it arrives are about it, too */
let wanted: string | null = null;
export let coming: Promise<unknown> | null = null;
/** The maximum time a message waits for it, in milliseconds. */
const COMES_WITHIN = 1000;

/** Says that the conversation knows of no product. */
export const forgetProduct = (): void => {
  lastProduct = "";
};

/** The product to tell the conversation of, if it does not know it; it is asked once. */
export function untold(): ProductCard | null {
  const { product } = ui;
  ui.product = null;
  if (!product || product.id === lastProduct) return null;
  lastProduct = product.id;
  return product;
}

/** A product by its id; fetched once. */
export function goodsOf(id: string): ProductCard | null {
  if (!ui.goods.has(id)) {
    ui.goods.set(id, null);
    void fetchGoods(id);
  }
  return ui.goods.get(id) ?? null;
}

async function fetchGoods(id: string): Promise<ProductCard | null> {
  const g = await ask(`${siteUrl()}/goods/${encodeURIComponent(id)}`).catch(() => null);
  if (g) ui.goods.set(id, g);
  draw();
  return g;
}

async function fetchWanted(id: string): Promise<void> {
  const g = ui.goods.get(id) ?? (await fetchGoods(id));
  if (!g || wanted !== id) return;
  ui.product = g;
  ui.follow = true;
  draw();
}

export async function lookAt(id: string | null): Promise<void> {
  wanted = id;
  if (!id) ui.product = null;
  else if (id !== lastProduct) {
    await (coming = within(COMES_WITHIN, fetchWanted(id)));
    coming = null;
  }
  draw();
}
