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
      id: "left",
      area: "inbox",
      after: "queues",
      to: "/inbox/left",
      icon: "bell",
      needs: "desk",
      was: ["/queues?tab=left"],
      name: { en: "Left messages", "zh-CN": "离线留言" },
      also: "离线留言 未处理 offline voicemail",
      help: [["agent", "left_messages"]],
    },
  ],
  reloads: {
    left_messages_changed: [["left-messages"]],
    alerts_changed: [["alerts"]],
  },
} as const satisfies Feature;
