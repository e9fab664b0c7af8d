import type { Feature, Shows } from "../lib/features";

export default {
  pages: [
    {
      id: "answers",
      area: "bot",
      group: "knowledge",
      to: "/bot/answers",
      icon: "book",
      needs: "knowledge.curate",
      was: ["/answers"],
      name: { en: "Answers", "zh-CN": "知识" },
      also: "问答 知识库 没答上 测试集 发布 knowledge FAQ questions training",
      help: [
        ["agent", "teach"],
        ["manager", "teach_all", "knowledge.edit"],
      ],
    },
  ],
  reloads: {
    knowledge_published: [["knowledge"]],
    knowledge_changed: [
      ["knowledge", "overview"],
      ["knowledge", "list"],
      ["knowledge", "entry"],
      ["knowledge", "categories"],
      ["knowledge", "tests"],
      ["knowledge", "changes"],
      ["knowledge", "suspects"],
      ["knowledge", "yesterday"],
    ],
    unanswered_changed: [
      ["knowledge", "overview"],
      ["knowledge", "unanswered"],
    ],
  },
} as const satisfies Feature;

export const shows: Shows = {
  answers: {
    form: "knowledge.new",
    more: [
      "/bot/answers?entry=kb-002",
      "/bot/answers?view=proposed",
      "/bot/answers?view=suspects",
      "/bot/answers?view=tests",
    ],
  },
};
