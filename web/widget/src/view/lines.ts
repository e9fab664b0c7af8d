import type { ConversationView } from "@yingda/api/conversation";
import { ownerAfter, ownerBefore, ownerOf, type Owner } from "@yingda/api/kinds";
import type { Entry } from "@yingda/api/types";

/** What a text may say besides its words. */
export type Told = { quote?: number; corrected_at?: number; hidden_numbers?: number } | null;

export type End = "done" | "cut" | undefined;
/** One stretch of the answer line: the owner of the conversation while these entries arrived. */
export interface Stretch {
  owner: Owner;
  entries: Entry[];
  end?: End;
}

/** What the customer said about the answer with this ordinal, oldest first, including what is still being sent. */
export const judgements = (c: ConversationView, answer: number): boolean[] =>
  [...c.entries, ...c.pending].flatMap(({ body }) =>
    body && "helpful" in body && body.answer === answer ? [body.helpful] : [],
  );

/** Splits the log where the owner changes. The last stretch is the current one. */
export function stretches(c: ConversationView): Stretch[] {
  // the log may begin in the middle: who had the conversation then is inferred
  const begins = c.entries.map(ownerBefore).find(Boolean) ?? ownerOf(c.state);
  const out: Stretch[] = [{ owner: begins, entries: [] }];
  for (const e of c.entries) {
    const last = out.at(-1) as Stretch;
    // a transfer is the last that is said of who had it; the entry after it names who has it now
    const owner = e.kind === "transferred" ? undefined : ownerAfter(e);
    if (e.kind === "resolved") {
      last.entries.push(e);
      last.end = e.body?.outcome === "abandoned_in_queue" ? "cut" : "done";
      out.push({ owner: "none", entries: [] });
    } else if (owner && (owner !== last.owner || e.kind === "assigned")) {
      out.push({ owner, entries: [e] });
    } else last.entries.push(e);
  }
  const now = ownerOf(c.state);
  if (now !== "none" && out.at(-1)?.owner !== now) out.push({ owner: now, entries: [] });
  // the stretch after an end is marked, even if nothing was said in it
  return out.filter((s, i) => s.entries.length || out[i - 1]?.end || i === out.length - 1);
}
