import { home } from "@yingda/api/home";
import type { ProductCard } from "@yingda/api/types";
import type { Address } from "../ask";
import { h } from "../dom";
import { money, pick, t } from "../text";
import { ui } from "../ui";
import { elder } from "./lazy";
import { Sep } from "./parts";

let art: Promise<typeof import("/hall/art.js") | undefined> | undefined;

/** Gives a drawing the colours that its product has everywhere. Without them, it keeps those of its kind. */
async function colour(e: SVGSVGElement, { id, illustration }: ProductCard): Promise<void> {
  const c = (await (art ??= import("/hall/art.js").catch(() => undefined)))?.artColours(id, illustration);
  if (c) e.style.cssText = `--i-c:${c.body};--i-a:${c.screen};--i-b:${c.accent}`;
}

/** A product without a picture shows its drawing from the hall's sheet of illustrations, fetched with the first card, as are its colours. */
export function Product({ product, title }: { product: ProductCard; title?: boolean }) {
  const { stock } = product;
  const price = money(product.price_fen, ui.site?.currency_sign ?? "");
  return (
    <div class="pcard">
      {product.picture ? (
        <img class="pic photo" src={home + (`/api/v1/pictures/${product.picture}` satisfies Address)} alt="" />
      ) : (
        <svg class="pic" viewBox="0 0 240 240" aria-hidden="true" ref={(e) => void (e && colour(e, product))}>
          <use href={`/hall/illustrations.svg#i-${product.illustration}`} />
        </svg>
      )}
      <div class="grow">
        {title && <div class="meta">{t("chat.looking")}</div>}
        <b dir="auto">{pick(product.name)}</b>
        <div class="t2">
          {(ui.elder && elder()?.plain(price)) || price}
          <Sep />
          {stock < 1 ? t("stock.none") : stock < 10 ? t("stock.low", { n: stock }) : t("chat.stock")}
        </div>
      </div>
    </div>
  );
}
