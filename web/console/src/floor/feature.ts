import type { Feature } from "../lib/features";

export default {
  pages: [
    {
      id: "floor",
      area: "floor",
      to: "/floor/now",
      icon: "headset",
      needs: "people.follow",
      name: { en: "Supervision", "zh-CN": "督导" },
      also: "督导 旁听 插话 接管 supervise listen barge agents",
      help: [
        ["manager", "supervise"],
        ["manager", "follow"],
      ],
    },
    {
      id: "floor_settings",
      area: "settings",
      after: "question_kinds",
      group: "routing",
      to: "/settings/floor",
      icon: "headset",
      needs: "queues.manage",
      name: { en: "Supervision rules", "zh-CN": "督导规则" },
      also: "旁听 慢回复 小休原因 静默 supervise slow break quiet",
      help: [["administrator", "supervision_rules"]],
    },
  ],
  reloads: {
    settings_changed: [["floor-settings"]],
    alerts_changed: [["floor"]],
  },
} as const satisfies Feature;
