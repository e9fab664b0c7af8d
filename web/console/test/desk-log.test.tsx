import { act, fireEvent, screen, waitFor, within } from "@testing-library/react";
import type { Entry } from "@yingda/api/types";
import { describe, expect, it, vi } from "vitest";
import { faults } from "../../ui/antd/test/axe";
import { MessageWords } from "../src/desk/message-body";
import { mayRead } from "../src/desk/readable";
import { details, openDesk, reset, talk } from "./on-desk";
import { conversation, customer, head, log, manager, me, noon, system, text } from "./samples";

const answers = {
  "GET /conversations/cnv_a": details("a"),
  "GET /queues": {
    items: [
      {
        id: "que_1",
        name: { zh: "人工服务", en: "People" },
        service: { open: true },
        left_messages: 0,
        everybody: true,
        members: [],
      },
    ],
  },
};
const mine = [conversation("a", { waiting_since: noon, preview: { by: "customer", text: "?" } })];
async function opened(
  entries: readonly Entry[],
  change: Parameters<typeof openDesk>[0] = {},
  state: Partial<Parameters<typeof reset>[2]> = {},
) {
  const desk = await openDesk({ path: "/inbox/cnv_a", mine, ...change, answers: { ...answers, ...change.answers } });
  act(() => desk.stream.receive(reset("cnv_a", entries, state)));
  return desk;
}
const log_ = () => screen.getByRole("log");
const said = () => [...log_().querySelectorAll<HTMLElement>(".said .bubble")].map((one) => one.textContent);
const asked = (stream: { asked: { from: number; to: number }[] }) => stream.asked.map(({ from, to }) => [from, to]);

describe("the answer line", () => {
  it("of fifty words in the queue is the queue’s, not an agent’s", async () => {
    const saying = Array.from(
      { length: 50 },
      (_, n) => ({ seq: 941 + n, kind: "message", v: 1, at: noon + n, by: customer, body: text("?", n) }) as Entry,
    );
    await opened(
      saying,
      { mine: [], queue: [conversation("a", { state: "queued", agent: null })] },
      { state: { ...head, state: "queued", agent_name: null, agent_number: null } },
    );
    expect([...log_().querySelectorAll(".own")].map((one) => one.className)).toEqual(["own own-queue"]);
  });
});

describe("a long conversation", () => {
  it("draws the last fifty, and older ones as one reads back or asks for them", async () => {
    const { stream } = await opened(talk(951, 50), {}, {});
    expect(said()).toHaveLength(50);
    stream.asked.length = 0;
    Object.defineProperties(log_(), {
      scrollHeight: { value: 4000, configurable: true },
      clientHeight: { value: 600, configurable: true },
      scrollTop: { value: -1000, configurable: true },
    });
    fireEvent.scroll(log_());
    expect(asked(stream)).toEqual([]);
    Object.defineProperty(log_(), "scrollTop", { value: -3300 });
    fireEvent.scroll(log_());
    expect(asked(stream)).toEqual([[901, 950]]);
    fireEvent.scroll(log_());
    expect(asked(stream)).toEqual([[901, 950]]);
    act(() => stream.receive({ t: "page", stream: "cnv_a", from: 901, to: 950, entries: talk(901, 50) }));
    expect(said()).toHaveLength(100);
    fireEvent.click(screen.getByRole("button", { name: "Earlier messages" }));
    expect(asked(stream).at(-1)).toEqual([851, 900]);
  });

  it("draws a new message, and none of the others again", async () => {
    const { stream } = await opened(talk(1, 50));
    vi.mocked(MessageWords).mockClear();
    act(() => stream.receive({ t: "entries", stream: "cnv_a", entries: talk(51, 1) }));
    expect(said().at(-1)).toBe("line 51");
    expect(vi.mocked(MessageWords).mock.calls.map(([{ body }]) => ("text" in body ? body.text : ""))).toEqual([
      "line 51",
    ]);
    vi.mocked(MessageWords).mockClear();
    act(() =>
      stream.receive({
        t: "marks",
        stream: "cnv_a",
        customer: { received: 50, read: 49 },
        staff: { received: 0, read: 0 },
      }),
    );
    expect(screen.getByText("Delivered")).toBeTruthy();
    expect(vi.mocked(MessageWords).mock.calls.every(([{ body }]) => "ord" in body && Number(body.ord) % 2 === 0)).toBe(
      true,
    );
    vi.mocked(MessageWords).mockClear();
    act(() =>
      stream.receive({
        t: "marks",
        stream: "cnv_a",
        customer: { received: 50, read: 50 },
        staff: { received: 0, read: 0 },
      }),
    );
    expect(vi.mocked(MessageWords).mock.calls).toHaveLength(1);
  });

  it("has an item with its time for each message; J and K walk them", async () => {
    const run = Array.from(
      { length: 3 },
      (_, n) =>
        ({
          seq: 1 + n,
          kind: "message",
          v: 1,
          at: noon + n * 60_000,
          by: customer,
          body: text(`line ${n}`, n + 1),
        }) as Entry,
    );
    await opened(run);
    const items = [...log_().querySelectorAll<HTMLElement>("li.said")];
    expect(
      items.map((one) => [
        one.querySelector(".sr")?.textContent,
        one.querySelector(".bubble")?.textContent,
        one.querySelector("time")?.textContent,
      ]),
    ).toEqual([
      ["Visitor", "line 0", "12:00"],
      ["Visitor", "line 1", "12:01"],
      ["Visitor", "line 2", "12:02"],
    ]);
    log_().focus();
    for (const [key, at] of [
      ["k", 2],
      ["k", 1],
      ["j", 2],
      ["j", 2],
      ["k", 1],
      ["k", 0],
      ["k", 0],
    ] as const) {
      fireEvent.keyDown(document.activeElement!, { key });
      expect(document.activeElement).toBe(items[at]);
    }
    expect(await faults(document.body)).toEqual([]);
  });
});

describe("a conversation longer than what is drawn", () => {
  it("draws at most 150 entries, of those that arrive as well", async () => {
    const { stream } = await opened(talk(1, 50));
    for (let seq = 51; seq <= 400; seq += 1)
      act(() => stream.receive({ t: "entries", stream: "cnv_a", entries: talk(seq, 1) }));
    expect(said().length).toBeLessThanOrEqual(150);
    expect(said().at(-1)).toBe("line 400");
    fireEvent.click(screen.getByRole("button", { name: "Earlier messages" }));
    fireEvent.click(screen.getByRole("button", { name: "Earlier messages" }));
    expect(said().length).toBeLessThanOrEqual(150);
  });

  it("leaves out the end where one reads far back, counts nothing as read there, and goes to the end in one step", async () => {
    const { stream } = await opened(talk(1, 400));
    for (let n = 0; n < 5; n += 1) fireEvent.click(screen.getByRole("button", { name: "Earlier messages" }));
    expect(said()).toHaveLength(150);
    expect(said()).not.toContain("line 400");
    expect(log_().getAttribute("aria-live")).toBe("off");
    stream.marks.length = 0;
    act(() => stream.receive({ t: "entries", stream: "cnv_a", entries: talk(401, 1) }));
    expect(said()).not.toContain("line 401");
    expect(stream.marks.filter(({ read }) => read >= 401)).toEqual([]);
    fireEvent.click(screen.getByRole("button", { name: "Jump to latest" }));
    expect(said().at(-1)).toBe("line 401");
    expect(screen.queryByRole("button", { name: "Jump to latest" })).toBeNull();
    expect(log_().hasAttribute("aria-live")).toBe(false);
  });

  it("is walked with J and K beyond what is drawn", async () => {
    await opened(talk(1, 300));
    log_().focus();
    for (let n = 0; n < 260; n += 1) fireEvent.keyDown(document.activeElement!, { key: "k" });
    expect(document.activeElement?.querySelector(".bubble")?.textContent).toBe("line 41");
    for (let n = 0; n < 259; n += 1) fireEvent.keyDown(document.activeElement!, { key: "j" });
    expect(document.activeElement?.querySelector(".bubble")?.textContent).toBe("line 300");
  });

  it("is searched whole with Ctrl F, in any form of the words", async () => {
    await opened(talk(1, 400));
    fireEvent.keyDown(document.body, { key: "f", code: "KeyF", ctrlKey: true });
    const field = await screen.findByRole("searchbox", { name: "Find in this conversation" });
    fireEvent.change(field, { target: { value: "ＬＩＮＥ 7" } });
    expect(await screen.findByText("0 of 11")).toBeTruthy();
    fireEvent.keyDown(field, { key: "Enter" });
    const marked = () => document.querySelector(".said-found .bubble")?.textContent;
    expect([screen.getByText("1 of 11").textContent, marked()]).toEqual(["1 of 11", "line 79"]);
    fireEvent.keyDown(field, { key: "Enter", shiftKey: true });
    expect(marked()).toBe("line 7");
    expect(await faults(document.body)).toEqual([]);
    fireEvent.keyDown(field, { key: "Escape" });
    expect(document.querySelector(".said-found")).toBeNull();
    expect(document.activeElement).toBe(log_());
  });
});

describe("the hand-over", () => {
  const question = log(
    [0, "opened", system, { episode: 1, lang: "en" }],
    [1, "message", customer, text("Why was I charged twice?")],
    [1, "human_requested", customer, { via: "button" }],
    [0, "queued", system, { queue: "人工服务" }],
  );
  const pane = () => screen.findByRole("complementary", { name: "Customer" });

  it("fetches the first question of a long conversation and shows it, not what was said while waiting", async () => {
    const saying = Array.from(
      { length: 196 },
      (_, n) =>
        ({
          seq: 5 + n,
          kind: "message",
          v: 1,
          at: noon + n,
          by: customer,
          body: text(`still waiting ${n}`, n + 2),
        }) as Entry,
    );
    const { stream } = await opened(saying.slice(-50));
    expect(await within(await pane()).findByText("Loading the first question")).toBeTruthy();
    expect(asked(stream)).toEqual([[51, 150]]);
    act(() => stream.receive({ t: "page", stream: "cnv_a", from: 51, to: 150, entries: saying.slice(46, 146) }));
    expect(asked(stream).at(-1)).toEqual([1, 50]);
    act(() =>
      stream.receive({ t: "page", stream: "cnv_a", from: 1, to: 50, entries: [...question, ...saying.slice(0, 46)] }),
    );
    expect(within(await pane()).getByText("Why was I charged twice?")).toBeTruthy();
    expect(within(await pane()).queryByText(/still waiting/)).toBeNull();
    expect(said()).toHaveLength(50);
  });
});

describe("a link that is down", () => {
  it("says that words wait for the network, and counts down in one place", async () => {
    const { stream } = await opened(talk(1, 2));
    act(() => stream.become({ state: "down", offline: true, retryAt: Date.now() + 9000 }));
    const words = screen.getByRole("combobox", { name: "Reply to the customer" });
    fireEvent.change(words, { target: { value: "in a tunnel" } });
    fireEvent.keyDown(words, { key: "Enter" });
    expect(within(log_()).getByText("Waiting for the network; sent automatically later")).toBeTruthy();
    expect(within(log_()).queryByText("Sending")).toBeNull();
    expect(screen.getAllByRole("button", { name: "Try now" })).toHaveLength(1);
    expect(document.body.textContent?.match(/retrying in/g)).toHaveLength(1);
    act(() => stream.become({ state: "live", offline: false, retryAt: null }));
    expect(within(log_()).queryByText("Waiting for the network; sent automatically later")).toBeNull();
  });

  it("counts down in the foot where no conversation is open", async () => {
    const { stream } = await openDesk({});
    act(() => stream.become({ state: "down", retryAt: Date.now() + 9000 }));
    expect(within(screen.getByRole("contentinfo")).getByRole("button", { name: "Try now" })).toBeTruthy();
  });
});

describe("whose conversation it is", () => {
  const transferred: Entry[] = log(
    [
      0,
      "transferred",
      { kind: "agent", id: me.agent },
      { to_kind: "agent", to_name: "薛白", from_name: me.name, to: "agt_2", from: me.agent },
    ],
    [0, "assigned", system, { name: "薛白", number: "0318", agent: "agt_2", how: "transferred" }],
  ).map((entry, n) => ({ ...entry, seq: 3 + n }));
  const note = () => screen.queryByRole("combobox", { name: "Write a private note" });

  it("is not asked about again once it went to a colleague", async () => {
    const { stream, all } = await opened(talk(1, 2));
    await waitFor(() => expect(screen.getByText("First seen", { exact: false })).toBeTruthy());
    const before = all.asked.length;
    for (const entry of transferred) act(() => stream.receive({ t: "entries", stream: "cnv_a", entries: [entry] }));
    act(() => {
      stream.receive({
        t: "summary",
        conversation: conversation("a", { seq: 4, agent: { id: "agt_2", name: "薛白" } }),
      });
      stream.receive({ t: "gone", stream: "cnv_a", code: "no_access" });
    });
    act(() => {
      dispatchEvent(new Event("focus"));
      document.dispatchEvent(new Event("visibilitychange"));
    });
    await act(async () => {
      await new Promise((done) => {
        setTimeout(done, 0);
      });
    });
    expect(all.asked.slice(before).filter((one) => one.path === "/conversations/cnv_a")).toEqual([]);
    expect(note()).toBeNull();
  });

  it("is theirs to read whose it is, a manager’s always, and everybody’s where a message was left", () => {
    const view = { entries: transferred, gone: null };
    expect(mayRead(view, me)).toBe(false);
    expect(mayRead(view, { ...me, agent: "agt_2" })).toBe(true);
    expect(mayRead(view, manager)).toBe(true);
    expect(mayRead({ entries: transferred.slice(0, 1), gone: null }, me)).toBe(false);
    expect(
      mayRead(
        {
          entries: [
            ...transferred,
            ...log([0, "message", customer, { type: "left_message", text: "call me", contact: null, ord: 3 }]),
          ],
          gone: null,
        },
        me,
      ),
    ).toBe(true);
    expect(mayRead({ entries: [], gone: "no_access" }, manager)).toBe(false);
  });

  it("takes a note of a manager while a colleague serves", async () => {
    const { stream } = await opened(
      [...talk(1, 2), ...transferred],
      { as: manager, mine: [] },
      { state: { ...head, agent_name: "薛白" } },
    );
    expect(screen.getByText("薛白 is serving this customer")).toBeTruthy();
    expect(screen.queryByRole("combobox", { name: "Reply to the customer" })).toBeNull();
    fireEvent.change(note()!, { target: { value: "Ask for the order number" } });
    fireEvent.keyDown(note()!, { key: "Enter" });
    expect(stream.sent.map((one) => one.body)).toEqual([{ type: "note", text: "Ask for the order number" }]);
    expect(await faults(document.body)).toEqual([]);
  });

  it("names its queue in the reader’s language", async () => {
    const queued = log(
      [0, "opened", system, { episode: 1, lang: "zh-CN" }],
      [1, "queued", system, { queue: "人工服务" }],
    );
    await opened(
      queued,
      { mine: [], queue: [conversation("a", { state: "queued", agent: null })] },
      { state: { ...head, state: "queued", agent_name: null, agent_number: null } },
    );
    expect(await screen.findByText("Waiting in People; nobody has answered")).toBeTruthy();
    expect(within(log_()).getByText("People")).toBeTruthy();
    expect(screen.queryByText(/人工服务/)).toBeNull();
  });
});
