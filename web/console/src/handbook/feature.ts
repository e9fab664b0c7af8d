import type { Feature } from "../lib/features";

export default {
  pages: [
    {
      id: "handbook",
      area: "me",
      after: "sessions",
      to: "/handbook",
      icon: "book",
      needs: null,
      name: { en: "Handbook", "zh-CN": "使用手册" },
      also: "帮助 说明 教程 help guide manual",
      help: [["agent", "learn"]],
    },
  ],
} as const satisfies Feature;
