import type { Feature } from "../lib/features";

export default {
  pages: [
    {
      id: "records",
      area: "records",
      to: "/records",
      icon: "history",
      needs: ["desk", "conversations.read"],
      name: { en: "Conversation records", "zh-CN": "会话记录" },
      also: "聊天记录 交谈记录 历史会话 查记录 搜索会话 回放 transcript history search replay chats",
      help: [["agent", "records"]],
    },
  ],
} as const satisfies Feature;

/** For the stories: a search, and the conversation that is read beside it. */
export const shows = { records: { more: ["/records?q=X9"] } };
