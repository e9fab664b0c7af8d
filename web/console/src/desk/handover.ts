import type { Entry } from "@yingda/api/types";

export interface Handover {
  /** the first question, followed by the last ones */
  asked: { seq: number; text: string; answered: boolean }[];
  /** the number of questions between the first and the others */
  skipped: number;
  misses: number;
  byWords: boolean;
}

/** The index of the current episode's beginning in these entries; -1 if it is not loaded. */
const beginning = (entries: readonly Entry[]) =>
  entries.findLastIndex((entry) => entry.kind === "opened" || entry.kind === "reopened");

export const hasBeginning = (entries: readonly Entry[]) => beginning(entries) !== -1;

/**
 * What the customer asked the bot in the current episode before asking for a human agent, and what it could not answer. Null if the bot was not asked anything.
 */
export function handover(entries: readonly Entry[], most = 4): Handover | null {
  let asked: Handover["asked"] = [];
  let byWords = false;
  let withBot = true;
  for (const entry of entries.slice(Math.max(0, beginning(entries)))) {
    if (entry.kind === "human_requested") byWords = entry.body?.via === "words";
    if (entry.kind === "human_requested" || entry.kind === "queued" || entry.kind === "assigned") withBot = false;
    if (entry.kind === "left_queue" || entry.kind === "handed_back") withBot = true;
    if (entry.kind === "handed_back") asked = [];
    if (!withBot || entry.kind !== "message" || !entry.body) continue;
    const { body } = entry;
    if (entry.by.kind === "customer" && (body.type === "text" || body.type === "choice"))
      asked.push({ seq: entry.seq, text: body.text, answered: true });
    const last = asked[asked.length - 1];
    if (entry.by.kind === "bot" && body.type === "answer" && body.outcome === "no_answer" && last)
      last.answered = false;
  }
  if (asked.length === 0) return null;
  const skipped = Math.max(0, asked.length - most);
  return {
    asked: skipped > 0 ? [...asked.slice(0, 1), ...asked.slice(1 - most)] : asked,
    skipped,
    misses: asked.filter((one) => !one.answered).length,
    byWords,
  };
}
