import { ownOf } from "@yingda/api/own";
import type { Catalogue, GoodsCard } from "@yingda/api/types";
import type { JSX } from "preact";
import { useWords } from "../context";
import { money } from "../format";
import { stockState } from "../goods";
import { Art } from "./art";

export function StockTag({ stock, quiet = false }: { stock: number; quiet?: boolean }): JSX.Element | null {
  const { t } = useWords();
  const state = stockState(stock);
  if (state === "in_stock") return quiet ? null : <span class="tag ok">{t("goods.in_stock")}</span>;
  return state === "few" ? (
    <span class="tag warn">{t("goods.few", { n: stock })}</span>
  ) : (
    <span class="tag gone">{t("goods.out")}</span>
  );
}

export function Tags({
  tags,
  names,
  limit,
}: {
  tags: readonly string[];
  names: Catalogue["tag_names"];
  limit: number;
}): JSX.Element {
  const { pick } = useWords();
  const newFirst = tags.includes("new") ? ["new", ...tags.filter((tag) => tag !== "new")] : tags;
  const known = newFirst.flatMap((tag) => {
    const name = ownOf(names, tag);
    return name ? [{ tag, name }] : [];
  });
  return (
    <>
      {known.slice(0, limit).map(({ tag, name }) => (
        <span key={tag} class={tag === "new" ? "tag brand" : "tag"}>
          <bdi>{pick(name)}</bdi>
        </span>
      ))}
    </>
  );
}

/** One product of a grid. The whole card can be pressed; the link carries the name. */
export function GoodsTile({
  item,
  currency,
  names,
  level,
}: {
  item: GoodsCard;
  currency: string;
  names: Catalogue["tag_names"];
  level: "h2" | "h3";
}): JSX.Element {
  const { pick, lang } = useWords();
  const Heading = level;
  const isNew = item.tags.includes("new");
  return (
    <article class={item.stock > 0 ? "tile" : "tile gone"}>
      <div class="stage">
        <Art id={item.id} illustration={item.illustration} picture={item.picture} />
        <div class="tile-tags">
          {isNew ? <Tags tags={["new"]} names={names} limit={1} /> : null}
          <StockTag stock={item.stock} quiet />
        </div>
      </div>
      <Heading class="tile-name">
        <a class="cover" dir="auto" href={`/goods/${encodeURIComponent(item.id)}`}>
          {pick(item.name)}
        </a>
      </Heading>
      <p class="tile-line" dir="auto">
        {pick(item.tagline)}
      </p>
      <p class="tile-price num">{money(item.price_fen, currency, lang)}</p>
    </article>
  );
}

export function GoodsGrid({
  items,
  catalogue,
  level,
  class: extra,
}: {
  items: readonly GoodsCard[];
  catalogue: Pick<Catalogue, "currency" | "tag_names">;
  level: "h2" | "h3";
  class?: string;
}): JSX.Element {
  return (
    <ul class={extra ? `grid ${extra}` : "grid"}>
      {items.map((item) => (
        <li key={item.id}>
          <GoodsTile item={item} currency={catalogue.currency} names={catalogue.tag_names} level={level} />
        </li>
      ))}
    </ul>
  );
}
