import type { ConversationView } from "@yingda/api/conversation";
import type { Me } from "@yingda/api/types";
import { readsEverything } from "../lib/roles";

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
  const last = entries.findLast(
    (entry) =>
      entry.kind === "assigned" ||
      entry.kind === "transferred" ||
      entry.kind === "queued" ||
      entry.kind === "returned" ||
      entry.kind === "alerted" ||
      (entry.kind === "message" && entry.body?.type === "left_message"),
  );
  if (last?.kind === "assigned") return last.body?.agent === me.agent;
  if (last?.kind === "transferred") return last.body?.to_kind === "queue" || last.body?.to === me.agent;
  return true;
}
