import type { Feature } from "../lib/features";

export default {
  pages: [
    {
      id: "privacy",
      area: "settings",
      after: "audit",
      group: "compliance",
      to: "/settings/privacy",
      icon: "trash",
      needs: "erase_people",
      name: { en: "Privacy", "zh-CN": "隐私" },
      also: "删除 清除 遗忘 注销 个人信息 四眼 erase delete forget GDPR four eyes personal data",
      help: [["manager", "erase"]],
    },
  ],
  reloads: {
    settings_changed: [["erasures"], ["erasure-settings"]],
  },
} as const satisfies Feature;
