import type { Feature } from "../lib/features";

export default {
  pages: [
    {
      id: "visitor_blocks",
      area: "settings",
      after: "floor_settings",
      group: "routing",
      to: "/settings/blocks",
      icon: "mute",
      needs: "queues.manage",
      name: { en: "Blocked visitors", "zh-CN": "屏蔽名单" },
      also: "黑名单 拉黑 屏蔽 封禁 block ban blacklist",
      help: [["agent", "block"]],
    },
  ],
  reloads: {
    settings_changed: [["visitor-blocks"]],
  },
} as const satisfies Feature;
