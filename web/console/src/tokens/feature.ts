import type { Feature, Shows } from "../lib/features";

export default {
  pages: [
    {
      id: "tokens",
      area: "settings",
      after: "webhooks",
      group: "integrations",
      to: "/settings/tokens",
      icon: "code",
      needs: "tokens.manage",
      name: { en: "API tokens", "zh-CN": "API 令牌" },
      also: "密钥 程序 接口 机器账号 API keys programs bearer",
      help: [["administrator", "tokens"]],
    },
  ],
} as const satisfies Feature;

export const shows: Shows = {
  tokens: { form: "tokens.new" },
};
