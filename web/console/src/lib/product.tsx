import { artColours, illustrations } from "@yingda/tokens/art";
import sprite from "@yingda/tokens/illustrations.svg?url";
import type { CSSProperties, ReactNode } from "react";
import { urlOf } from "@yingda/api/operations";
import type { ProductCard as Product } from "@yingda/api/types";
import { money } from "./money";
import { say } from "./i18n";
import { usePrefs } from "./prefs";
import { useMe } from "./session";

export const pictureUrl = (picture: string, size: "small" | "large" = "small") =>
  urlOf("/pictures/{picture}", { path: { picture }, query: { size } });

/** The picture of a product; if it has none, its drawing, in the same colours as everywhere. */
export function Illustration({ product }: { product: Pick<Product, "id" | "illustration" | "picture"> }) {
  if (product.picture)
    return <img className="product-art product-photo" src={pictureUrl(product.picture)} alt="" loading="lazy" />;
  return <Drawing product={product} />;
}

function Drawing({ product }: { product: Pick<Product, "id" | "illustration"> }) {
  const colours = artColours(product.id, product.illustration);
  const style = { "--i-c": colours.body, "--i-a": colours.screen, "--i-b": colours.accent } as CSSProperties;
  return (
    <svg className="product-art" viewBox="0 0 120 120" aria-hidden="true" style={style}>
      <use href={`${sprite}#i-${illustrations.includes(product.illustration) ? product.illustration : "sim"}`} />
    </svg>
  );
}

export function ProductCard({ product, note }: { product: Product; note?: ReactNode }) {
  const { language } = usePrefs();
  const { currency } = useMe();
  return (
    <div className="product-card">
      <Illustration product={product} />
      <div className="grow">
        <b className="el" dir="auto">
          {say(product.name, language)}
        </b>
        <span className="s2 t2 n">
          {money(product.price_fen, currency, language)}
          {note && (
            <>
              <i className="dot" />
              {note}
            </>
          )}
        </span>
      </div>
    </div>
  );
}
