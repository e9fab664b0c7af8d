import type { CannedReply } from "@yingda/api/types";
import { folded } from "../lib/normal";
import { soundsAt } from "../lib/sounds";

/**
 * A `/` at the start of the text, after white space, or after a character of a script without spaces opens the list; the text between it and the caret filters
 * it. Chinese keyboards write `／` or `、` instead, and `、` lists things inside a sentence. After `/?` follows a question, which may have spaces.
 */
export interface SlashQuery {
  start: number;
  end: number;
  words: string;
}

const opening =
  /(?:(?:^|\s)[/／、]|[\ufe0f\p{sc=Han}\p{sc=Hira}\p{sc=Kana}\p{sc=Hang}\p{sc=Bopo}\p{Emoji_Presentation}。，！？；：、）】》」』”’…—～][/／])([?？][^\n/／]{0,80}|[^\s/／、]{0,40})$/u;

export function slashAt(text: string, caret: number): SlashQuery | null {
  const found = opening.exec(text.slice(0, caret));
  if (!found) return null;
  const words = found[1] ?? "";
  return { start: caret - words.length - 1, end: caret, words };
}

/** The question after `/?`, for which the published answers are searched; `null` if no question was begun. */
export const questionIn = ({ words }: SlashQuery): string | null =>
  /^[?？]/.test(words) ? words.slice(1).trim() : null;

/** Whether something is written before it without a space: `您好/`, but also `他/她`. */
export const isInside = (text: string, { start }: SlashQuery): boolean => /\S/.test(text.charAt(start - 1));

/** Whether a text begins with a sign that opens the list. */
export const opensList = (text: string): boolean => slashAt(text, 1) !== null;

/** The body in the customer's language, or in the other one if that is empty. */
export function bodyFor(reply: Pick<CannedReply, "body">, lang: string): { text: string; lang: "zh-CN" | "en" } {
  const zh = reply.body.zh ?? "";
  const en = reply.body.en ?? "";
  const wantsEn = /^en/i.test(lang);
  if (wantsEn ? en !== "" : zh === "") return { text: en, lang: "en" };
  return { text: zh, lang: "zh-CN" };
}

/**
 * Shortcodes that begin with the words first, then titles that hold or sound like them, then other matches; the order is stable. Inside other text, what
 * replies say does not match.
 */
export function matchReplies(
  replies: readonly CannedReply[],
  words: string,
  lang: string,
  inside = false,
  fold: (text: string) => string = folded,
): CannedReply[] {
  const wanted = fold(words);
  if (wanted === "") return [...replies];
  const rank = (reply: CannedReply) => {
    if (reply.shortcode === wanted) return 0;
    if (reply.shortcode.startsWith(wanted)) return 1;
    const sound = soundsAt(wanted, reply.sound);
    if (fold(reply.title).includes(wanted) || sound === 0) return 2;
    if (reply.shortcode.includes(wanted) || sound > 0) return 3;
    return !inside && fold(bodyFor(reply, lang).text).includes(wanted) ? 4 : 9;
  };
  return replies
    .map((reply) => ({ reply, rank: rank(reply) }))
    .filter((one) => one.rank < 9)
    .sort((a, b) => a.rank - b.rank)
    .map((one) => one.reply);
}

export interface Variables {
  "customer.name": string;
  "agent.name": string;
  "agent.number": string;
}
export const variableNames: readonly (keyof Variables)[] = ["customer.name", "agent.name", "agent.number"];

/** Fills in known variables; an unknown one stays visible, so that nobody sends a gap. */
export function fill(text: string, values: Variables): string {
  const known = new Map<string, string>(Object.entries(values));
  return text.replace(/\{\{\s*([a-z_.]+)\s*\}\}/gi, (whole, name: string) => known.get(name) || whole);
}

/** Replaces the query with a reply, and returns where the caret goes. */
export function insertReply(text: string, query: SlashQuery, words: string): { text: string; caret: number } {
  const next = text.slice(0, query.start) + words + text.slice(query.end);
  return { text: next, caret: query.start + words.length };
}

export function insertAt(text: string, start: number, end: number, words: string): { text: string; caret: number } {
  return { text: text.slice(0, start) + words + text.slice(end), caret: start + words.length };
}
