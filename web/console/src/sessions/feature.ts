import type { Feature } from "../lib/features";

export default {
  pages: [
    {
      id: "sessions",
      area: "me",
      after: "practice",
      to: "/sessions",
      icon: "device",
      needs: null,
      name: { en: "Signed-in devices", "zh-CN": "已登录设备" },
      also: "密码 安全 设备 两步验证 通行密钥 恢复码 password security sessions two-step passkey 2FA",
      help: [["agent", "sign_in"]],
    },
  ],
} as const satisfies Feature;
