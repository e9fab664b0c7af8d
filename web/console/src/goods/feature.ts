import type { Feature, Shows } from "../lib/features";

export default {
  pages: [
    {
      id: "goods",
      area: "goods",
      to: "/goods",
      icon: "bag",
      needs: "goods.edit",
      name: { en: "Goods", "zh-CN": "商品" },
      also: "产品 价格 库存 分类 products prices stock catalogue",
      help: [["agent", "goods"]],
    },
  ],
  reloads: {
    catalogue_changed: [["goods"]],
  },
} as const satisfies Feature;

export const shows: Shows = {
  goods: { form: "goods.import", more: ["/goods?open=g-001"] },
};
