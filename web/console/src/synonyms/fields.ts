import type { Lang, SynonymGroup } from "@yingda/api/types";
import { folded } from "../lib/normal";

export const mostWords = 50;
export const longestWord = 40;

/** What a user enters: one word or phrase per line. */
export interface Fields {
  lang: Lang;
  words: string;
}

export const fieldsOf = (group: SynonymGroup | null): Fields => ({
  lang: group?.lang ?? "zh-CN",
  words: group?.words.join("\n") ?? "",
});

/** The words of a text, one per line, each once. */
export function wordsOf(text: string): string[] {
  const words = text
    .split("\n")
    .map((line) => line.split(/\s+/).filter(Boolean).join(" "))
    .filter((word) => word !== "");
  return words.filter((word, at) => words.findIndex((other) => folded(other) === folded(word)) === at);
}

type Fault = { fault: "too_few" | "too_many" } | { fault: "too_long" | "no_word" | "language"; word: string };

/** What the server would refuse, reported before it is asked. */
export function faultOf({ lang, words: text }: Fields): Fault | null {
  const words = wordsOf(text);
  for (const word of words) {
    if ([...word].length > longestWord) return { fault: "too_long", word };
    if (!/[\p{L}\p{N}]/u.test(word)) return { fault: "no_word", word };
    if (lang === "en" && /\p{Script=Han}/u.test(word)) return { fault: "language", word };
  }
  if (words.length < 2) return { fault: "too_few" };
  return words.length > mostWords ? { fault: "too_many" } : null;
}
