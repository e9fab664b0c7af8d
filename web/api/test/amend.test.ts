import { describe, expect, it } from "vitest";
import { applyStaffFrame } from "../src/amend";
import { applyFrame, emptyConversation, type ConversationView } from "../src/conversation";
import type { Entry } from "../src/types";

const id = "cnv_1";
const entry = (seq: number, kind: string, body: unknown, by = "agent") =>
  ({ seq, v: 1, at: seq * 1000, kind, body, by: { kind: by, id: "agt_1" }, audience: "public" }) as unknown as Entry;
const said = (seq: number, text: string, by = "agent") => entry(seq, "message", { type: "text", text, ord: seq }, by);
const view = (...entries: Entry[]): ConversationView => ({
  ...emptyConversation(id),
  seq: entries.length,
  entries,
});
const applied = (before: ConversationView, ...entries: Entry[]) =>
  applyStaffFrame(before, { t: "entries", stream: id, entries });

describe("words that are gone or corrected", () => {
  it("change where they are read, for the staff", () => {
    const now = applied(view(said(1, "a"), said(2, "b")), entry(3, "recalled", { entry: 1, of: 1 }));
    expect(now.entries.map(({ body, gone }) => [body === null, gone])).toEqual([
      [true, "recalled"],
      [false, undefined],
      [false, undefined],
    ]);
    expect([now.seq, now.gap]).toEqual([3, false]);
  });

  it("are the new ones after a correction, which goes with them when they are taken back", () => {
    const corrected = applied(view(said(1, "a")), entry(2, "corrected", { entry: 1, of: 1, text: "b", before: "a" }));
    expect(corrected.entries[0]?.body).toMatchObject({ text: "b", corrected_at: 2000 });
    const gone = applied(corrected, entry(3, "recalled", { entry: 1, of: 1 }));
    expect(JSON.stringify(gone.entries)).not.toMatch(/"(a|b)"/);
  });

  it("are read again if something else may quote them, and by the customer, who is told no number of the staff's", () => {
    const handoff = entry(2, "handoff", {});
    const now = applied(view(said(1, "a", "customer"), handoff), entry(3, "recalled", { entry: 1, of: 1 }, "customer"));
    expect([now.seq, now.gap]).toEqual([null, true]);
    const frame = { t: "entries" as const, stream: id, entries: [entry(2, "corrected", { entry: 1, text: "b" })] };
    expect(applyFrame(view(said(1, "a")), frame).seq).toBeNull();
  });
});
