import type { EntryTexts } from "@yingda/api/types";
import { folded } from "../lib/normal";
import { langOf } from "../lib/words";

export type Side = "zh" | "en";
export const sides: readonly Side[] = ["zh", "en"];
export const tagOfSide = (side: Side) => (side === "zh" ? "zh-CN" : "en");

/** The side a phrasing belongs to: Chinese if it contains any Chinese character. */
export const sideOf = (text: string): Side => (langOf(text) === "en" ? "en" : "zh");

export const sameTexts = (a: EntryTexts, b: EntryTexts) => JSON.stringify(plain(a)) === JSON.stringify(plain(b));

const plain = ({ category, question, similar, answer, related, action }: EntryTexts) => [
  category,
  question.zh,
  question.en,
  similar.zh,
  similar.en,
  answer.zh,
  answer.en,
  related,
  action ?? "",
];

/** What was typed or pasted, without line breaks. */
export const onOneLine = (text: string) => text.replace(/\s*\n\s*/g, " ");

/** The line without case, white space and punctuation. */
export const bare = (text: string) => folded(text).replace(/[^\p{L}\p{N}]/gu, "");

/** Adds the phrasings that are not there yet, each on its side. */
export function withPhrasings(texts: EntryTexts, lines: readonly string[]): EntryTexts {
  const similar = { zh: [...texts.similar.zh], en: [...texts.similar.en] };
  const known = new Set([texts.question.zh, texts.question.en, ...similar.zh, ...similar.en].map(bare));
  for (const line of lines) {
    const words = line.trim();
    if (bare(words) === "" || known.has(bare(words))) continue;
    known.add(bare(words));
    similar[sideOf(words)].push(words);
  }
  return { ...texts, similar };
}
