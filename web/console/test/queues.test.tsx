import { act, fireEvent, screen, waitFor, within } from "@testing-library/react";
import type { Conversation } from "@yingda/api/types";
import { describe, expect, it } from "vitest";
import { faults } from "../../ui/antd/test/axe";
import { EventStream } from "./fake-stream";
import { reset } from "./on-desk";
import { open, server, signedIn } from "./render";
import { answer, bot, conversation, customer, head, log, noon, system, text } from "./samples";

const general = {
  id: "que_1",
  name: { zh: "人工服务", en: "People" },
  service: { open: true, opens_at: null, promised_by: null },
  left_messages: 0,
  everybody: true,
  members: [],
};
const waits = (id: string, seconds: number, change: Partial<Conversation> = {}) =>
  conversation(id, {
    state: "queued",
    agent: null,
    queued_at: noon - seconds * 1000,
    preview: { by: "customer", text: `words of ${id}` },
    wait: { reason: "words", why: null, by: null, topic: { zh: "账单怎么查", en: "How do I see my bill?" } },
    ...change,
  });
const asked = log(
  [0, "opened", system, { episode: 1, lang: "en" }],
  [1, "message", customer, text("Why was I charged twice?")],
  [1, "message", bot, answer("I do not know", "no_answer")],
  [1, "human_requested", customer, { via: "words" }],
  [0, "queued", system, { queue: "人工服务" }],
  [9, "message", customer, text("hello?", 2)],
);
const names = () =>
  screen.getAllByRole("listitem").flatMap((row) => /Question (\w{4})/.exec(row.textContent ?? "")?.[1] ?? []);

const bills = { ...general, id: "que_2", name: { zh: "账单", en: "Bills" } };

async function queues(rows: Conversation[], path = "/inbox/queues", every = [general]) {
  const colleagues = {
    agents: [
      {
        id: "agt_2",
        name: "薛白",
        number: "0318",
        sound: "xue bai",
        state: "available",
        standing: "available",
        open: 0,
        capacity: 3,
      },
    ],
    queues: every.map(({ id, name }) => ({ id, name, waiting: 1, staffed: true, free_slots: 2 })),
  };
  const all = server({ ...signedIn(), "GET /queues": { items: every }, "GET /colleagues": colleagues });
  const view = open(path);
  await screen.findByRole("heading", { name: "Queues" });
  const stream = EventStream.last;
  act(() => {
    stream.become({ state: "live" });
    stream.receive({ t: "lists", mine: [], queue: rows });
  });
  return { ...view, all, stream };
}
const preview = () => screen.getByRole("complementary", { name: "Waiting customer" });
const key = (name: string) => fireEvent.keyDown(document.activeElement ?? document.body, { key: name });

describe("who waits", () => {
  it("is read beside the list without being taken: why, what was asked, what was said", async () => {
    const { stream, router } = await queues([waits("a", 30, { episode: 2 }), waits("b", 20)]);
    fireEvent.click(screen.getByRole("link", { name: /^Question 000A Visit 2/ }));
    await waitFor(() => expect(router.state.location.search).toEqual({ open: "cnv_a" }));
    act(() =>
      stream.receive(
        reset("cnv_a", asked, { state: { ...head, state: "queued", agent_name: null, agent_number: null } }),
      ),
    );
    expect(within(preview()).getByText("Asked for a person in a message")).toBeTruthy();
    expect(within(preview()).getAllByText("Why was I charged twice?")).toHaveLength(2);
    expect(within(preview()).getByText("1 unanswered")).toBeTruthy();
    expect(within(within(preview()).getByRole("log")).getByText("hello?")).toBeTruthy();
    expect(within(preview()).queryByRole("combobox")).toBeNull();
    expect(stream.sent).toEqual([]);
    expect(stream.marks).toEqual([]);
    expect(await faults(document.body)).toEqual([]);
  });

  it("is walked with J and K and taken with T", async () => {
    const { stream, router } = await queues([waits("a", 30), waits("b", 20), waits("c", 10)]);
    const opened = (id: string) => waitFor(() => expect(router.state.location.search).toEqual({ open: id }));
    expect(screen.getByText("Position 3")).toBeTruthy();
    key("t");
    expect(stream.sent).toEqual([]);
    key("j");
    await opened("cnv_a");
    key("j");
    key("j");
    await opened("cnv_c");
    key("k");
    await opened("cnv_b");
    key("t");
    expect(stream.sent).toMatchObject([{ conversation: "cnv_b", body: { type: "take" } }]);
    await waitFor(() => expect(router.state.location.pathname).toBe("/inbox/cnv_b"));
  });

  it("says in each row why they wait and what the bot answered last", async () => {
    await queues([
      waits("a", 30),
      waits("b", 20, { wait: { reason: "transferred", why: null, by: "薛白", topic: null } }),
      waits("c", 10, { wait: { reason: "returned", why: null, by: null, topic: null } }),
    ]);
    const rows = screen
      .getAllByRole("listitem")
      .filter((row) => row.className.includes("queue-row"))
      .map((row) => row.textContent);
    expect(rows[0]).toMatch(/How do I see my bill\?.*Asked for a person in a message/);
    expect(rows[1]).toContain("Transferred by 薛白");
    expect(rows[2]).toContain("Back in the queue: the agent was unreachable");
  });

  it("is moved to another queue with M or by the button, with a note, and back again", async () => {
    const { stream } = await queues([waits("a", 30), waits("b", 20)], "/inbox/queues", [general, bills]);
    key("m");
    expect(screen.queryByRole("dialog")).toBeNull();
    fireEvent.click(screen.getByRole("button", { name: "Move Question 000B" }));
    let dialog = await screen.findByRole("dialog", { name: "Move Question 000B to" });
    expect(within(dialog).getByRole<HTMLButtonElement>("button", { name: "Choose one" }).disabled).toBe(true);
    fireEvent.click(await within(dialog).findByRole("radio", { name: /Bills/ }));
    expect(within(dialog).getAllByRole("radio")).toHaveLength(1);
    fireEvent.change(within(dialog).getByRole("textbox", { name: /A note/ }), { target: { value: "About a bill" } });
    fireEvent.click(within(dialog).getByRole("button", { name: "Move to Bills" }));
    expect(stream.sent).toMatchObject([
      { conversation: "cnv_b", body: { type: "transfer", to: "que_2", note: "About a bill" } },
    ]);
    expect(screen.queryByRole("dialog")).toBeNull();
    act(() =>
      stream.receive({
        t: "summary",
        conversation: waits("b", 20, { seq: 9, queue: { id: bills.id, name: bills.name } }),
      }),
    );
    fireEvent.click(screen.getByRole("button", { name: "Undo" }));
    expect(stream.sent.at(-1)).toMatchObject({ conversation: "cnv_b", body: { type: "transfer", to: "que_1" } });
    key("j");
    await screen.findByRole("complementary", { name: "Waiting customer" });
    key("m");
    dialog = await screen.findByRole("dialog", { name: "Move Question 000A to" });
    expect(await faults(dialog)).toEqual([]);
  });

  it("is moved together with others, which says what stayed and why, and back again", async () => {
    const { all, stream } = await queues([waits("a", 30), waits("b", 20), waits("c", 10)], "/inbox/queues", [
      general,
      bills,
    ]);
    const results: Record<string, string | null> = { cnv_a: null, cnv_b: "already_there" };
    all.answers["POST /conversation-transfers"] = ({ body }: { body: { conversations: string[] } }) => ({
      items: body.conversations.map((conversation) => ({
        conversation,
        outcome: results[conversation] == null ? "transferred" : "refused",
        code: results[conversation] ?? null,
      })),
    });
    const asked = () => all.asked.filter(({ path }) => path === "/conversation-transfers").map(({ body }) => body);
    const move = async () => {
      fireEvent.click(screen.getByRole("button", { name: "Transfer" }));
      const dialog = await screen.findByRole("dialog", { name: /^Transfer \d conversations? to$/ });
      fireEvent.click(await within(dialog).findByRole("radio", { name: /Bills/ }));
      fireEvent.click(within(dialog).getByRole("button", { name: "Move to Bills" }));
    };
    expect(screen.queryByRole("group", { name: "Chosen conversations" })).toBeNull();
    fireEvent.click(screen.getByRole("checkbox", { name: "Choose Question 000A" }));
    fireEvent.click(screen.getByRole("checkbox", { name: "Choose Question 000B" }));
    expect(screen.getByText("2 chosen")).toBeTruthy();
    expect(await faults(document.body)).toEqual([]);
    await move();
    const told = await screen.findByRole("dialog", { name: "1 conversation was not transferred" });
    expect(within(told).getByText("1 conversation transferred to Bills")).toBeTruthy();
    expect(within(told).getByRole("listitem").textContent).toContain("Question 000B");
    expect(await faults(told)).toEqual([]);
    fireEvent.click(within(told).getAllByRole("button", { name: "Close" }).at(-1)!);
    expect(asked()).toEqual([{ conversations: ["cnv_a", "cnv_b"], queue: "que_2" }]);
    results.cnv_b = null;
    fireEvent.click(screen.getByRole("checkbox", { name: "Choose all 3" }));
    await move();
    const undo = await screen.findByRole("button", { name: "Undo" });
    const bill = { seq: 9, queue: { id: bills.id, name: bills.name } };
    act(() => {
      for (const one of [waits("a", 30, bill), waits("b", 20, bill)])
        stream.receive({ t: "summary", conversation: one });
      // Whoever has been answered by now is not taken back.
      const answered = { ...bill, state: "active" as const, agent: { id: "agt_2", name: "薛白" } };
      stream.receive({ t: "summary", conversation: waits("c", 10, answered) });
    });
    fireEvent.click(undo);
    await waitFor(() => expect(asked().at(-1)).toEqual({ conversations: ["cnv_a", "cnv_b"], queue: "que_1" }));
  });

  it("is moved nowhere where there is one queue", async () => {
    await queues([waits("a", 30)]);
    expect(screen.queryByRole("button", { name: /^Move/ })).toBeNull();
    key("j");
    await screen.findByRole("complementary", { name: "Waiting customer" });
    key("m");
    expect(screen.queryByRole("dialog")).toBeNull();
  });

  it("keeps the order while somebody points at one or has the focus there", async () => {
    const { stream } = await queues([waits("a", 30), waits("b", 20), waits("c", 10)]);
    const change = (...rows: Conversation[]) =>
      act(() => {
        for (const one of rows) stream.receive({ t: "summary", conversation: one });
      });
    fireEvent.pointerOver(screen.getByRole("link", { name: /^Question 000A/ }), { pointerType: "mouse" });
    change(waits("b", 20, { seq: 6, state: "active", agent: { id: "agt_2", name: "薛白" } }), waits("d", 60));
    expect(names()).toEqual(["000A", "000B", "000C"]);
    expect(screen.getByRole<HTMLButtonElement>("button", { name: "Answer Question 000B" }).disabled).toBe(true);
    expect(screen.getByRole("button", { name: "1 new" })).toBeTruthy();
    fireEvent.pointerLeave(screen.getByRole("list", { name: "Waiting" }));
    expect(names()).toEqual(["000D", "000A", "000C"]);
    act(() => screen.getByRole("link", { name: /^Question 000C/ }).focus());
    change(waits("e", 90));
    expect(names()).toEqual(["000D", "000A", "000C"]);
    act(() => (document.activeElement as HTMLElement).blur());
    expect(names()).toEqual(["000E", "000D", "000A", "000C"]);
  });

  it("says so when whoever is being read waits no longer", async () => {
    const { stream } = await queues([waits("a", 30), waits("b", 20)], "/inbox/queues?open=cnv_a");
    act(() =>
      stream.receive({
        t: "summary",
        conversation: waits("a", 30, { seq: 9, state: "active", agent: { id: "agt_2", name: "薛白" } }),
      }),
    );
    expect(within(preview()).getByText("No longer waiting: answered, or left")).toBeTruthy();
    expect(within(preview()).queryByRole("button", { name: /^Answer/ })).toBeNull();
    fireEvent.keyDown(document.body, { key: "Escape" });
    await waitFor(() => expect(screen.queryByRole("complementary", { name: "Waiting customer" })).toBeNull());
  });
});
