import { call } from "@yingda/api/client";
import type { Search } from "../shell/found";

/** Canned replies, by what their list can be searched for. */
export const findCannedReplies: Search = {
  id: "canned_replies",
  icon: "bolt",
  needs: [],
  async find(q, { signal }) {
    const { items } = await call("GET", "/canned-replies", { query: { q }, signal });
    return items.map((reply) => ({
      id: reply.id,
      title: reply.title,
      note: `/${reply.shortcode}`,
      at: { to: "/bot/canned-replies", search: { q: reply.shortcode } },
      use: { kind: "reply", reply } as const,
    }));
  },
};
