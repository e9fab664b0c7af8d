import type { Feature, Shows } from "../lib/features";

export default {
  pages: [
    {
      id: "webhooks",
      area: "settings",
      after: "labels",
      group: "integrations",
      to: "/settings/webhooks",
      icon: "transfer",
      needs: "integrations",
      name: { en: "Webhooks", "zh-CN": "Webhook" },
      also: "集成 回调 接口 integrations events API",
      help: [["administrator", "webhooks"]],
    },
  ],
} as const satisfies Feature;

export const shows: Shows = {
  webhooks: { form: "webhooks.new" },
};
