import { bot as botIcon, headset } from "@yingda/tokens/icons.ts";
import { h } from "../dom";
import type { ProductCard } from "@yingda/api/types";
import { ui } from "../app";
import type { Address } from "../ask";
import { part } from "../later";
import { money, pick, t } from "../text";

export function Icon({ d }: { d: string }) {
  return (
    <svg class="u" viewBox="0 0 24 24" aria-hidden="true">
      <path d={d} />
    </svg>
  );
}

/** A small drawn dot between words; in Chinese fonts the middle dot is as wide as a character. */
export const Sep = () => <i class="sep" />;

export function Tool(p: { d: string; label: string; class?: string; on?: boolean; disabled?: boolean; press(): void }) {
  return (
    <button
      class={`tool ${p.class ?? ""}`}
      aria-label={p.label}
      title={p.label}
      aria-expanded={p.on}
      disabled={p.disabled}
      onClick={p.press}
    >
      <Icon d={p.d} />
    </button>
  );
}

export const Face = ({ who, name = "" }: { who: string; name?: string }) => (
  <span class={`av ${who}`} aria-hidden="true">
    {who === "agent" ? [...name][0] : <Icon d={who === "queue" ? headset : botIcon} />}
  </span>
);

/** A product without a picture shows its drawing from the hall's sheet of illustrations, fetched with the first card. */
export function Product({ product, title }: { product: ProductCard; title?: boolean }) {
  const { stock } = product;
  const elder = ui.elder && part("elder");
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
          {elder ? elder.price(product.price_fen) : money(product.price_fen)}
          <Sep />
          {stock < 1 ? t("stock.none") : stock < 10 ? t("stock.low", { n: stock }) : t("chat.stock")}
        </div>
      </div>
    </div>
  );
}
