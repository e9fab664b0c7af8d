import { box } from "@yingda/tokens/icons.ts";
import type { ProductCard } from "@yingda/api/types";
import { h } from "../dom";
import { draw } from "../app";
import { Icon } from "./parts";

const SPRITE = "/hall/illustrations.svg";

/** The product illustrations are one file of the hall's, fetched when the first card is shown. */
export const art = { ready: false, asked: false };

export function Picture({ product }: { product: ProductCard }) {
  if (!art.asked) {
    art.asked = true;
    fetch(SPRITE).then(
      (r) => {
        art.ready = r.ok && /svg/.test(r.headers.get("content-type") ?? "");
        draw();
      },
      () => undefined,
    );
  }
  if (!art.ready) return <Icon d={box} />;
  return (
    <svg viewBox="0 0 240 240" aria-hidden="true">
      <use href={`${SPRITE}#i-${product.illustration}`} />
    </svg>
  );
}
