import { applyFrame, settle, type ConversationView } from "./conversation";
import type { Entry, ServerFrame } from "./types";

type Amending = Extract<Entry, { kind: "erased" | "recalled" | "note_recalled" | "corrected" | "note_corrected" }>;

const isAmending = (e: Entry): e is Amending => /erased|recalled|corrected/.test(e.kind);

/** With an entry whose words are gone, or are others now. */
const change = (entries: readonly Entry[], of: number, to: (e: Entry) => Entry): readonly Entry[] =>
  entries.map((e) => (e.seq === of ? to(e) : e));

/** The entries of a conversation once words in it are gone or were corrected; undefined if they have to be read again. */
function amend(entries: readonly Entry[], e: Amending): readonly Entry[] | undefined {
  const of = e.body?.of;
  if (of === undefined) return undefined;
  if (e.kind === "corrected" || e.kind === "note_corrected") {
    const { text, hidden_numbers } = e.body ?? {};
    return change(entries, of, (said) =>
      said.body ? ({ ...said, body: { ...said.body, text, hidden_numbers, corrected_at: e.at } } as Entry) : said,
    );
  }
  // What the bot told the agents may quote the customer, and is gone with it.
  if (e.by.kind === "customer" && entries.some((one) => one.kind === "handoff" && one.seq > of)) return undefined;
  const gone = (one: Entry) => ({ ...one, body: null, gone: e.kind === "erased" ? "erased" : "recalled" }) as Entry;
  return change(entries, of, gone).map((one) =>
    (one.kind === "corrected" || one.kind === "note_corrected") && one.body?.of === of ? gone(one) : one,
  );
}

/** [`applyFrame`] for the staff, who are told which entry is meant when words are gone or corrected: it changes in place, and they go on reading where they are. */
export function applyStaffFrame(before: ConversationView, frame: ServerFrame): ConversationView {
  if (frame.t !== "entries" || frame.stream !== before.id || !frame.entries.some(isAmending))
    return applyFrame(before, frame);
  let view = before;
  for (const e of frame.entries) {
    const next = isAmending(e) && e.seq === (view.seq ?? 0) + 1 ? amend(view.entries, e) : undefined;
    view = next
      ? settle({ ...view, seq: e.seq, entries: [...next, e], gap: false })
      : applyFrame(view, { ...frame, entries: [e] });
    if (view.gap) return view;
  }
  return view;
}
