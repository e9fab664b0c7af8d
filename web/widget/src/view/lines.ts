import type { ConversationView } from "@yingda/api/conversation";
import type { Entry } from "@yingda/api/types";

export type Owner = "bot" | "queue" | "agent" | "none";
export type End = "done" | "cut" | undefined;
/** One stretch of the answer line: the owner of the conversation while these entries arrived. */
export interface Stretch {
  owner: Owner;
  entries: Entry[];
  end?: End;
}

const OWNER: Partial<Record<Entry["kind"], Owner>> = {
  opened: "bot",
  queued: "queue",
  returned: "queue",
  assigned: "agent",
  left_queue: "bot",
  handed_back: "bot",
  resolved: "none",
  closed: "none",
};

export const ownerOf = (state: string): Owner =>
  state === "queued" || state === "offered"
    ? "queue"
    : state === "resolved" || state === "closed"
      ? "none"
      : state === "bot"
        ? "bot"
        : "agent";

/** What the customer said about the answer with this ordinal, oldest first, including what is still being sent. */
export const judgements = (c: ConversationView, answer: number): boolean[] =>
  [...c.entries, ...c.pending].flatMap(({ body }) =>
    body && "helpful" in body && body.answer === answer ? [body.helpful] : [],
  );

/** The owner before the first entry we hold, inferred from the entries: the log may begin in the middle. */
function before(entries: readonly Entry[], c: ConversationView): Owner {
  for (const e of entries) {
    if (e.kind === "message" && e.by.kind !== "customer") return e.by.kind === "agent" ? "agent" : "bot";
    if (e.kind === "assigned") return "queue";
    if (OWNER[e.kind] || e.kind === "transferred") return e.kind === "transferred" ? "agent" : "bot";
  }
  return ownerOf(c.state);
}

/** Splits the log where the owner changes. The last stretch is the current one. */
export function stretches(c: ConversationView): Stretch[] {
  const out: Stretch[] = [{ owner: before(c.entries, c), entries: [] }];
  for (const e of c.entries) {
    const last = out.at(-1) as Stretch;
    const reopened =
      e.kind === "reopened"
        ? e.body?.with === "queue"
          ? "queue"
          : e.body?.with === "agent"
            ? "agent"
            : "bot"
        : undefined;
    const owner = reopened ?? OWNER[e.kind];
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
