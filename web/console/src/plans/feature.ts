import type { Feature, Shows } from "../lib/features";

export default {
  pages: [
    {
      id: "plans",
      area: "goods",
      after: "goods",
      to: "/goods/plans",
      icon: "table",
      needs: "goods.edit",
      name: { en: "Plans", "zh-CN": "套餐" },
      also: "资费 月费 流量 通话 tariffs data calls",
      help: [["agent", "plans"]],
    },
  ],
} as const satisfies Feature;

export const shows: Shows = {
  plans: { form: "plans.new" },
};
