import type { Entry } from "@yingda/api/types";
import { ask } from "./ask";
import { within } from "./later";
import { siteUrl } from "./session";
import { draw, ui, type Looked } from "./ui";

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

/** The product that an entry names: the page the conversation began on, or a card. */
const named = ({ body }: Entry): string | undefined => {
  const product = (body as { product?: string | { id: string } } | null)?.product;
  return typeof product === "object" ? product.id : product;
};

/** The product being looked at, if the conversation does not know it: neither from this page nor from one before. */
export function looked(): Looked | null {
  const { product } = ui;
  const last = ui.c.entries.filter(named).pop();
  return product && product.id !== (lastProduct || (last && named(last))) ? product : null;
}

/** The same, to tell the conversation of it; it is asked once. */
export function untold(): Looked | null {
  const product = looked();
  ui.product = null;
  if (product) lastProduct = product.id;
  return product;
}

/** A product by its id; fetched once. */
export function goodsOf(id: string): Looked | null {
  if (!ui.goods.has(id)) {
    ui.goods.set(id, null);
    void fetchGoods(id);
  }
  return ui.goods.get(id) ?? null;
}

async function fetchGoods(id: string): Promise<Looked | null> {
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
