import { describe, expect, it } from "vitest";
import {
  applyFrame,
  emptyConversation,
  tickOf,
  unreadOf,
  withPending,
  type ConversationView,
} from "../src/conversation";
import type { Entry, MessageEntry, ServerFrame } from "../src/types";

const A = "cnv_a";
const entry = (seq: number, kind: string, body: unknown = {}, by = "system", client_id?: string) =>
  ({ seq, kind, v: 1, at: seq * 1000, by: { kind: by }, body, ...(client_id ? { client_id } : {}) }) as Entry;
const text = (seq: number, by: string, ord: number, client_id?: string) =>
  entry(seq, "message", { type: "text", text: String(seq), ord }, by, client_id);
const entries = (...list: Entry[]): ServerFrame => ({ t: "entries", stream: A, entries: list });
const play = (...frames: ServerFrame[]) => frames.reduce(applyFrame, emptyConversation(A));
const waiting = (c: ConversationView, client_id: string) =>
  withPending(c, [...c.pending, { client_id, conversation: A, body: { type: "text", text: "x" }, at: 0 }]);

describe("entries", () => {
  it("are read again without what was erased", () => {
    const c = applyFrame({ ...emptyConversation("cnv_a"), seq: 2 }, {
      t: "entries",
      stream: "cnv_a",
      entries: [{ seq: 3, kind: "erased", v: 1, at: 1, by: { kind: "system" }, body: { all: true } }],
    } as never);
    expect(c).toMatchObject({ seq: null, gap: true });
  });

  it("apply only head + 1: an older one is dropped, a gap is told and stops the rest", () => {
    let c = play(entries(entry(1, "opened", { episode: 1, lang: "en" }), text(2, "customer", 1)));
    expect(c.seq).toBe(2);
    c = applyFrame(c, entries(text(2, "customer", 1), text(3, "bot", 1)));
    expect(c.entries.map((e) => e.seq)).toEqual([1, 2, 3]);
    c = applyFrame(c, entries(text(5, "bot", 2), text(6, "bot", 3)));
    expect(c).toMatchObject({ seq: 3, gap: true });
    c = applyFrame(c, entries(text(4, "bot", 2)));
    expect(c).toMatchObject({ seq: 4, gap: false });
  });

  it("of another conversation change nothing", () => {
    const c = play(entries(text(1, "bot", 1)));
    expect(applyFrame(c, { t: "entries", stream: "cnv_b", entries: [text(2, "bot", 2)] })).toBe(c);
  });

  it("tell the owner through a whole service", () => {
    const kinds: [string, unknown][] = [
      ["opened", { episode: 1, lang: "zh-CN" }],
      ["human_requested", { via: "button" }],
      ["queued", { queue: "移动业务组" }],
      ["assigned", { name: "周敏", number: "0317" }],
      ["transferred", { to_kind: "queue", to_name: "宽带组", from_name: "周敏" }],
      ["assigned", { name: "陈一诺", number: "0420" }],
      ["returned", { reason: "agent_unreachable" }],
      ["left_queue", {}],
      ["resolved", { by: "customer", outcome: "done" }],
      ["reopened", { episode: 2, with: "queue" }],
      ["reopened", { episode: 3, with: "agent", name: "林夏", number: "0500" }],
      ["closed", {}],
      ["something_new", {}],
    ];
    let c = emptyConversation(A);
    const seen = kinds.map(([k, b], i) => {
      c = applyFrame(c, entries(entry(i + 1, k, b)));
      return `${c.state}:${c.agent?.name ?? c.queue ?? ""}`;
    });
    expect(seen).toEqual([
      "bot:",
      "bot:",
      "queued:移动业务组",
      "active:周敏",
      "queued:宽带组",
      "active:陈一诺",
      "queued:宽带组",
      "bot:宽带组",
      "resolved:宽带组",
      "queued:宽带组",
      "active:林夏",
      "closed:林夏",
      "closed:林夏",
    ]);
    expect(c.episode).toBe(3);
    expect(c.seq).toBe(13);
  });
});

describe("reset", () => {
  it("replaces everything and believes the state it brings", () => {
    const c = play(entries(text(1, "bot", 1)), {
      t: "reset",
      stream: A,
      generation: "g2",
      seq: 120,
      state: { state: "active", episode: 3, agent_name: "周敏", agent_number: "0317", score: null, reopen_until: null },
      marks: { customer: { received: 40, read: 39 }, staff: { received: 9, read: 9 } },
      entries: [text(119, "agent", 41), text(120, "customer", 10)],
    });
    expect(c).toMatchObject({
      seq: 120,
      generation: "g2",
      state: "active",
      episode: 3,
      ord: { customer: 10, staff: 41 },
    });
    expect(unreadOf(c, "customer")).toBe(2);
    expect(unreadOf(c, "staff")).toBe(1);
    expect(
      applyFrame(c, { t: "page", stream: A, from: 117, to: 118, entries: [text(117, "bot", 39), text(118, "bot", 40)] })
        .entries,
    ).toHaveLength(4);
    expect(applyFrame(c, { t: "page", stream: A, from: 1, to: 2, entries: [text(1, "bot", 1)] })).toBe(c);
  });

  it("keeps what is still unsent and drops what has arrived", () => {
    let c = waiting(waiting(emptyConversation(A), "one"), "two");
    c = applyFrame(c, {
      t: "reset",
      stream: A,
      generation: "g",
      seq: 1,
      state: null,
      marks: null,
      entries: [text(1, "customer", 1, "one")],
    });
    expect(c.pending.map((p) => p.client_id)).toEqual(["two"]);
  });
});

describe("pending", () => {
  it("ok never moves the cursor; the entry does, in either order", () => {
    let c = waiting(play(entries(entry(1, "opened", { episode: 1, lang: "en" }))), "one");
    c = applyFrame(c, { t: "ok", client_id: "one", seq: 2, at: 1 });
    expect(c).toMatchObject({ seq: 1, pending: [{ seq: 2 }] });
    c = applyFrame(c, entries(text(2, "customer", 1, "one")));
    expect(c).toMatchObject({ seq: 2, pending: [] });
    c = waiting(c, "two");
    c = applyFrame(c, entries(text(3, "customer", 2, "two")));
    c = applyFrame(c, { t: "ok", client_id: "two", seq: 3, at: 1 });
    expect(c.pending).toEqual([]);
  });

  it("a refusal keeps the words with the reason; `use` does not count as one", () => {
    const c = waiting(emptyConversation(A), "one");
    expect(applyFrame(c, { t: "no", client_id: "one", code: "text_too_long" }).pending[0]?.code).toBe("text_too_long");
    expect(applyFrame(c, { t: "no", client_id: "one", code: "use", conversation: "cnv_b" })).toBe(c);
    expect(applyFrame(c, { t: "no", code: "not_signed_in" })).toBe(c);
  });

  it("the stream's list joins the accepted ones that are not in the log yet", () => {
    let c = waiting(emptyConversation(A), "one");
    c = applyFrame(c, { t: "ok", client_id: "one", seq: 1, at: 1 });
    c = withPending(c, [{ client_id: "two", conversation: A, body: { type: "end" }, at: 0 }]);
    expect(c.pending.map((p) => p.client_id)).toEqual(["one", "two"]);
  });
});

describe("marks, typing and place", () => {
  it("only rise, and give each message its tick", () => {
    let c = play(entries(text(1, "customer", 1), text(2, "customer", 2), text(3, "customer", 3)));
    c = applyFrame(c, { t: "marks", stream: A, staff: { received: 2, read: 1 }, customer: { received: 0, read: 0 } });
    c = applyFrame(c, { t: "marks", stream: A, staff: { received: 1, read: 0 }, customer: { received: 0, read: 0 } });
    expect(c.entries.map((e) => tickOf(c, e as MessageEntry, "customer"))).toEqual(["read", "delivered", "accepted"]);
    c = applyFrame(c, {
      t: "welcome",
      generation: "g",
      heads: {},
      now: 0,
      beat_ms: 1,
      marks: { [A]: { staff: { received: 3, read: 3 }, customer: { received: 0, read: 0 } } },
    });
    expect(c.marks.staff).toEqual({ received: 3, read: 3 });
  });

  it("typing ends with the message, the place with the person", () => {
    let c = applyFrame(emptyConversation(A), {
      t: "place",
      conversation: A,
      ahead: 2,
      eta_low_ms: 1,
      eta_high_ms: 2,
      staffed: true,
    });
    c = applyFrame(c, { t: "typing", conversation: A, by: "agent", name: "周敏", on: true });
    expect(c.place?.ahead).toBe(2);
    expect(c.typing?.name).toBe("周敏");
    c = applyFrame(c, entries(entry(1, "assigned", { name: "周敏", number: "1" })));
    expect(c.place).toBeNull();
    c = applyFrame(c, { t: "typing", conversation: A, by: "agent", on: true });
    c = applyFrame(c, entries(text(2, "agent", 1)));
    expect(c.typing).toBeNull();
    expect(applyFrame(c, { t: "gone", stream: A, code: "no_access" }).gone).toBe("no_access");
  });
});
