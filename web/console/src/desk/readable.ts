import type { ConversationView } from "@yingda/api/conversation";
import type { Entry, Me } from "@yingda/api/types";
import { reaches, readsEverything } from "../lib/roles";
import { those } from "../live/those";

type Of<K extends Entry["kind"]> = Extract<Entry, { kind: K }>;

const callsSomebody = (entry: Entry): entry is Of<"note"> => entry.kind === "note" && !!entry.body?.mentions?.length;

/** Whether an entry tells who may read from then on. */
const tellsReaders = (entry: Entry): entry is Entry =>
  entry.kind === "assigned" ||
  entry.kind === "transferred" ||
  entry.kind === "queued" ||
  entry.kind === "returned" ||
  entry.kind === "alerted" ||
  (entry.kind === "message" && entry.body?.type === "left_message");

/**
 * Whether a conversation that was read here may still be read, judging by its entries: one that went to a colleague belongs to the colleague, and requesting it
 * is refused. Who reaches the company may read all, and everyone may read conversations with a left message or an alert.
 */
export function mayRead(
  { entries, gone }: Pick<ConversationView, "entries" | "gone">,
  me: Pick<Me, "agent" | "grants">,
): boolean {
  if (gone !== null) return false;
  if (readsEverything(me)) return true;
  const isCalled = ({ body }: Of<"note">) => body?.mentions?.some(({ agent }) => agent === me.agent);
  if (those(entries, callsSomebody).some(isCalled)) return true;
  return isWithUs(entries, me.agent);
}

/** Whether a conversation is with this member, or with nobody, judging by its entries. */
function isWithUs(entries: readonly Entry[], agent: string): boolean {
  const last = those(entries, tellsReaders).at(-1);
  if (last?.kind === "assigned") return last.body?.agent === agent;
  if (last?.kind === "transferred") return last.body?.to_kind === "queue" || last.body?.to === agent;
  return true;
}

/**
 * Whether something can be said and changed in a conversation that is open: by whoever may serve it. Those who only read further than they serve, or whom a note
 * calls, cannot. Who belongs to a group or department is known to the server alone.
 */
export function mayServe(view: Pick<ConversationView, "entries" | "gone">, me: Pick<Me, "agent" | "grants">): boolean {
  if (!mayRead(view, me) || !me.grants.some(({ permission }) => permission === "desk")) return false;
  return reaches(me, "desk", "company", "department", "group") || isWithUs(view.entries, me.agent);
}
