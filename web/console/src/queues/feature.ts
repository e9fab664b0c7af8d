import type { Feature } from "../lib/features";

export default {
  pages: [
    {
      id: "alerts",
      area: "inbox",
      after: "desk",
      to: "/inbox/alerts",
      icon: "alert",
      needs: "desk",
      name: { en: "Alerts", "zh-CN": "警报" },
      also: "警报 危险 轻生 求助 danger despair emergency",
      help: [["agent", "alerts"]],
    },
    {
      id: "queues",
      area: "inbox",
      after: "alerts",
      to: "/inbox/queues",
      icon: "queue",
      needs: "desk",
      was: ["/queues"],
      name: { en: "Queues", "zh-CN": "排队" },
      also: "等待 等候 队列 waiting",
      help: [["agent", "start_serving"]],
    },
    {
      id: "feedback",
      area: "inbox",
      after: "queues",
      to: "/inbox/feedback",
      icon: "bell",
      needs: "desk",
      was: ["/inbox/left", "/queues?tab=left"],
      name: { en: "Feedback", "zh-CN": "反馈" },
      also: "离线留言 评价 未处理 left messages ratings comments offline voicemail",
      help: [["agent", "feedback"]],
    },
  ],
  reloads: {
    left_messages_changed: [["feedback"]],
    alerts_changed: [["alerts"]],
  },
} as const satisfies Feature;
