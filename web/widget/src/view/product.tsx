import type { ProductCard } from "@yingda/api/types";
import type { Address } from "../ask";
import { h } from "../dom";
import { money, pick, t } from "../text";
import { ui } from "../ui";
import { elder } from "./lazy";
import { Sep } from "./parts";

/** A product without a picture shows its drawing from the hall's sheet of illustrations, fetched with the first card. */
export function Product({ product, title }: { product: ProductCard; title?: boolean }) {
  const { stock } = product;
  const easy = ui.elder && elder();
  return (
    <div class="pcard">
      {product.picture ? (
        <img class="pic photo" src={`/api/v1/pictures/${product.picture}` satisfies Address} alt="" />
      ) : (
        <svg class="pic" viewBox="0 0 240 240" aria-hidden="true">
          <use href={`/hall/illustrations.svg#i-${product.illustration}`} />
        </svg>
      )}
      <div class="grow">
        {title && <div class="meta">{t("chat.looking")}</div>}
        <b>{pick(product.name)}</b>
        <div class="t2">
          {easy ? easy.price(product.price_fen) : money(product.price_fen)}
          <Sep />
          {stock < 1 ? t("stock.none") : stock < 10 ? t("stock.low", { n: stock }) : t("chat.stock")}
        </div>
      </div>
    </div>
  );
}
