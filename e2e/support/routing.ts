import { memberOf } from "./api";
import type { Seed, Server } from "./server";

/** The demo's queues, by their English names: everybody serves the first, the second agent alone the other. */
export type QueueName = "General" | "Broadband faults";

/** Changes a queue as its manager would: its rules, or who serves it. Returns its id. */
export async function changeQueue(
  server: Server,
  seed: Seed,
  name: QueueName,
  change: Record<string, unknown>,
): Promise<string> {
  const manager = memberOf(server, seed, "manager");
  const queue = (await manager.get("/queues")).items.find((one) => (one.name as { en: string }).en === name);
  if (!queue) throw new Error(`no queue is called ${name}`);
  await manager.patch(`/queues/${queue.id}`, { ...change, seen: queue.updated_at });
  return queue.id;
}
