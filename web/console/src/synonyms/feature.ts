import type { Feature, Shows } from "../lib/features";

export default {
  pages: [
    {
      id: "synonyms",
      area: "bot",
      after: "answers",
      group: "training",
      to: "/bot/synonyms",
      icon: "text",
      needs: "knowledge.curate",
      name: { en: "Synonyms", "zh-CN": "同义词" },
      also: "近义词 词库 别称 thesaurus words",
      help: [["agent", "words"]],
    },
  ],
} as const satisfies Feature;

export const shows: Shows = {
  synonyms: { form: "curate.synonyms.new" },
};
