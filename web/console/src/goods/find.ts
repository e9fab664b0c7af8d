import { call } from "@yingda/api/client";
import { money } from "../lib/money";
import { say } from "../lib/i18n";
import type { Search } from "../shell/found";

/** Products of the catalogue that staff edit. */
export const findGoods: Search = {
  id: "goods",
  icon: "bag",
  needs: "goods.edit",
  async find(q, { language, signal }) {
    const { items, currency } = await call("GET", "/goods", { query: { q }, signal });
    return items.map(({ id, name, price_fen }) => ({
      id,
      title: say(name, language),
      note: money(price_fen, currency, language),
      at: { to: "/goods", search: { open: id } },
    }));
  },
};
