import { act, screen } from "@testing-library/react";
import type { Conversation, ConversationDetail, Entry, ServerFrame } from "@yingda/api/types";
import { EventStream } from "./fake-stream";
import { open, server, signedIn } from "./render";
import { agent, conversation, customer, head, me, noon, text, visitor } from "./samples";

export const details = (id: string, change: Partial<ConversationDetail> = {}): ConversationDetail => ({
  ...conversation(id),
  visitor: {
    ...visitor(id),
    first_seen_at: noon,
    conversations: 1,
    online: true,
    account: null,
    contacts: [],
    consents: [],
    block: null,
  },
  page: null,
  asked_about: null,
  episodes: [],
  history: [],
  ...change,
});

/** Opens the desk with these lists; other requests of the pages are answered from `answers`. */
export async function openDesk({
  path = "/inbox",
  mine = [],
  queue = [],
  answers = {},
  as = me,
}: {
  path?: string;
  mine?: Conversation[];
  queue?: Conversation[];
  answers?: Record<string, unknown>;
  as?: typeof me;
}) {
  const all = server({
    ...signedIn(as),
    "GET /conversations": { items: [], next: null },
    "GET /queues": { items: [] },
    ...answers,
  });
  const view = open(path);
  await screen.findByRole("region", { name: "Conversations" });
  const stream = EventStream.last;
  act(() => {
    stream.become({ state: "live" });
    stream.receive({ t: "lists", mine, queue });
  });
  return { ...view, all, stream };
}

/** Entries starting with this number, in which the customer and the agent take turns. */
export const talk = (first: number, count: number): Entry[] =>
  Array.from(
    { length: count },
    (_, n): Entry =>
      ({
        seq: first + n,
        kind: "message",
        v: 1,
        at: noon + (first + n) * 200_000,
        by: n % 2 ? agent : customer,
        body: text(`line ${first + n}`, first + n),
      }) as Entry,
  );

export const reset = (
  stream: string,
  entries: readonly Entry[],
  change: Partial<Extract<ServerFrame, { t: "reset" }>> = {},
): Extract<ServerFrame, { t: "reset" }> => ({
  t: "reset",
  stream,
  generation: "g",
  seq: entries.at(-1)?.seq ?? 0,
  state: head,
  marks: { customer: { received: 0, read: 0 }, staff: { received: 0, read: 0 } },
  entries: [...entries],
  ...change,
});
