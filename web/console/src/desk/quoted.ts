import type { Say } from "@yingda/api/kind";
import type { Entry, MessageBody } from "@yingda/api/types";

/** What a message quotes, as it reads now: words are never copied. */
export interface Quoted {
  seq: number;
  /** null for the customer and the bot, who are named elsewhere */
  name: string | null;
  side: Entry["by"]["kind"];
  /** its words, or what it shows; null if they are gone, or not loaded yet */
  text: string | null;
  gone: boolean;
}

/** The words of a message, or the name of what it shows; `say` chooses the language of a name that is written in two. */
export function wordsIn(body: MessageBody, say: Say): string {
  if (body.type === "file") return body.file.name;
  if (body.type === "product") return say(body.product.name);
  return body.text;
}

const entryAt = (entries: readonly Entry[], seq: number): Entry | undefined => entries[seq - (entries[0]?.seq ?? 0)];

/** The message with this number; null if there is none, or it is neither message nor note. */
export function quotedAt(entries: readonly Entry[], seq: number, say: Say): Quoted {
  const entry = entryAt(entries, seq);
  if (entry?.kind !== "message" && entry?.kind !== "note")
    return { seq, name: null, side: "system", text: null, gone: false };
  const text = entry.body === null ? null : entry.kind === "note" ? entry.body.text : wordsIn(entry.body, say);
  return { seq, name: entry.by.name ?? null, side: entry.by.kind, text, gone: entry.body === null };
}

/** What an entry quotes. */
export function quoteOf(
  entries: readonly Entry[],
  body: { quote_of?: number } | null,
  say: Say = ({ zh }) => zh,
): Quoted | null {
  return body?.quote_of === undefined ? null : quotedAt(entries, body.quote_of, say);
}

/** What an entry said before it was corrected, in order. */
export function earlierWords(
  entries: readonly Entry[],
  seq: number,
  body: { corrected_at?: number } | null,
): readonly string[] {
  if (body?.corrected_at === undefined) return [];
  return entries.flatMap((e) =>
    (e.kind === "corrected" || e.kind === "note_corrected") && e.body?.of === seq ? [e.body.before ?? ""] : [],
  );
}

export const recallWindow = 2 * 60_000;
export const correctionWindow = 24 * 60 * 60_000;

/** What an author may still correct: a text or a note of their own. */
export interface Own {
  seq: number;
  at: number;
  text: string;
  /** only colleagues read it */
  isNote: boolean;
}

/** The last message or note of this member of staff that can still be corrected; what is a file, or is gone, is passed over. */
export function lastOwn(entries: readonly Entry[], agent: string, now: number): Own | null {
  for (const e of [...entries].reverse()) {
    if (now - e.at > correctionWindow) return null;
    if ((e.kind !== "message" && e.kind !== "note") || e.by.kind !== "agent" || e.by.id !== agent) continue;
    const text = e.kind === "note" ? e.body?.text : e.body?.type === "text" ? e.body.text : undefined;
    if (text !== undefined) return { seq: e.seq, at: e.at, text, isNote: e.kind === "note" };
  }
  return null;
}

/** What one's own message says now; null if its words are gone. */
export function wordsNow(entries: readonly Entry[], { seq, text }: Own): string | null {
  const now = quotedAt(entries, seq, ({ zh }) => zh);
  return now.gone ? null : (now.text ?? text);
}
