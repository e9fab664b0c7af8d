import type { Feature, Shows } from "../lib/features";

export default {
  pages: [
    {
      id: "graph",
      area: "bot",
      after: "synonyms",
      group: "training",
      to: "/bot/graph",
      icon: "graph",
      needs: "knowledge.curate",
      name: { en: "Product graph", "zh-CN": "商品图谱" },
      also: "知识图谱 别名 关联 单位 knowledge graph aliases relations units",
      help: [["agent", "words"]],
    },
  ],
  reloads: {
    catalogue_changed: [["knowledge", "graph"]],
  },
} as const satisfies Feature;

export const shows: Shows = {
  graph: { form: "curate.graph.units", more: ["/bot/graph?item=g-003"] },
};
