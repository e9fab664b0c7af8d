import type { Feature, Shows } from "../lib/features";

export default {
  pages: [
    {
      id: "canned_replies",
      area: "bot",
      after: "recommendations",
      group: "replies",
      to: "/bot/canned-replies",
      icon: "bolt",
      needs: null,
      was: ["/canned-replies"],
      name: { en: "Canned replies", "zh-CN": "快捷回复" },
      also: "常用语 话术 模板 templates snippets macros",
      help: [
        ["agent", "canned"],
        ["manager", "canned_all", "knowledge.edit"],
      ],
    },
  ],
  reloads: {
    canned_replies_changed: [["canned-replies"]],
  },
} as const satisfies Feature;

export const shows: Shows = {
  canned_replies: { form: "canned.new" },
};
