import { beforeEach, describe, expect, it, vi } from "vitest";
import { keepDraft, readDraft } from "../src/desk/drafts";
import { setServerClock } from "../src/lib/clock";
import { Live, type LiveEvents } from "../src/live/live";
import { keepMine, readMine } from "../src/live/left";
import { forget } from "../src/live/place";
import { EventStream } from "./fake-stream";
import { conversation, head, me, noon, panel, served } from "./samples";

let live: Live;
let stream: EventStream;
let events: { [K in keyof LiveEvents]: ReturnType<typeof vi.fn<LiveEvents[K]>> };

beforeEach(() => {
  live = new Live(me);
  stream = EventStream.last;
  events = {
    message: vi.fn(),
    assigned: vi.fn(),
    woken: vi.fn(),
    offered: vi.fn(),
    own: vi.fn(),
    changed: vi.fn(),
    refused: vi.fn(),
  };
  live.start(events);
});

const reset = (id: string) =>
  stream.receive({ t: "reset", stream: id, generation: "g", seq: 9, state: head, marks: null, entries: served() });

describe("Live", () => {
  it("greets with the lists, the tenant and the conversations being read", () => {
    live.watch("cnv_a");
    expect(stream.hello()).toEqual({ cursors: { cnv_a: null, tnt_1: null }, lists: ["mine", "queue"], panel: false });
    reset("cnv_a");
    expect(stream.hello().cursors.cnv_a).toBe(9);
  });

  it("answers everybody who waits for a send, whatever becomes of it", async () => {
    vi.useFakeTimers();
    try {
      live.watch("cnv_a");
      reset("cnv_a");
      const ask = () => live.ask("cnv_a", { type: "text", text: "hi" });
      const lastId = () => stream.sent.at(-1)!.clientId;
      const [stored, seen, refused] = [ask(), ask(), ask()];
      const [a, b, c] = stream.sent.slice(-3).map((one) => one.clientId) as [string, string, string];
      stream.receive({ t: "ok", client_id: a, seq: 10, at: noon });
      const body = { type: "text" as const, text: "hi", ord: 9 };
      const by = { kind: "agent" as const, name: "Ada" };
      stream.receive({
        t: "entries",
        stream: "cnv_a",
        entries: [{ seq: 10, kind: "message", v: 1, at: noon, by, body, client_id: b }],
      } as Parameters<typeof stream.receive>[0]);
      stream.receive({ t: "no", client_id: c, code: "not_yours" });
      expect(await Promise.all([stored, seen, refused])).toEqual([null, null, "not_yours"]);
      const deleted = ask();
      live.drop("cnv_a", lastId());
      expect(await deleted).toBe("dropped");
      const late = ask();
      await vi.advanceTimersByTimeAsync(10_000);
      expect(await late).toBe("unanswered");
      const lost = ask();
      stream.become({ state: "down" });
      expect(await lost).toBe("unanswered");
    } finally {
      vi.useRealTimers();
    }
  });

  it("greets again only when something new is followed", () => {
    live.watch("cnv_a");
    live.watch("cnv_a");
    live.followPanel(true);
    live.followPanel(true);
    expect(stream.greetings).toBe(2);
  });

  it("keeps the eight conversations read last", () => {
    for (let index = 0; index < 10; index += 1) live.watch(`cnv_${index}`);
    expect(Object.keys(stream.hello().cursors)).toEqual([
      "cnv_2",
      "cnv_3",
      "cnv_4",
      "cnv_5",
      "cnv_6",
      "cnv_7",
      "cnv_8",
      "cnv_9",
      "tnt_1",
    ]);
  });

  it("tells of a new conversation and of a new message once each", () => {
    stream.receive({ t: "lists", mine: [], queue: [] });
    stream.receive({ t: "summary", conversation: conversation("a", { seq: 5, unread: 1 }) });
    stream.receive({ t: "summary", conversation: conversation("a", { seq: 6, unread: 2 }) });
    stream.receive({ t: "summary", conversation: conversation("a", { seq: 7, unread: 0 }) });
    expect(events.assigned).toHaveBeenCalledTimes(1);
    expect(events.message).toHaveBeenCalledTimes(1);
  });

  it("says when a conversation has left, and when canned replies or goods changed", () => {
    stream.receive({ t: "lists", mine: [conversation("a")], queue: [] });
    stream.receive({ t: "summary", conversation: conversation("a", { seq: 6, state: "resolved" }) });
    stream.receive({ t: "reset", stream: "tnt_1", generation: "g", seq: 3, state: null, marks: null, entries: [] });
    stream.receive({
      t: "entries",
      stream: "tnt_1",
      entries: [{ seq: 4, kind: "canned_replies_changed", v: 1, at: noon, by: { kind: "system" }, body: {} }],
    });
    stream.receive({
      t: "entries",
      stream: "tnt_1",
      entries: [{ seq: 5, kind: "catalogue_changed", v: 1, at: noon, by: { kind: "system" }, body: {} }],
    });
    stream.receive({
      t: "entries",
      stream: "tnt_1",
      entries: [
        { seq: 6, kind: "unanswered_changed", v: 1, at: noon, by: { kind: "system" }, body: {} },
        { seq: 7, kind: "knowledge_changed", v: 1, at: noon, by: { kind: "system" }, body: {} },
      ],
    });
    // What was read before the stream was live may be outdated.
    expect(events.changed.mock.calls).toEqual([
      ["resolved"],
      ["everything"],
      ["canned_replies_changed"],
      ["catalogue_changed"],
      ["unanswered_changed"],
      ["knowledge_changed"],
    ]);
    expect(stream.hello().cursors.tnt_1).toBe(7);
  });

  it("says once what is offered to the agent, and nothing of what is offered to others", () => {
    const offer = (id: string, until: number) =>
      ({ state: "offered", agent: null, offer: { agent: { id, name: "x" }, until } }) as const;
    stream.receive({ t: "lists", mine: [], queue: [] });
    const told = (seq: number, row: Parameters<typeof conversation>[1]) => {
      stream.receive({ t: "summary", conversation: conversation("a", { seq, ...row }) });
      const calls = events.offered.mock.calls.length;
      events.offered.mockClear();
      return calls;
    };
    expect(told(6, offer("agt_other", noon))).toBe(0);
    expect(told(7, offer(me.agent, noon + 1))).toBe(1);
    expect(told(8, offer(me.agent, noon + 1))).toBe(0);
    expect(told(9, { state: "queued", agent: null })).toBe(0);
    expect(told(10, offer(me.agent, noon + 2))).toBe(1);
  });

  it("says that the resolved ones changed where an end is taken back, or the customer goes on with the bot", () => {
    const ended = { state: "resolved", settled: { first_reply_ms: null, score: null } } as const;
    stream.receive({ t: "lists", mine: [conversation("a")], queue: [] });
    const told = (...rows: Parameters<typeof conversation>[1][]) => {
      for (const row of rows) stream.receive({ t: "summary", conversation: conversation("a", row) });
      const calls = events.changed.mock.calls.length;
      events.changed.mockClear();
      return calls;
    };
    expect(told({ seq: 6, ...ended })).toBe(1);
    expect(told({ seq: 7 })).toBe(1);
    expect(told({ seq: 8 }, { seq: 9, unread: 1 })).toBe(0);
    expect(told({ seq: 10, ...ended })).toBe(1);
    expect(told({ seq: 11, state: "bot", agent: null })).toBe(1);
    expect(told({ seq: 12, state: "bot", agent: null })).toBe(0);
  });

  it("has nothing read twice because the page has just begun, unless it changed since", () => {
    const began = Date.now() - performance.now();
    const told = (...at: [kind: "catalogue_changed" | "queues_changed", at: number, seq: number][]) => {
      const one = new Live(me);
      one.start(events);
      events.changed.mockClear();
      EventStream.last.receive({
        t: "reset",
        stream: "tnt_1",
        generation: "g",
        seq: 80,
        state: null,
        marks: null,
        entries: at.map(([kind, when, seq]) => ({ seq, kind, v: 1, at: when, by: { kind: "system" }, body: {} })),
      });
      one.stop();
      return events.changed.mock.calls.map(([what]) => what);
    };
    setServerClock(Date.now());
    expect(told(["catalogue_changed", began - 60_000, 80])).toEqual([]);
    expect(told(["catalogue_changed", began - 60_000, 79], ["queues_changed", Date.now(), 80])).toEqual([
      "queues_changed",
    ]);
    // More may have changed than is told.
    expect(told(["catalogue_changed", Date.now(), 79], ["queues_changed", Date.now(), 80])).toEqual(["everything"]);
    expect(told(["queues_changed", Date.now(), 1])).toEqual(["queues_changed"]);
    expect(told()).toEqual(["everything"]);
  });

  it("shows a send at once, keeps a refused one and forgets a dropped one", () => {
    live.watch("cnv_a");
    reset("cnv_a");
    const clientId = live.send("cnv_a", { type: "text", text: "您好" });
    const view = live.conversation("cnv_a");
    expect(view.get().pending.map((one) => one.client_id)).toEqual([clientId]);
    stream.receive({ t: "no", client_id: clientId, code: "conversation_closed" });
    expect(view.get().pending[0]?.code).toBe("conversation_closed");
    live.drop("cnv_a", clientId);
    expect(view.get().pending).toEqual([]);
  });

  it("tells of a refused act and forgets it", () => {
    live.watch("cnv_a");
    reset("cnv_a");
    const clientId = live.send("cnv_a", { type: "transfer", to: "agt_2" });
    stream.receive({ t: "no", client_id: clientId, code: "transfer_target_not_free" });
    expect(events.refused.mock.calls).toEqual([["transfer_target_not_free"]]);
    expect(live.conversation("cnv_a").get().pending).toEqual([]);
  });

  it("loses what a colleague has now", () => {
    stream.receive({ t: "lists", mine: [conversation("a")], queue: [] });
    stream.receive({ t: "gone", stream: conversation("a").id, code: "no_access" });
    expect(live.lists.get()).toEqual({ mine: new Map(), queue: new Map() });
    expect(readMine(me.agent)).toEqual([]);
    expect(events.changed.mock.calls).toEqual([["resolved"]]);
  });

  it("says what a colleague got while it heard nothing, also if the loss is told before the lists", async () => {
    stream.receive({ t: "lists", mine: [conversation("a")], queue: [] });
    stream.options.onStatus({ ...stream.status, state: "connecting" });
    stream.receive({ t: "gone", stream: conversation("a").id, code: "no_access" });
    stream.receive({ t: "lists", mine: [], queue: [conversation("a", { state: "queued", agent: null })] });
    await vi.waitFor(() => expect(live.left.get().map((one) => one.id)).toEqual([conversation("a").id]));
    localStorage.clear();
  });

  it("reads a conversation anew that was lost and is in a list again", () => {
    stream.receive({ t: "lists", mine: [conversation("a")], queue: [] });
    live.watch(conversation("a").id);
    reset(conversation("a").id);
    stream.receive({ t: "gone", stream: conversation("a").id, code: "no_access" });
    expect(live.conversation(conversation("a").id).get().gone).toBe("no_access");
    const before = stream.greetings;
    stream.receive({ t: "summary", conversation: conversation("a", { seq: 20, state: "queued", agent: null }) });
    expect(live.conversation(conversation("a").id).get().gone).toBeNull();
    expect(stream.greetings).toBe(before + 1);
    expect(stream.hello().cursors[conversation("a").id]).toBeNull();
  });

  it("counts as unsent only what is not answered within a second", () => {
    vi.useFakeTimers();
    live.send("cnv_a", { type: "text", text: "1" });
    expect(live.unsent.get()).toBe(0);
    vi.advanceTimersByTime(1000);
    expect(live.unsent.get()).toBe(1);
    stream.receive({ t: "ok", client_id: "c1", seq: 1, at: noon });
    expect(live.unsent.get()).toBe(0);
    vi.useRealTimers();
  });

  it("asks again when numbers are missing", () => {
    live.watch("cnv_a");
    reset("cnv_a");
    const before = stream.greetings;
    stream.receive({
      t: "entries",
      stream: "cnv_a",
      entries: [{ seq: 12, kind: "closed", v: 1, at: noon, by: { kind: "system" }, body: {} }],
    });
    expect(stream.greetings).toBe(before + 1);
  });

  it("asks for the page before the first entry", () => {
    live.watch("cnv_a");
    stream.receive({
      t: "reset",
      stream: "cnv_a",
      generation: "g",
      seq: 129,
      state: head,
      marks: null,
      entries: served().map((one) => ({ ...one, seq: one.seq + 120 })),
    });
    live.older("cnv_a");
    expect(stream.asked).toEqual([{ id: "cnv_a", from: 71, to: 120 }]);
  });

  it("hands on the panel and the own state", () => {
    stream.receive({ t: "panel", ...panel });
    stream.receive({ t: "presence", agent: me.agent, state: "break", since: noon });
    stream.receive({ t: "presence", agent: "agt_2", state: "offline", since: noon });
    expect(live.panel.get()?.value).toEqual(panel);
    expect(events.own.mock.calls).toEqual([["break", noon]]);
  });

  it("takes over what a page of this person left unsent, once", async () => {
    const left = [{ client_id: "old", conversation: "cnv_a", body: { type: "text", text: "from before" }, at: noon }];
    localStorage.setItem(`yingda.console.outbox.${me.agent}.gone`, JSON.stringify(left));
    localStorage.setItem("yingda.console.outbox.agt_other.gone", JSON.stringify(left));
    const next = new Live(me);
    next.watch("cnv_a");
    next.start(events);
    await vi.waitFor(() =>
      expect(
        next
          .conversation("cnv_a")
          .get()
          .pending.map((one) => one.client_id),
      ).toEqual(["old"]),
    );
    expect(localStorage.getItem(`yingda.console.outbox.${me.agent}.gone`)).toBeNull();
    expect(localStorage.getItem("yingda.console.outbox.agt_other.gone")).not.toBeNull();
    localStorage.clear();
  });

  it("remembers across a reload which conversations were its own", async () => {
    stream.receive({ t: "lists", mine: [conversation("a")], queue: [] });
    const next = new Live(me);
    const after = EventStream.last;
    next.start(events);
    after.receive({ t: "lists", mine: [], queue: [conversation("a", { state: "queued", agent: null })] });
    await vi.waitFor(() =>
      expect(next.left.get()).toEqual([
        {
          id: "cnv_a",
          customer: conversation("a").customer,
          subject: null,
          created_at: conversation("a").created_at,
          now: "queued",
        },
      ]),
    );
    localStorage.clear();
  });
});

describe("drafts", () => {
  it("are bounded: the one not touched for longest goes first", () => {
    vi.useFakeTimers();
    for (let index = 0; index < 103; index += 1) {
      vi.advanceTimersByTime(1000);
      keepDraft(me.agent, `cnv_${index}`, { reply: "x", note: "", mode: "reply" });
    }
    vi.useRealTimers();
    expect(Object.keys(localStorage).filter((name) => name.includes(".draft."))).toHaveLength(100);
    expect(readDraft(me.agent, "cnv_2").reply).toBe("");
    expect(readDraft(me.agent, "cnv_3").reply).toBe("x");
    localStorage.clear();
  });
});

describe("signing out", () => {
  it("leaves no names and no drafts of that person in the browser", () => {
    keepDraft("agt_1", "cnv_a", { reply: "half a", note: "", mode: "reply" });
    keepDraft("agt_2", "cnv_a", { reply: "another’s", note: "", mode: "reply" });
    keepMine("agt_1", [conversation("cnv_a")]);
    expect(readMine("agt_1")).toHaveLength(1);
    forget("agt_1");
    expect(readMine("agt_1")).toEqual([]);
    expect(readDraft("agt_1", "cnv_a").reply).toBe("");
    expect(readDraft("agt_2", "cnv_a").reply).toBe("another’s");
  });
});
