import type { GraphItem, GraphRelationKind } from "@yingda/api/types";
import { say } from "../lib/i18n";
import { wordsOf } from "../synonyms/fields";
import type { Found } from "../lib/finder";

export const relationKinds = ["compatible_with", "upgrade_of"] as const satisfies readonly GraphRelationKind[];
export const mostNames = 20;
export const longestName = 40;
export const mostRelations = 50;
export const mostEntries = 20;

export interface Related extends Found {
  kind: GraphRelationKind;
}

/** What a user enters: one name per line. */
export interface Fields {
  zh: string;
  en: string;
  relations: Related[];
  faqs: Found[];
}

/** What no longer exists is left out. */
export const fieldsOf =
  (language: "zh-CN" | "en") =>
  (item: GraphItem | null): Fields => ({
    zh: item?.aliases.zh.join("\n") ?? "",
    en: item?.aliases.en.join("\n") ?? "",
    relations: (item?.relates ?? []).flatMap(({ kind, item: id, name }) =>
      name ? [{ kind, id, title: say(name, language) }] : [],
    ),
    faqs: (item?.entries ?? []).flatMap(({ id, question }) =>
      question ? [{ id, title: say(question, language) }] : [],
    ),
  });

/** How many of the things that an item refers to no longer exist. */
export const goneFrom = ({ relates, entries }: GraphItem) =>
  relates.filter(({ name }) => !name).length + entries.filter(({ question }) => !question).length;

export const bodyOf = ({ zh, en, relations, faqs }: Fields) => ({
  aliases: { zh: wordsOf(zh), en: wordsOf(en) },
  relations: relations.map(({ kind, id }) => ({ kind, to: id })),
  faqs: faqs.map(({ id }) => id),
});

/** What the server would refuse of the names in one language. */
export function faultOf(text: string): { fault: "too_many" | "name"; name: string } | null {
  const names = wordsOf(text);
  const bad = names.find((name) => [...name].length > longestName || !/[\p{L}\p{N}]/u.test(name));
  if (bad !== undefined) return { fault: "name", name: bad };
  return names.length > mostNames ? { fault: "too_many", name: "" } : null;
}
