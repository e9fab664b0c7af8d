import { isUndo } from "@yingda/api/kinds";
import type { Entry, Handoff } from "@yingda/api/types";

export interface Handover {
  /** the first question, followed by the last ones */
  asked: { seq: number; text: string; answered: boolean }[];
  /** the number of questions between the first and the others */
  skipped: number;
  misses: number;
  /** why a person was called; null if the customer pressed the button */
  why: Handoff["reason"] | null;
  /** an agent handed the conversation back, and the bot has not been asked anything since */
  back: boolean;
}

/** The index of the current episode's beginning in these entries; -1 if it is not loaded. */
const beginning = (entries: readonly Entry[]) =>
  entries.findLastIndex((entry) => entry.kind === "opened" || (entry.kind === "reopened" && !isUndo(entry)));

/** Whether the bot has the conversation after an entry; missing where that does not change. */
const givesBot: Partial<Record<Entry["kind"], boolean>> = {
  opened: true,
  left_queue: true,
  handed_back: true,
  human_requested: false,
  queued: false,
  assigned: false,
};

/** Whether the bot has the conversation as far as these entries tell, or had it at the end. */
export function isOfBot(entries: readonly Entry[]): boolean {
  const last = entries.findLast((entry) => givesBot[entry.kind] !== undefined);
  return last !== undefined && givesBot[last.kind] === true;
}

export const hasBeginning = (entries: readonly Entry[]) => beginning(entries) !== -1;

/** Reasons for which the bot offers a person: words that it did not answer any more accepted the offer, and asked nothing. */
export const offered = new Set<string | undefined>(["misses", "mood", "repetition", "wish"]);

/** Why a person is called by the entry at `index`: from the packet just before it. Undefined if there is none, as in old conversations. */
export function reasonAt(entries: readonly Entry[], index: number): Handoff["reason"] | undefined {
  const packet = entries.slice(Math.max(0, index - 2), index).findLast((entry) => entry.kind === "handoff");
  return packet?.kind === "handoff" ? packet.body?.reason : undefined;
}

/**
 * What the customer asked the bot in the current episode before a human agent was called, and what it could not answer; after a hand-back, what was asked since.
 * Null if the bot was not asked anything.
 */
export function handover(entries: readonly Entry[], most = 4): Handover | null {
  let asked: Handover["asked"] = [];
  let why: Handover["why"] = null;
  let withBot = true;
  let back = false;
  let replied = true;
  const episode = entries.slice(Math.max(0, beginning(entries)));
  for (const [index, entry] of episode.entries()) {
    if (entry.kind === "human_requested") {
      const reason = reasonAt(episode, index);
      why = reason === "button" ? null : (reason ?? (entry.body?.via === "words" ? "asked" : null));
      if (offered.has(reason) && !replied) asked = asked.slice(0, -1);
    }
    withBot = givesBot[entry.kind] ?? withBot;
    if (entry.kind === "handed_back") back = true;
    if (!withBot || entry.kind !== "message" || !entry.body) continue;
    const { body } = entry;
    if (entry.by.kind === "customer" && (body.type === "text" || body.type === "choice")) {
      if (back) [asked, why, back] = [[], null, false];
      asked = [...asked, { seq: entry.seq, text: body.text, answered: true }];
      replied = false;
    }
    if (entry.by.kind !== "bot") continue;
    replied = true;
    const last = asked[asked.length - 1];
    if (!back && body.type === "answer" && body.outcome === "no_answer" && last) last.answered = false;
  }
  back &&= withBot;
  if (asked.length === 0 && !back) return null;
  const skipped = Math.max(0, asked.length - most);
  return {
    asked: skipped > 0 ? [...asked.slice(0, 1), ...asked.slice(1 - most)] : asked,
    skipped,
    misses: asked.filter((one) => !one.answered).length,
    why,
    back,
  };
}
