import type { Feature } from "../lib/features";

export default {
  pages: [
    {
      id: "customers",
      area: "customers",
      to: "/customers",
      icon: "users",
      needs: ["desk", "conversations.read"],
      name: { en: "Customers", "zh-CN": "客户" },
      also: "客户资料 客户档案 客户信息 联系人 查客户 手机号 contacts profiles people crm phone number",
      help: [["agent", "customers"]],
    },
  ],
} as const satisfies Feature;

/** For the stories: the form. */
export const shows = { customers: { form: "customers.new" } };
