import type { Feature } from "../lib/features";

export default {
  pages: [
    {
      id: "practice",
      area: "me",
      after: "training",
      to: "/practice",
      icon: "headset",
      needs: "desk",
      name: { en: "Practice", "zh-CN": "练习" },
      also: "模拟 培训 演练 新人 training exercises simulated customers",
      help: [
        ["agent", "practise"],
        ["agent", "learn"],
      ],
    },
  ],
} as const satisfies Feature;
