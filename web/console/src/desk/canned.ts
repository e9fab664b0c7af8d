import type { CannedReply } from "@yingda/api/types";
import { soundsAt } from "../lib/sounds";

/** A `/` at the start of the text or after white space opens the list; the text between it and the caret filters it. */
export interface SlashQuery {
  start: number;
  end: number;
  words: string;
}

export function slashAt(text: string, caret: number): SlashQuery | null {
  const before = text.slice(0, caret);
  const found = /(?:^|\s)\/([^\s/]{0,40})$/u.exec(before);
  if (!found) return null;
  return { start: caret - (found[1]?.length ?? 0) - 1, end: caret, words: found[1] ?? "" };
}

/** The body in the customer's language, or in the other one if that is empty. */
export function bodyFor(reply: Pick<CannedReply, "body">, lang: string): { text: string; lang: "zh-CN" | "en" } {
  const zh = reply.body.zh ?? "";
  const en = reply.body.en ?? "";
  const wantsEn = /^en/i.test(lang);
  if (wantsEn ? en !== "" : zh === "") return { text: en, lang: "en" };
  return { text: zh, lang: "zh-CN" };
}

/** Shortcodes that begin with the words first, then titles that hold or sound like them, then other matches; the order is stable. */
export function matchReplies(replies: readonly CannedReply[], words: string, lang: string): CannedReply[] {
  const wanted = words.trim().toLowerCase();
  if (wanted === "") return [...replies];
  const rank = (reply: CannedReply) => {
    if (reply.shortcode === wanted) return 0;
    if (reply.shortcode.startsWith(wanted)) return 1;
    const sound = soundsAt(wanted, reply.sound);
    if (reply.title.toLowerCase().includes(wanted) || sound === 0) return 2;
    if (reply.shortcode.includes(wanted) || sound > 0) return 3;
    return bodyFor(reply, lang).text.toLowerCase().includes(wanted) ? 4 : 9;
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
  return text.replace(/\{\{\s*([a-z_.]+)\s*\}\}/gi, (whole, name: string) => values[name as keyof Variables] || whole);
}

/** Replaces the query with a reply, and returns where the caret goes. */
export function insertReply(text: string, query: SlashQuery, words: string): { text: string; caret: number } {
  const next = text.slice(0, query.start) + words + text.slice(query.end);
  return { text: next, caret: query.start + words.length };
}

export function insertAt(text: string, start: number, end: number, words: string): { text: string; caret: number } {
  return { text: text.slice(0, start) + words + text.slice(end), caret: start + words.length };
}
