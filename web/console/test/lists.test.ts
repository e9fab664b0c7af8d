import { describe, expect, it } from "vitest";
import { applySummary, byAge, groupMine, listsFrom, nextWaiting, order, urgency, waitsSince } from "../src/live/lists";
import { conversation, me, noon } from "./samples";

const answered = (id: string, change: Parameters<typeof conversation>[1]) =>
  conversation(id, { preview: { by: "agent", text: "好的" }, ...change });
const waiting = (id: string, seconds: number) => conversation(id, { waiting_since: noon - seconds * 1000 });

describe("groupMine", () => {
  it("puts who waits longest first, then the latest of those who owe an answer", () => {
    const groups = groupMine([
      waiting("a", 20),
      answered("b", { at: noon - 9000 }),
      waiting("c", 90),
      answered("d", { at: noon - 1000 }),
      conversation("e", { state: "snoozed", waiting_since: noon }),
    ]);
    expect(order(groups)).toEqual(["cnv_c", "cnv_a", "cnv_d", "cnv_b", "cnv_e"]);
    expect(groups.later.map((one) => one.id)).toEqual(["cnv_e"]);
  });
});

it("puts danger first in every list, whoever waits longer and whatever became of it", () => {
  const groups = groupMine([
    waiting("a", 90),
    conversation("b", { state: "snoozed", danger: true }),
    answered("c", { danger: true, waiting_since: noon }),
  ]);
  expect(groups.waitingForMe.map((one) => one.id)).toEqual(["cnv_b", "cnv_c", "cnv_a"]);
  expect(groups.later).toEqual([]);
  const queue = [conversation("x", { queued_at: noon - 9 }), conversation("y", { queued_at: noon, danger: true })];
  expect(byAge(queue).map((one) => one.id)).toEqual(["cnv_y", "cnv_x"]);
});

it("takes a conversation nobody has answered yet for one that waits", () => {
  expect(waitsSince(conversation("n", { preview: { by: "bot", text: "…" } }))).toBe(noon - 60_000);
  expect(waitsSince(answered("y", {}))).toBeNull();
});

describe("nextWaiting", () => {
  const groups = groupMine([waiting("a", 20), waiting("c", 90)]);
  it("goes round and starts with the longest", () => {
    expect(nextWaiting(groups, null)).toBe("cnv_c");
    expect(nextWaiting(groups, "cnv_c")).toBe("cnv_a");
    expect(nextWaiting(groups, "cnv_a")).toBe("cnv_c");
  });
  it("is null when there is no other", () => {
    expect(nextWaiting(groupMine([waiting("a", 1)]), "cnv_a")).toBeNull();
    expect(nextWaiting(groupMine([]), null)).toBeNull();
  });
});

describe("applySummary", () => {
  const lists = listsFrom(
    [conversation("a", { seq: 5 })],
    [conversation("q", { state: "queued", agent: null, seq: 3 })],
  );

  it("moves a taken conversation from the queue to mine", () => {
    const next = applySummary(lists, conversation("q", { seq: 4 }), me.agent);
    expect([...next.mine.keys()]).toEqual(["cnv_a", "cnv_q"]);
    expect(next.queue.size).toBe(0);
  });
  it("drops one that went to a colleague or ended", () => {
    expect(
      applySummary(lists, conversation("a", { seq: 6, agent: { id: "agt_2", name: "薛白" } }), me.agent).mine.size,
    ).toBe(0);
    expect(applySummary(lists, conversation("a", { seq: 6, state: "resolved" }), me.agent).mine.size).toBe(0);
  });
  it("does not let an older row undo a newer one", () => {
    expect(applySummary(lists, conversation("a", { seq: 4, state: "resolved" }), me.agent)).toBe(lists);
  });
});

it("orders the queue by age", () => {
  expect(
    byAge([conversation("x", { queued_at: noon - 1 }), conversation("y", { queued_at: noon - 9 })]).map(
      (one) => one.id,
    ),
  ).toEqual(["cnv_y", "cnv_x"]);
});

it("turns amber after a minute and hot after 100 seconds", () => {
  expect([60_000, 60_001, 100_000, 100_001].map(urgency)).toEqual(["calm", "soon", "soon", "late"]);
});
