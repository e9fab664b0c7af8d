import { call } from "@yingda/api/client";
import type { Search } from "../shell/found";

/** Staff, by what their list can be searched for. */
export const findPeople: Search = {
  id: "people",
  icon: "user",
  needs: ["people.manage"],
  async find(q, { signal }) {
    const { items } = await call("GET", "/staff", { query: { q }, signal });
    return items.map(({ id, name, number, email }) => ({
      id,
      title: name,
      note: `${number} · ${email}`,
      at: { to: "/settings/people", search: { q: email } },
    }));
  },
};
