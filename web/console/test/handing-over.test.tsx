import { act, fireEvent, screen, waitFor, within } from "@testing-library/react";
import type { ConversationStateName, Entry, Handoff } from "@yingda/api/types";
import { describe, expect, it, vi } from "vitest";
import { faults } from "../../ui/antd/test/axe";
import { isAlerted, isInDanger } from "../src/desk/alert-strip";
import { handover } from "../src/desk/handover";
import { packetOf } from "../src/desk/packet";
import { readTranscript } from "../src/desk/transcript";
import { details, openDesk } from "./on-desk";
import {
  alertOf,
  agent,
  answer,
  bot,
  conversation,
  customer,
  head,
  log,
  manager,
  me,
  noon,
  system,
  text,
} from "./samples";

const packet: Handoff = {
  reason: "misses",
  summary: {
    zh: "客户问了 1 个问题，机器人都没有答上来。",
    en: "The customer asked one question; the bot had no answer.",
  },
  intent: { topic: "bills", confidence: 0.4 },
  mood: "cross",
  slots: [{ name: "product", id: "g-001", title: "X9" }],
  turns: [{ asked: 2, answered: 3, outcome: "no_answer" }],
};
/** What precedes the agent's first words. */
const handed = (body: Handoff = packet) =>
  log(
    [0, "opened", system, { episode: 1, lang: "zh-CN" }],
    [2, "message", customer, text("充 50 块扣了我两次？", 1)],
    [1, "message", bot, answer("这个我答不上来", "no_answer", 1)],
    [5, "handoff", system, body],
    [0, "human_requested", customer, { via: "button" }],
    [0, "queued", system, { queue: "人工服务" }],
    [9, "assigned", system, { name: me.name, number: me.number, agent: me.agent }],
  );
const next = (entries: readonly Entry[], kind: Entry["kind"], by: Entry["by"], body: unknown) =>
  ({ seq: entries.length + 1, kind, v: 1, at: noon + 60_000, by, body }) as Entry;

async function desk(entries: readonly Entry[], options: Partial<Parameters<typeof openDesk>[0]> = {}, state = head) {
  const opened = await openDesk({
    path: "/inbox/cnv_a",
    mine: state.state === "active" ? [conversation("a")] : [],
    answers: { "GET /conversations/cnv_a": details("a") },
    ...options,
  });
  act(() => {
    opened.stream.receive({
      t: "reset",
      stream: "cnv_a",
      generation: "g",
      seq: entries.length,
      state,
      marks: { customer: { received: 1, read: 1 }, staff: { received: 1, read: 1 } },
      entries: [...entries],
    });
  });
  return opened;
}

describe("the packet", () => {
  it("says above the conversation what happened with the bot, and folds away once the agent has written", async () => {
    const { stream } = await desk(handed());
    const box = screen.getByRole("region", { name: "Handed over by the bot" });
    expect(within(box).getByText("Bot had no answer")).toBeTruthy();
    expect(within(box).getByText("The customer asked one question; the bot had no answer.")).toBeTruthy();
    expect(
      within(within(box).getByRole("list", { name: "Last questions to the bot" })).getByText(/扣了我两次/),
    ).toBeTruthy();
    expect(within(box).getByText("Unanswered").className).toBe("tag warn");
    expect(await faults(document.body)).toEqual([]);
    act(() => {
      stream.receive({
        t: "entries",
        stream: "cnv_a",
        entries: [next(handed(), "message", agent, text("您好", 2))],
      });
    });
    const button = within(box).getByRole("button", { name: /^Handed over by the bot/ });
    expect(button.getAttribute("aria-expanded")).toBe("false");
    fireEvent.click(button);
    expect(within(box).getByText("The customer asked one question; the bot had no answer.")).toBeTruthy();
  });

  it("is that of the bot's last turn, and none once the bot has the conversation again", () => {
    const entries = handed();
    expect(packetOf(entries)?.packet.reason).toBe("misses");
    const back = [...entries, next(entries, "handed_back", agent, {})];
    expect(packetOf(back)).toBeNull();
    const again = [...back, next(back, "handoff", system, { ...packet, reason: "mood" })];
    expect(packetOf(again)?.packet.reason).toBe("mood");
    expect(handover(back)?.back).toBe(true);
    const ended = [...entries, next(entries, "resolved", agent, { by: "agent", outcome: "resolved" })];
    const undone = [...ended, next(ended, "reopened", agent, { episode: 1, with: "agent", undo: true })];
    expect(packetOf(undone)?.packet.reason).toBe("misses");
    expect(handover(undone)).toEqual(handover(entries));
    expect(handover(undone)).not.toBeNull();
    const later = [...ended, next(ended, "reopened", system, { episode: 2, with: "queue" })];
    expect([packetOf(later), handover(later)]).toEqual([null, null]);
  });

  it("names the category of the knowledge, and shows no key that has no name", async () => {
    const named = { key: "bills", name: { zh: "账单", en: "Bills" }, entries: 3, updated_at: noon };
    const answers = { "GET /conversations/cnv_a": details("a"), "GET /knowledge/categories": { items: [named] } };
    const { unmount } = await desk(handed(), { answers });
    const known = await screen.findByRole("list", { name: "What is known" });
    await waitFor(() => expect(known.textContent).toBe("About: Bills (40% sure)Looking at: X9"));
    unmount();
    const nameless = { ...named, name: { zh: "bills", en: "bills" }, updated_at: 0 };
    const { all } = await desk(handed(), {
      answers: { ...answers, "GET /knowledge/categories": { items: [nameless] } },
    });
    await waitFor(() => expect(all.asked.some(({ path }) => path === "/knowledge/categories")).toBe(true));
    expect((await screen.findByRole("list", { name: "What is known" })).textContent).toBe("Looking at: X9");
  });

  it.each([
    ["bills", 0.4, "Bills (40% sure)"],
    ["bills", 1, "Bills"],
    ["attribute", 1, "a property of a product (read from the product)"],
    ["attribute", 0.95, "a property of a product (likely meant)"],
    ["attribute", 0.7, "a property of a product (likely meant)"],
    ["attribute_unlisted", 1, "a property that is not listed"],
    ["human_request", 1, "a person"],
  ])("calls a confidence a share only where it is one: %s, %d", async (topic, confidence, words) => {
    const named = { key: "bills", name: { zh: "账单", en: "Bills" }, entries: 3, updated_at: noon };
    const answers = { "GET /conversations/cnv_a": details("a"), "GET /knowledge/categories": { items: [named] } };
    await desk(handed({ ...packet, intent: { topic, confidence } }), { answers });
    const known = await screen.findByRole("list", { name: "What is known" });
    await waitFor(() => expect(known.textContent).toBe(`About: ${words}Looking at: X9`));
  });

  it("has the questions in their order, and says where an answer is from", async () => {
    const entries = log(
      [0, "opened", system, { episode: 1, lang: "en" }],
      [1, "message", customer, text("first", 1)],
      [1, "message", customer, text("second", 2)],
      [
        5,
        "handoff",
        system,
        { ...packet, reason: "button", turns: [{ asked: 2, source: { id: "k", title: "Top-ups" } }, { asked: 3 }] },
      ],
    );
    await desk(entries);
    const turns = within(screen.getByRole("list", { name: "Last questions to the bot" })).getAllByRole("listitem");
    expect(turns.map((one) => one.textContent)).toEqual(["firstSource: Top-ups", "secondNo answer yet"]);
  });

  it("leaves out the words that only asked for a person, or accepted the offer of one", async () => {
    const turns: Handoff["turns"] = [{ asked: 2, answered: 3, outcome: "no_answer" }, { asked: 4 }];
    const entries = (body: Handoff) =>
      log(
        [0, "opened", system, { episode: 1, lang: "en" }],
        [1, "message", customer, text("How tall is the keeper?", 1)],
        [1, "message", bot, answer("No idea. A person?", "no_answer", 1)],
        [1, "message", customer, text("yes please", 2)],
        [5, "handoff", system, body],
      );
    const shown = () =>
      within(screen.getByRole("list", { name: "Last questions to the bot" }))
        .getAllByRole("listitem")
        .map((one) => one.textContent);
    const { unmount } = await desk(entries({ ...packet, turns }));
    expect(shown()).toEqual(["How tall is the keeper?Unanswered"]);
    unmount();
    const other = await desk(entries({ ...packet, reason: "asked", turns }));
    expect(shown()).toEqual(["How tall is the keeper?Unanswered"]);
    other.unmount();
    await desk(entries({ ...packet, turns: turns.slice(1) }));
    expect(screen.queryByRole("list", { name: "Last questions to the bot" })).toBeNull();
  });

  it.each([
    ["calm", "misses", 1],
    ["angry", "asked", 0],
    ["calm", "danger", 0],
  ] as const)("of somebody who is %s (%s) goes with %i goods to recommend", async (mood, reason, shown) => {
    const items = [{ kind: "product", id: "g-1", name: { zh: "", en: "Trelan" }, reason: { type: "popular" } }];
    await desk(handed({ ...packet, mood, reason }), {
      answers: {
        "GET /conversations/cnv_a": details("a"),
        "GET /conversations/cnv_a/recommendations": { on: true, wanted: null, items },
      },
    });
    const history = await screen.findByRole("heading", { name: /^Earlier/ });
    if (shown > 0) {
      const goods = await screen.findByRole("link", { name: "Trelan" });
      expect(history.compareDocumentPosition(goods) & Node.DOCUMENT_POSITION_FOLLOWING).toBeTruthy();
    } else expect(screen.queryByRole("link", { name: "Trelan" })).toBeNull();
  });

  it("is folded at first where the pane is low", async () => {
    vi.stubGlobal(
      "ResizeObserver",
      class {
        observe() {}
        disconnect() {}
      },
    );
    const height = vi.spyOn(Element.prototype, "clientHeight", "get").mockReturnValue(33 * 16);
    await desk(handed());
    const button = screen.getByRole("button", { name: /^Handed over by the bot/ });
    expect(button.getAttribute("aria-expanded")).toBe("false");
    fireEvent.click(button);
    expect(button.getAttribute("aria-expanded")).toBe("true");
    height.mockRestore();
    vi.unstubAllGlobals();
  });

  it("is not said a second time beside it; without it, the customer's pane says what the bot was asked", async () => {
    const { stream } = await desk(handed());
    const pane = await screen.findByRole("complementary", { name: "Customer" });
    await within(pane).findByText("Anonymous");
    expect(within(pane).queryByRole("heading", { name: "Handed over by the bot" })).toBeNull();
    act(() => {
      stream.receive({ t: "entries", stream: "cnv_a", entries: [next(handed(), "handed_back", agent, {})] });
    });
    expect(within(pane).getByRole("heading", { name: "With the bot" })).toBeTruthy();
    expect(within(pane).getByText("Handed back to the bot")).toBeTruthy();
    expect(within(pane).queryByRole("heading", { name: "Handed over by the bot" })).toBeNull();
    act(() => {
      const back = [...handed(), next(handed(), "handed_back", agent, {})];
      stream.receive({ t: "entries", stream: "cnv_a", entries: [next(back, "resolved", system, {})] });
    });
    expect(within(pane).getByRole("heading", { name: "Bot" })).toBeTruthy();
  });
});

describe("what an agent may do with a conversation", () => {
  it("is also behind one button, for where there is little room", async () => {
    const { stream } = await desk(handed());
    const open = () => fireEvent.click(screen.getByRole("button", { name: "Actions for Question 000A" }));
    open();
    const menu = () => screen.getByRole("dialog", { name: "Actions for Question 000A" });
    expect(
      within(menu())
        .getAllByRole("button")
        .map((one) => one.textContent),
    ).toEqual(["Transfer", "Labels", "Hold", "Hand back", "Customer", "Block the visitor"]);
    expect(await faults(document.body)).toEqual([]);
    fireEvent.click(within(menu()).getByRole("button", { name: "Hand back" }));
    expect(stream.sent.at(-1)).toMatchObject({ body: { type: "hand_back" } });
    open();
    fireEvent.click(within(menu()).getByRole("button", { name: "Transfer" }));
    expect(await screen.findByRole("dialog", { name: /^Transfer/ })).toBeTruthy();
  });
});

describe("handing back", () => {
  it("is a button and a key, can be undone, and begins a line of the bot", async () => {
    const { stream } = await desk(handed());
    fireEvent.click(screen.getByRole("button", { name: /^Hand back/ }));
    expect(stream.sent.at(-1)).toMatchObject({ body: { type: "hand_back" } });
    fireEvent.click(await screen.findByRole("button", { name: "Undo" }));
    expect(stream.sent.at(-1)).toMatchObject({ body: { type: "take" } });
    fireEvent.keyDown(document.body, { key: "b", code: "KeyB", altKey: true });
    expect(stream.sent.at(-1)).toMatchObject({ body: { type: "hand_back" } });
    const entries = handed();
    const back = [...entries, next(entries, "handed_back", agent, {})];
    const segments = readTranscript(
      { entries: back, pending: [], state: "bot" },
      { agent: me.agent, unreadAfter: null, dayOf: () => "d" },
    );
    expect(segments.map((one) => one.owner)).toEqual(["bot", "queue", "agent", "bot"]);
  });

  it("leaves the conversation to be taken over again by the agent and by managers, not by others", async () => {
    const entries = handed();
    const back = [...entries, next(entries, "handed_back", agent, {})];
    const state = { ...head, state: "bot" as const, agent_name: null, agent_number: null };
    const { stream } = await desk(back, {}, state);
    fireEvent.click(await screen.findByRole("button", { name: "Take over" }));
    expect(stream.sent.at(-1)).toMatchObject({ body: { type: "take" } });
  });

  it("is offered to managers in any conversation of the bot", async () => {
    const state = { ...head, state: "bot" as const, agent_name: null, agent_number: null };
    const answers = { "GET /conversations/cnv_a": details("a", { agent: null }) };
    await desk(handed().slice(0, 3), { as: manager, answers }, state);
    expect(await screen.findByRole("button", { name: "Take over" })).toBeTruthy();
  });
});

describe("an alert", () => {
  const alert = alertOf("a", { state: "bot", text: "I cannot go on" });
  const raised = () =>
    log(
      [0, "opened", system, { episode: 1, lang: "en" }],
      [2, "message", customer, text("I cannot go on", 1)],
      [0, "alerted", system, { of: 2 }],
      [1, "message", bot, answer("Call 112", "danger", 1)],
      [0, "handoff", system, { ...packet, reason: "danger", turns: [] }],
      [0, "human_requested", customer, { via: "words" }],
      [0, "queued", system, { queue: "人工服务" }],
      [9, "assigned", system, { name: me.name, number: me.number, agent: me.agent }],
    );

  it("keeps the conversation in the agent's hands until it is answered, and says why", async () => {
    const { stream } = await desk(raised());
    const sent = () => stream.sent.map((one) => one.body.type);
    const why = "Write to the customer or press “I have seen this” first";
    for (const name of ["Hand back", "Resolve"]) {
      const button = screen.getByRole("button", { name });
      expect(button.getAttribute("aria-disabled")).toBe("true");
      expect(document.getElementById(button.getAttribute("aria-describedby") ?? "")?.textContent).toBe(why);
      fireEvent.click(button);
    }
    fireEvent.keyDown(document.body, { key: "r", code: "KeyR", altKey: true });
    expect(sent()).toEqual([]);
    expect(document.querySelectorAll(".toast-hot").length).toBeGreaterThan(0);
    expect(screen.getByRole("button", { name: "Transfer" }).getAttribute("aria-disabled")).toBeNull();
    expect(await faults(document.body)).toEqual([]);
    act(() => {
      stream.receive({
        t: "entries",
        stream: "cnv_a",
        entries: [next(raised(), "message", agent, text("I am here for you", 2))],
      });
    });
    fireEvent.click(screen.getByRole("button", { name: "Hand back" }));
    expect(sent()).toEqual(["hand_back"]);
  });

  it("can be taken from the strip while the conversation is queued, and only there", async () => {
    const state = { ...head, state: "queued" as const, agent_name: null, agent_number: null };
    const { stream } = await desk(raised().slice(0, -1), {}, state);
    const buttons = within(screen.getByRole("main")).getAllByRole("button", { name: "Answer" });
    expect(buttons.map((one) => one.closest(".alert-strip") !== null)).toEqual([true]);
    expect(buttons[0]?.nextElementSibling?.textContent).toBe("I have seen this");
    expect(await faults(document.body)).toEqual([]);
    if (buttons[0]) fireEvent.click(buttons[0]);
    expect(stream.sent.at(-1)).toMatchObject({ conversation: "cnv_a", body: { type: "take" } });
    act(() => {
      const entries = raised().slice(0, -1);
      stream.receive({ t: "entries", stream: "cnv_a", entries: [next(entries, "alert_acknowledged", agent, {})] });
    });
    // Seen is not answered.
    expect(screen.getByRole("button", { name: "Answer" }).closest(".alert-strip")).toBeTruthy();
    expect(screen.queryByRole("button", { name: "I have seen this" })).toBeNull();
  });

  it("is marked above the conversation until somebody has written, and alerts again after a return", () => {
    const seen = [...raised(), next(raised(), "alert_acknowledged", agent, {})];
    const returned = [...seen, next(seen, "returned", system, { reason: "agent_unreachable" })];
    const again = [...returned, next(returned, "alerted", system, { of: 2 })];
    const answered = [...seen, next(seen, "message", agent, text("I am here for you", 2))];
    const ended = [...seen, next(seen, "resolved", agent, { by: "agent", outcome: "resolved" })];
    const undone = [...ended, next(ended, "reopened", agent, { episode: 1, with: "agent", undo: true })];
    const later = [...ended, next(ended, "reopened", system, { episode: 2, with: "queue" })];
    const of = (entries: Entry[], state: ConversationStateName = "active") => [
      isInDanger({ entries, state }),
      isAlerted(entries),
    ];
    expect([of(raised()), of(seen), of(again, "queued")]).toEqual([
      [true, true],
      [true, false],
      [true, true],
    ]);
    expect([of(answered), of(ended, "resolved"), of(undone), of(later, "queued")].map(([danger]) => danger)).toEqual([
      false,
      false,
      true,
      false,
    ]);
  });

  it("says in the log that the bot called a person, and leaves the packet folded below", async () => {
    await desk(raised());
    expect(within(screen.getByRole("log")).getByText("The bot saw possible danger and called a person")).toBeTruthy();
    expect(
      screen.getByRole("button", { name: /^Handed over by the bot Possible danger/ }).getAttribute("aria-expanded"),
    ).toBe("false");
  });

  it("leaves the page of alerts in its place, with a mark while it waits", async () => {
    const waits = { ...alert, conversation: "cnv_z" };
    const { queryClient } = await desk(raised(), {
      answers: {
        "GET /conversations/cnv_a": details("a"),
        "GET /alerts": { items: [alert, waits], next: null, waiting: 2 },
      },
    });
    const pages = () => within(screen.getByRole("navigation", { name: "Inbox" })).getAllByRole("link");
    await waitFor(() => expect(pages().map((one) => one.textContent)[1]).toMatch(/^Alerts2/));
    // The open conversation says so itself.
    const banner = document.querySelector(".alert-banner");
    expect(banner?.querySelector("a")?.getAttribute("href")).toContain("/inbox/cnv_z");
    expect(banner?.classList.contains("alert-banner-open")).toBe(false);
    act(() => queryClient.setQueryData(["alerts", "waiting"], { items: [], next: null, waiting: 0 }));
    await waitFor(() => expect(pages().map((one) => one.textContent)[1]).toBe("Alerts"));
  });

  it("stands above every page until somebody acknowledges it, and is listed with who did", async () => {
    const state = { ...head, state: "bot" as const, agent_name: null, agent_number: null };
    const alerted = log(
      [0, "opened", system, { episode: 1, lang: "en" }],
      [2, "message", customer, text("I cannot go on", 1)],
      [1, "message", bot, answer("Call 112", "danger", 1)],
      [0, "alerted", system, { of: 2 }],
    );
    let items: unknown[] = [alert];
    const answers = {
      "GET /conversations/cnv_a": details("a", { agent: null, state: "bot" }),
      "GET /alerts": ({ query }: { query: URLSearchParams }) =>
        query.get("done")
          ? { items: [{ ...alert, done_at: noon, done_by: "周敏" }], next: null, waiting: items.length }
          : { items, next: null, waiting: items.length },
    };
    const { stream, router } = await desk(alerted, { answers }, state);
    const link = await screen.findByRole("link", { name: /I cannot go on/ });
    expect(link.getAttribute("href")).toContain("/inbox/cnv_a");
    expect(await faults(document.body)).toEqual([]);
    fireEvent.click(screen.getByRole("button", { name: "I have seen this" }));
    expect(stream.sent.at(-1)).toMatchObject({ body: { type: "acknowledge_alert" } });
    // Whoever sees it can write at once.
    expect(screen.getByRole("combobox", { name: "Reply to the customer" })).toBeTruthy();
    items = [];
    await act(() => router.navigate({ to: "/inbox/alerts", search: { done: true } }));
    expect(await screen.findByText(/周敏 acknowledged it/)).toBeTruthy();
    expect(await faults(document.body)).toEqual([]);
  });
});
