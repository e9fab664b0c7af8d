import type { Feature } from "../lib/features";

export default {
  pages: [
    {
      id: "audit",
      area: "settings",
      after: "tokens",
      group: "compliance",
      to: "/settings/audit",
      icon: "record",
      needs: "audit",
      name: { en: "Audit", "zh-CN": "审计" },
      also: "日志 操作记录 登录记录 谁改了 合规 audit log history changes sign-ins who",
      help: [["administrator", "audit"]],
    },
  ],
} as const satisfies Feature;
