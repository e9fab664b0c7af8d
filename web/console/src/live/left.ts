import { call, Problem } from "@yingda/api/client";
import type { Conversation } from "@yingda/api/types";
import type { Asked } from "../lib/people";
import { browserPlace } from "./place";

/** A conversation that was taken away while this console was unreachable. */
export interface Left extends Asked {
  id: string;
  /** whether it waits again, or which colleague has it, by name if we may know it */
  now: "queued" | { colleague: string | null };
}

type Row = Omit<Left, "now">;
const keyOf = (agent: string) => `yingda.console.mine.${agent}`;

/** What is remembered of a conversation: its customer, without what they sign in with, and what tells them apart. */
export const rowOf = ({ id, customer, subject, product, created_at }: Conversation): Row => ({
  id,
  customer: { id: customer.id, name: customer.name, ...(customer.account ? { account: true } : {}) },
  subject,
  ...(product ? { product: { name: product.name } } : {}),
  created_at,
});
/** What is stored of it: not the customer's words. */
const storedOf = (one: Conversation): Row => ({ ...rowOf(one), subject: null });

/** Stores which conversations were ours when we last heard from the server, in case the page ends in the meantime. */
export function keepMine(agent: string, mine: Iterable<Conversation>) {
  const rows = [...mine].map(storedOf);
  const text = rows.length ? JSON.stringify(rows) : null;
  // Every message updates the lists, and writing to the storage is expensive; reading is not.
  if (browserPlace.get(keyOf(agent)) !== text) browserPlace.set(keyOf(agent), text);
}

export function readMine(agent: string): Row[] {
  try {
    const rows: unknown = JSON.parse(browserPlace.get(keyOf(agent)) ?? "[]");
    return Array.isArray(rows)
      ? rows.filter((row): row is Row =>
          [(row as Row | null)?.id, (row as Row | null)?.customer?.id, (row as Row | null)?.customer?.name].every(
            (one) => typeof one === "string",
          ),
        )
      : [];
  } catch {
    return [];
  }
}

/**
 * Where conversations went that were ours before an interruption and are not after it. One that was resolved in the meantime is no news: it is in its own list.
 */
export async function whereTheyWent(
  before: readonly Row[],
  mine: ReadonlyMap<string, unknown>,
  queue: ReadonlyMap<string, unknown>,
): Promise<Left[]> {
  const gone = before.filter((row) => !mine.has(row.id));
  const found = await Promise.all(
    gone.map(async (row): Promise<Left | null> => {
      const { id } = row;
      if (queue.has(id)) return { ...row, now: "queued" };
      try {
        const now = await call("GET", "/conversations/{id}", { path: { id } });
        return now.agent && now.state !== "resolved" && now.state !== "closed"
          ? { ...row, now: { colleague: now.agent.name } }
          : null;
      } catch (error) {
        // We may not read what a colleague serves.
        return error instanceof Problem && (error.status === 404 || error.status === 403)
          ? { ...row, now: { colleague: null } }
          : null;
      }
    }),
  );
  return found.filter((one) => one !== null);
}
