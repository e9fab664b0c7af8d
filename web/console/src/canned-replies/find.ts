import { call } from "@yingda/api/client";
import type { Search } from "../shell/found";

/** Canned replies, by what their list can be searched for. */
export const findCannedReplies: Search = {
  id: "canned_replies",
  icon: "bolt",
  needs: null,
  async find(q, { signal }) {
    const { items } = await call("GET", "/canned-replies", { query: { q }, signal });
    return items.map(({ id, title, shortcode }) => ({
      id,
      title,
      note: `/${shortcode}`,
      at: { to: "/bot/canned-replies", search: { q: shortcode } },
    }));
  },
};
