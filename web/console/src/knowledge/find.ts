import { call } from "@yingda/api/client";
import { say } from "../lib/i18n";
import type { Search } from "../shell/found";

/** What is published of an entry; null if that is nothing. */
const publishedAnswer = async (id: string) =>
  (await call("GET", "/knowledge/entries/{id}", { path: { id } })).live?.answer ?? null;

/** Entries of the bot's knowledge. */
export const findAnswers: Search = {
  id: "answers",
  icon: "book",
  needs: ["knowledge.curate"],
  async find(q, { language, signal }) {
    const { items } = await call("GET", "/knowledge/entries", { query: { q }, signal });
    return items.map(({ id, question }) => ({
      id,
      title: say(question, language),
      note: "",
      at: { to: "/bot/answers", search: { entry: id } },
      use: { kind: "answer", read: () => publishedAnswer(id) } as const,
    }));
  },
};
