import type { Feature } from "../lib/features";

export default {
  pages: [
    {
      id: "recommendations",
      area: "bot",
      after: "embeddings",
      group: "training",
      to: "/bot/recommendations",
      icon: "eye",
      needs: "knowledge.edit",
      name: { en: "Recommendations", "zh-CN": "推荐" },
      also: "猜你喜欢 个性化 关联 recommender personalisation also viewed",
      help: [["manager", "recommendations"]],
    },
  ],
  reloads: {
    settings_changed: [["recommendations"]],
  },
} as const satisfies Feature;
