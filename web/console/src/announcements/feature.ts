import type { Feature } from "../lib/features";

export default {
  pages: [
    {
      id: "announcements",
      area: "me",
      to: "/announcements",
      icon: "info",
      needs: null,
      name: { en: "Announcements", "zh-CN": "公告" },
      also: "通知 通告 已读 news notices bulletin",
      help: [["manager", "announcements"]],
    },
  ],
  reloads: {
    announcements_changed: [["announcements"]],
  },
} as const satisfies Feature;
