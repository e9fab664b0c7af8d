import type { Feature } from "../lib/features";

export default {
  pages: [
    {
      id: "desk",
      area: "inbox",
      to: "/inbox",
      icon: "message",
      needs: "desk",
      was: ["/desk"],
      second: "list",
      hasThreePanes: true,
      name: { en: "Desk", "zh-CN": "工作台" },
      also: "会话 对话 聊天 回复客户 已解决 conversations chats reply resolved",
      help: [
        ["agent", "serve"],
        ["agent", "start_serving"],
        ["agent", "resolve"],
        ["agent", "aside"],
        ["agent", "transfer"],
        ["agent", "hand_back"],
        ["agent", "quote"],
        ["agent", "labels"],
        ["agent", "call"],
        ["agent", "block"],
      ],
    },
  ],
} as const satisfies Feature;
