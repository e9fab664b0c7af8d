import type { Feature } from "../lib/features";

export default {
  pages: [
    {
      id: "training",
      area: "me",
      after: "announcements",
      to: "/training",
      icon: "checks",
      needs: null,
      name: { en: "Training", "zh-CN": "培训" },
      also: "培训 课程 学习 导览 练习 完成 lessons tour learn course exercises",
      help: [
        ["agent", "learn"],
        ["manager", "training", "people.manage"],
      ],
    },
  ],
} as const satisfies Feature;
