import { call } from "@yingda/api/client";
import { money } from "../lib/money";
import { say } from "../lib/i18n";
import type { Search } from "../shell/found";

/** Products of the catalogue: to edit, or to show a customer. */
export const findGoods: Search = {
  id: "goods",
  icon: "bag",
  needs: ["goods.edit", "desk"],
  async find(q, { language, signal }) {
    const { items, currency } = await call("GET", "/goods", { query: { q }, signal });
    return items.map(({ id, name, price_fen, state }) => ({
      id,
      title: say(name, language),
      note: money(price_fen, currency, language),
      at: { to: "/goods", search: { open: id } },
      // Customers see only what is on sale.
      ...(state === "live" ? { use: { kind: "product", id } as const } : {}),
    }));
  },
};
