import type { Entry, MessageBody } from "@yingda/api/types";

/** What a message says in words, or the name of what it carries. */
function wordsOfBody(body: MessageBody): string {
  if ("text" in body) return body.text;
  return body.type === "file" ? body.file.name : "";
}

/** What is written in an entry, where people look for it; empty if nothing is. */
export function writtenIn(entry: Entry): string {
  switch (entry.kind) {
    case "message":
      return entry.body ? wordsOfBody(entry.body) : "";
    case "note":
    case "whispered":
      return entry.body?.text ?? "";
    default:
      return "";
  }
}

/** So many entries are searched at once, so that the page stays quick in a log of tens of thousands. */
export const atOnce = 400;

/** The normal forms of what was searched, by the function that makes them: it is another one once the table of characters has arrived. */
const forms = new WeakMap<(text: string) => string, WeakMap<Entry, string>>();

/**
 * Searches entries from the last to the first, some at a time: each step returns the numbers found in it, the latest first. `wanted` is in the normal form of
 * `fold`.
 */
export function* foundIn(
  entries: readonly Entry[],
  wanted: string,
  fold: (text: string) => string,
): Generator<number[]> {
  const known = forms.get(fold) ?? new WeakMap<Entry, string>();
  forms.set(fold, known);
  for (let end = entries.length; end > 0; end -= atOnce) {
    const found: number[] = [];
    for (const entry of entries.slice(Math.max(0, end - atOnce), end).reverse()) {
      const written = known.get(entry) ?? fold(writtenIn(entry));
      known.set(entry, written);
      if (written.includes(wanted)) found.push(entry.seq);
    }
    yield found;
  }
}
