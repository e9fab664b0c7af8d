import type { ConversationStateName } from "@yingda/api/types";
import { describe, expect, it } from "vitest";
import { handover } from "../src/desk/handover";
import { readTranscript, reuse, type Block, type Reading } from "../src/desk/transcript";
import { agent, answer, bot, customer, log, me, served, system, text } from "./samples";

const reading: Reading = { agent: me.agent, unreadAfter: null, dayOf: (at) => new Date(at).toISOString().slice(0, 10) };
const read = (
  entries: ReturnType<typeof log>,
  change: Partial<Reading> = {},
  pending: Parameters<typeof readTranscript>[0]["pending"] = [],
  state: ConversationStateName = "active",
) => readTranscript({ entries, pending, state }, { ...reading, ...change });
const kinds = (blocks: readonly Block[]) =>
  blocks.map((block) => (block.kind === "run" ? `${block.side}${block.items.length}` : block.kind));

describe("the answer line", () => {
  it("is cut where the owner changes", () => {
    const segments = read(served());
    expect(segments.map((one) => one.owner)).toEqual(["bot", "queue", "agent"]);
    expect(segments.map((one) => kinds(one.blocks))).toEqual([
      ["node", "customer1", "bot1", "system"],
      ["node"],
      ["node", "agent1", "customer1"],
    ]);
  });

  it("says how long the queue took and why this agent", () => {
    const [, queue, mine] = read(served());
    const waited = queue?.blocks[0];
    const answered = mine?.blocks[0];
    expect(
      waited?.kind === "node" &&
        waited.node.what.kind === "queued" &&
        waited.node.what.until !== null &&
        waited.node.what.until - waited.node.at,
    ).toBe(38_000);
    expect(answered?.kind === "node" && answered.node.what).toMatchObject({
      kind: "assigned",
      mine: true,
      routing: { rule: "fewest_open_then_longest_idle" },
    });
  });

  it("of a part ends where the part does: what waits then is over once it was, and nothing is being sent", () => {
    const upTo = (until: number) => read(served(), { until }).at(-1);
    const [queued] = upTo(6)?.blocks.slice(-1) ?? [];
    const assigned = served().find((one) => one.kind === "assigned");
    expect(queued?.kind === "node" && queued.node.what).toMatchObject({ kind: "queued", until: assigned?.at });
    const sending = [{ client_id: "c1", conversation: "cnv_a", body: { type: "text", text: "hi" }, at: 1 }] as const;
    const said = (until: number | null) =>
      JSON.stringify(read(served(), { until }, [...sending])).includes('"pending"');
    expect([said(6), said(null)]).toEqual([false, true]);
  });

  it("marks what is new where it begins, and not where a part does", () => {
    const talk = log(
      ...Array.from({ length: 9 }, (_, n) => [1, "message", customer, text(`?`, n + 1)] as Parameters<typeof log>[0]),
    );
    const marks = (from: number) =>
      read(talk, { unreadAfter: 3, from }).flatMap(({ blocks }) => blocks.filter((one) => one.kind === "unread"))
        .length;
    expect([marks(1), marks(4), marks(5), marks(8)]).toEqual([1, 1, 0, 0]);
  });

  it("keeps counting while nobody has answered", () => {
    const segments = read(served().slice(0, 5));
    const last = segments[1]?.blocks[0];
    expect(last?.kind === "node" && last.node.what.kind === "queued" && last.node.what.until).toBeNull();
  });

  it("says with the reason of the packet how a person came to be called", () => {
    const called = (reason?: string) =>
      read(
        log(
          [0, "opened", system, { episode: 1, lang: "en" }],
          ...(reason ? [[0, "handoff", system, { reason }] satisfies Parameters<typeof log>[0]] : []),
          [0, "human_requested", customer, { via: "words" }],
        ),
      )[0]?.blocks.map((block) => block.kind === "system" && block.item.reason);
    expect(called("danger")).toEqual([false, "danger"]);
    expect(called()).toEqual([false, null]);
  });

  it("shows who handed it over", () => {
    const segments = read(
      log(
        [0, "opened", system, { episode: 1, lang: "en" }],
        [1, "queued", system, { queue: "q" }],
        [1, "assigned", system, { name: "薛白", number: "2", agent: "agt_2" }],
        [
          9,
          "transferred",
          { kind: "agent", id: "agt_2" },
          { to_kind: "agent", to_name: me.name, from_name: "薛白", to: me.agent, from: "agt_2" },
        ],
        [0, "assigned", system, { name: me.name, number: me.number, agent: me.agent }],
      ),
    );
    expect(segments.map((one) => one.owner)).toEqual(["bot", "queue", "agent", "agent"]);
    const node = segments[3]?.blocks[0];
    expect(node?.kind === "node" && node.node.what).toMatchObject({ kind: "assigned", mine: true, from: "薛白" });
  });

  it("goes back to the queue on a transfer and after an agent was lost", () => {
    const back = read(
      log(
        [0, "assigned", system, { name: "a", number: "1", agent: "agt_2" }],
        [3, "transferred", agent, { to_kind: "queue", to_name: "账单", from_name: "a" }],
        [0, "queued", system, { queue: "账单" }],
      ),
    );
    expect(back.map((one) => one.owner)).toEqual(["agent", "queue"]);
    const lost = read(
      log(
        [0, "assigned", system, { name: "a", number: "1", agent: "agt_2" }],
        [3, "returned", system, { reason: "agent_unreachable" }],
      ),
    );
    expect(lost.map((one) => one.owner)).toEqual(["agent", "queue"]);
  });

  it("ends with a tick when settled and open when the customer left", () => {
    const ended = (outcome: string) =>
      read(log([0, "opened", system, { episode: 1, lang: "en" }], [9, "resolved", system, { by: "agent", outcome }]))[0]
        ?.end;
    expect(ended("resolved")).toMatchObject({ settled: true, by: "agent" });
    expect(ended("abandoned_in_queue")).toMatchObject({ settled: false });
  });

  it("keeps what came after the end below it", () => {
    const [only] = read(
      log(
        [0, "opened", system, { episode: 1, lang: "en" }],
        [9, "resolved", system, { by: "agent", outcome: "resolved" }],
        [5, "rated", customer, { score: 5 }],
        [5, "note", agent, { text: "n" }],
      ),
    );
    expect([kinds(only?.blocks ?? []), kinds(only?.after ?? [])]).toEqual([["node"], ["system", "note"]]);
  });

  it("starts a new line with a new episode", () => {
    const segments = read([
      ...served(),
      ...log(
        [0, "resolved", agent, { by: "agent", outcome: "resolved" }],
        [60, "reopened", system, { episode: 2 }],
        [0, "queued", system, { queue: "q" }],
      ).map((one, index) => ({ ...one, seq: 10 + index })),
    ]);
    expect(segments[segments.length - 1]).toMatchObject({ owner: "queue", episode: { number: 2 } });
  });

  it.each([
    [agent, ["line.you_reopened", { name: me.name }]],
    [{ kind: "agent" as const, id: "agt_2", name: "薛白" }, ["line.reopened", { name: "薛白" }]],
  ])("says who reopened it, which is no new visit", (by, words) => {
    const segments = read([
      ...served(),
      ...log(
        [0, "resolved", agent, { by: "agent", outcome: "resolved" }],
        [3, "reopened", by, { episode: 1, with: "agent", name: me.name, number: me.number, agent: me.agent }],
        [5, "message", agent, text("稍等")],
      ).map((one, index) => ({ ...one, seq: 10 + index })),
    ]);
    const last = segments.at(-1);
    expect([segments.at(-2)?.end?.by, last?.owner, last?.episode, kinds(last?.blocks ?? [])]).toEqual([
      "agent",
      "agent",
      null,
      ["node", "agent1"],
    ]);
    const first = last?.blocks[0];
    expect(first?.kind === "node" && first.node.what).toEqual({ kind: "words", words });
  });

  it("infers the first owner when the beginning is not loaded", () => {
    expect(read(log([0, "message", agent, text("您好")]))[0]?.owner).toBe("agent");
    expect(read(log([0, "message", customer, text("?")], [0, "queued", system, { queue: "q" }]))[0]?.owner).toBe("bot");
    expect(
      read(
        log(
          [0, "message", customer, text("?")],
          [0, "resolved", customer, { by: "customer", outcome: "abandoned_in_queue" }],
        ),
      )[0]?.owner,
    ).toBe("queue");
  });

  it.each([
    ["bot", "bot"],
    ["queued", "queue"],
    ["active", "agent"],
    ["resolved", "none"],
  ] as const)("is what the state %s says where no entry at hand tells", (state, owner) => {
    const saying = log(
      ...Array.from({ length: 50 }, (_, n): Parameters<typeof log>[0] => [1, "message", customer, text(String(n), n)]),
    );
    expect(read(saying, {}, [], state).map((one) => one.owner)).toEqual([owner]);
  });

  it("is what the entries before the first drawn one say", () => {
    const entries = log(
      [0, "opened", system, { episode: 1, lang: "en" }],
      [0, "queued", system, { queue: "q" }],
      [1, "message", customer, text("a")],
      [1, "message", customer, text("b", 2)],
    );
    const drawn = read(entries, { from: 4 }, [], "resolved");
    expect(drawn.map((one) => [one.owner, kinds(one.blocks)])).toEqual([["queue", ["customer1"]]]);
  });
});

it("is made of the same parts where nothing changed", () => {
  const before = read(served());
  const after = reuse(
    before,
    read([
      ...served(),
      ...log([0, "message", customer, text("在吗", 3)]).map((one) => ({ ...one, seq: 10, at: served()[8]!.at + 1000 })),
    ]),
  );
  const old = before.flatMap((one) => one.blocks);
  expect(after.flatMap((one) => one.blocks).map((block) => old.includes(block))).toEqual([
    ...old.slice(1).map(() => true),
    false,
  ]);
});

describe("runs", () => {
  it("join messages of one speaker within two minutes", () => {
    const blocks =
      read(
        log(
          [0, "assigned", system, { name: me.name, number: "1", agent: me.agent }],
          [1, "message", agent, text("一")],
          [119, "message", agent, text("二")],
          [121, "message", agent, text("三")],
          [1, "message", customer, text("四")],
        ),
      )[0]?.blocks ?? [];
    expect(kinds(blocks)).toEqual(["node", "agent2", "agent1", "customer1"]);
  });

  it("are broken by a note, a new day and the mark of new messages", () => {
    const day = 86_400;
    const blocks =
      read(
        log(
          [0, "message", customer, text("一", 1)],
          [1, "note", agent, { text: "n" }],
          [1, "message", customer, text("二", 2)],
          [1, "message", customer, text("三", 3)],
          [day, "message", customer, text("四", 4)],
        ),
        { unreadAfter: 2 },
      )[0]?.blocks ?? [];
    expect(kinds(blocks)).toEqual(["customer1", "note", "customer1", "unread", "customer1", "day", "customer1"]);
  });

  it("end with what was not answered yet", () => {
    const pending = [
      {
        client_id: "c1",
        conversation: "cnv_a",
        body: { type: "text" as const, text: "马上" },
        at: served()[8]!.at + 1000,
      },
      { client_id: "c2", conversation: "cnv_a", body: { type: "resolve" as const }, at: 0 },
    ];
    const last = read(served(), {}, pending).at(-1)?.blocks.at(-1);
    expect(last).toMatchObject({ kind: "run", mine: true, items: [{ kind: "pending", key: "c1" }] });
  });

  it("keep a line for kinds that are not known", () => {
    expect(
      kinds(
        read(log([0, "opened", system, { episode: 1, lang: "en" }], [1, "teleported" as "closed", system, {}]))[0]
          ?.blocks ?? [],
      ),
    ).toEqual(["node", "system"]);
  });
});

describe("handover", () => {
  it("lists what was asked in this episode and what the bot missed", () => {
    expect(handover(served())).toEqual({
      asked: [{ seq: 2, text: "充 50 块扣了我两次？", answered: false }],
      skipped: 0,
      misses: 1,
      why: null,
      back: false,
    });
  });

  it("says why a person was called: for the reason of the packet, or because words asked for one", () => {
    const asked = (via: "words" | "button", reason?: string) =>
      handover(
        log(
          [0, "opened", system, { episode: 1, lang: "en" }],
          [1, "message", customer, text("I cannot go on")],
          [1, "message", bot, answer("Call 112", "danger")],
          ...(reason ? [[0, "handoff", system, { reason }] satisfies Parameters<typeof log>[0]] : []),
          [0, "human_requested", customer, { via }],
        ),
      )?.why;
    expect([asked("words"), asked("button"), asked("words", "danger"), asked("button", "button")]).toEqual([
      "asked",
      null,
      "danger",
      null,
    ]);
  });

  it("leaves out the words that accepted a person, and keeps those that asked for one", () => {
    const askedBefore = (reason: string) =>
      handover(
        log(
          [0, "opened", system, { episode: 1, lang: "en" }],
          [1, "message", customer, text("How tall is it?")],
          [1, "message", bot, answer("Shall I get a person?", "no_answer")],
          [1, "message", customer, text("yes please")],
          [0, "handoff", system, { reason }],
          [0, "human_requested", customer, { via: "words" }],
        ),
      )?.asked.map((one) => one.text);
    expect(askedBefore("misses")).toEqual(["How tall is it?"]);
    expect(askedBefore("asked")).toEqual(["How tall is it?", "yes please"]);
  });

  it("knows that the bot has it again, and what it was asked since", () => {
    const back = log(
      [0, "opened", system, { episode: 1, lang: "en" }],
      [1, "message", customer, text("a")],
      [1, "message", bot, answer("b")],
      [1, "assigned", system, { name: "x", number: "1" }],
      [1, "handed_back", agent, {}],
    );
    const then = (...more: Parameters<typeof log>[0][]) => {
      const found = handover([...back, ...log(...more)]);
      return [found?.back, found?.asked.map((one) => one.text)];
    };
    expect(then()[0]).toBe(true);
    expect(then([1, "message", customer, text("c")])).toEqual([false, ["c"]]);
    // Taken back before anything was asked: what was asked at first still stands.
    expect(then([1, "assigned", system, { name: "x", number: "1" }])).toEqual([false, ["a"]]);
  });

  it("is null when the bot was not asked", () => {
    expect(
      handover(
        log([0, "opened", system, { episode: 1, lang: "en" }], [1, "human_requested", customer, { via: "words" }]),
      ),
    ).toBeNull();
  });

  it("stops where a person was asked for: what was said while waiting was not asked of the bot", () => {
    const entries = log(
      [0, "opened", system, { episode: 1, lang: "en" }],
      [1, "message", customer, text("a")],
      [1, "message", bot, answer("b")],
      [1, "human_requested", customer, { via: "button" }],
      [0, "queued", system, { queue: "q" }],
      [1, "message", customer, text("hello?")],
      [1, "message", customer, text("anybody?")],
    );
    expect(handover(entries)?.asked.map((one) => one.text)).toEqual(["a"]);
  });

  it("begins with the first question, however many follow", () => {
    const entries = log(
      [0, "opened", system, { episode: 1, lang: "en" }],
      ...Array.from({ length: 9 }, (_, n): Parameters<typeof log>[0] => [
        1,
        "message",
        customer,
        text(`q${n + 1}`, n + 1),
      ]),
    );
    expect(handover(entries)).toMatchObject({
      asked: [{ text: "q1" }, { text: "q7" }, { text: "q8" }, { text: "q9" }],
      skipped: 5,
    });
  });

  it("stops at the person", () => {
    const entries = log(
      [0, "opened", system, { episode: 1, lang: "en" }],
      [1, "message", customer, text("a")],
      [1, "message", bot, answer("b")],
      [1, "assigned", system, { name: "x", number: "1" }],
      [1, "message", customer, text("c")],
    );
    expect(handover(entries)?.asked.map((one) => one.text)).toEqual(["a"]);
  });
});
