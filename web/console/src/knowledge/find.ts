import { call } from "@yingda/api/client";
import { say } from "../lib/i18n";
import type { Search } from "../shell/found";

/** Entries of the bot's knowledge. */
export const findAnswers: Search = {
  id: "answers",
  icon: "book",
  needs: "knowledge.curate",
  async find(q, { language, signal }) {
    const { items } = await call("GET", "/knowledge/entries", { query: { q }, signal });
    return items.map(({ id, question }) => ({
      id,
      title: say(question, language),
      note: "",
      at: { to: "/bot/answers", search: { entry: id } },
    }));
  },
};
