import { act, fireEvent, screen, waitFor, within } from "@testing-library/react";
import type { Conversation, ConversationDetail } from "@yingda/api/types";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { faults } from "../../ui/antd/test/axe";
import { EventStream } from "./fake-stream";
import { open, Refusal, server, signedIn, type Server } from "./render";
import {
  agent,
  conversation,
  customer as customerSays,
  head,
  log,
  me,
  noon,
  served,
  system,
  text,
  visitor,
} from "./samples";

const replies = {
  items: [
    {
      id: "crp_1",
      shortcode: "greet",
      title: "Greeting",
      sound: "greeting",
      body: { zh: "您好，我是 {{agent.number}} 号{{agent.name}}。", en: "Hello" },
      updated_at: 1,
    },
    {
      id: "crp_2",
      shortcode: "bye",
      title: "Farewell",
      sound: "farewell",
      body: { zh: "再见", en: "" },
      updated_at: 1,
    },
  ],
  next: null,
};
const product = {
  id: "g-001",
  name: { zh: "澈岚 X9 Pro", en: "Trelan X9 Pro" },
  price_fen: 499_900,
  stock: 12,
  illustration: "phone",
  category: "phone",
  tags: [],
  tagline: { zh: "", en: "" },
};
const details = (id: string, change: Partial<ConversationDetail> = {}): ConversationDetail => ({
  ...conversation(id),
  visitor: {
    ...visitor(id),
    first_seen_at: noon - 86_400_000,
    conversations: 2,
    online: true,
    account: null,
    contacts: [],
    consents: [],
    block: null,
  },
  product,
  page: { title: "Phones", url: "https://shop.example/phones" },
  asked_about: null,
  episodes: [
    {
      number: 1,
      began_with: "bot",
      created_at: noon,
      human_requested_at: noon + 8000,
      accepted_at: noon + 46_000,
      first_human_reply_at: noon + 55_000,
      ended_at: null,
      outcome: null,
      rating: null,
    },
  ],
  history: [
    { conversation: "cnv_old", created_at: noon - 86_400_000, state: "resolved", preview: "怎么查余额" },
    { conversation: "cnv_other", created_at: noon - 2 * 86_400_000, state: "closed", preview: null },
  ],
  ...change,
});

const member = (id: string, name: string, sound: string, standing: string) => ({
  id,
  name,
  sound,
  number: "0318",
  state: standing === "offline" ? "offline" : "available",
  standing,
  open: 1,
  capacity: 5,
});

let all: Server;
beforeEach(() => {
  all = server({
    ...signedIn(),
    "GET /conversations/cnv_a": details("a"),
    "GET /conversations/cnv_q": details("q"),
    "GET /canned-replies": replies,
    "GET /conversations": { items: [], next: null },
  });
});

async function desk(path = "/inbox/cnv_a", change: Partial<Conversation> = {}) {
  const view = open(path);
  await screen.findByRole("region", { name: "Conversations" });
  const stream = EventStream.last;
  const waiting = conversation("a", {
    waiting_since: noon,
    unread: 1,
    preview: { by: "customer", text: "好的，快一点" },
    ...change,
  });
  act(() => {
    stream.become({ state: "live" });
    stream.receive({
      t: "lists",
      mine: [conversation("b", { preview: { by: "agent", text: "明天上午过去" } }), waiting],
      queue: [conversation("q", { state: "queued", agent: null, queued_at: noon - 9000 })],
    });
    stream.receive({
      t: "reset",
      stream: "cnv_a",
      generation: "g",
      seq: 9,
      state: head,
      marks: { customer: { received: 2, read: 2 }, staff: { received: 1, read: 1 } },
      entries: served(),
    });
  });
  return { ...view, stream };
}
const words = () => screen.getByRole("combobox", { name: "Reply to the customer" }) as HTMLTextAreaElement;
const type = (value: string) => {
  fireEvent.change(words(), { target: { value, selectionStart: value.length } });
  words().setSelectionRange(value.length, value.length);
  fireEvent.select(words());
};

describe("the desk", () => {
  it("groups by who owes whom and is accessible", async () => {
    await desk();
    const list = screen.getByRole("region", { name: "Conversations" });
    expect(
      within(within(list).getByRole("region", { name: "Waiting for me" })).getByText("Question 000A"),
    ).toBeTruthy();
    expect(
      within(within(list).getByRole("region", { name: "Waiting for customer" })).getByText("Question 000B"),
    ).toBeTruthy();
    expect(await faults(document.body)).toEqual([]);
  });

  it("tells the answer line as list items in a log", async () => {
    await desk();
    const items = within(screen.getByRole("log"))
      .getAllByRole("listitem")
      .map((one) => one.textContent ?? "");
    expect(items.some((one) => /^Bot/.test(one))).toBe(true);
    expect(items.some((one) => /^Queued 00:38/.test(one))).toBe(true);
    expect(items.some((one) => /^You answered/.test(one))).toBe(true);
  });

  it("says what may interest the customer next, and why; a customer who refused is respected", async () => {
    const of = { zh: "", en: "Trelan X9" };
    const shown = {
      on: true,
      wanted: null,
      items: [
        { kind: "product", id: "g-002", name: { zh: "", en: "Trelan S5" }, reason: { type: "because_of", of } },
        {
          kind: "question",
          id: "kb-1",
          name: { zh: "", en: "Is it waterproof?" },
          reason: { type: "also_looked", of },
        },
      ],
    };
    all.answers["GET /conversations/cnv_a/recommendations"] = shown;
    const { unmount } = await desk();
    const link = await screen.findByRole("link", { name: "Trelan S5" });
    expect(link.getAttribute("href")).toBe("/goods/g-002");
    expect(link.closest("li")?.textContent).toBe("Trelan S5the customer asked about Trelan X9");
    expect(screen.queryByText("Is it waterproof?")).toBeNull();
    unmount();
    const plan = { kind: "plan", id: "cloud 59", name: { zh: "", en: "Cloud 59" }, reason: { type: "because_of", of } };
    all.answers["GET /conversations/cnv_a/recommendations"] = { ...shown, items: [shown.items[0], plan] };
    const alike = await desk();
    const toPlan = await screen.findByRole("link", { name: "Cloud 59" });
    expect(toPlan.getAttribute("href")).toBe("/plans?plan=cloud%2059");
    expect(toPlan.closest("li")?.textContent).toBe("Cloud 59");
    expect(screen.getAllByText("the customer asked about Trelan X9")).toHaveLength(1);
    alike.unmount();
    all.answers["GET /conversations/cnv_a/recommendations"] = { on: true, wanted: false, items: [] };
    await desk();
    expect(await screen.findByText("The customer wants no recommendations")).toBeTruthy();
  });

  it("explains why the conversation came here", async () => {
    await desk();
    fireEvent.click(screen.getByRole("button", { name: "Why me?" }));
    expect(await screen.findByText("Fewest open conversations first; in a tie, the agent idle longest")).toBeTruthy();
    expect(await faults(document.body)).toEqual([]);
  });

  it("shows the mark of a message and raises it with what the customer did", async () => {
    const { stream } = await desk();
    expect(screen.getByText("Read")).toBeTruthy();
    fireEvent.change(words(), { target: { value: "马上" } });
    fireEvent.keyDown(words(), { key: "Enter" });
    expect(stream.sent.map((one) => one.body)).toEqual([{ type: "text", text: "马上" }]);
    act(() =>
      stream.receive({
        t: "entries",
        stream: "cnv_a",
        entries: [
          {
            seq: 10,
            kind: "message",
            v: 1,
            at: noon + 90_000,
            by: { kind: "agent", name: me.name, id: me.agent },
            client_id: "c1",
            body: text("马上", 3),
          },
        ],
      }),
    );
    expect(screen.getByText("Sent")).toBeTruthy();
    act(() =>
      stream.receive({
        t: "marks",
        stream: "cnv_a",
        customer: { received: 3, read: 2 },
        staff: { received: 1, read: 1 },
      }),
    );
    expect(screen.getByText("Delivered")).toBeTruthy();
  });

  it("keeps a refused message with its reason, resends it and can delete it", async () => {
    const { stream } = await desk();
    type("太晚了");
    fireEvent.keyDown(words(), { key: "Enter" });
    act(() => stream.receive({ t: "no", client_id: "c1", code: "conversation_closed" }));
    expect(screen.getByText("Not sent: The conversation has ended")).toBeTruthy();
    fireEvent.click(screen.getByRole("button", { name: "Resend" }));
    expect(stream.pending("cnv_a")).toMatchObject([{ client_id: "c1", code: undefined }]);
    act(() => stream.receive({ t: "no", client_id: "c1", code: "conversation_closed" }));
    fireEvent.click(screen.getByRole("button", { name: "Delete" }));
    expect(stream.pending("cnv_a")).toEqual([]);
  });

  it("sends nothing while a word is being composed, and a line break with Shift", async () => {
    const { stream } = await desk();
    type("nihao");
    fireEvent.keyDown(words(), { key: "Enter", isComposing: true });
    fireEvent.keyDown(words(), { key: "Enter", keyCode: 229 });
    fireEvent.keyDown(words(), { key: "Enter", shiftKey: true });
    expect(stream.sent).toEqual([]);
  });

  it("finds canned replies behind a slash and fills them", async () => {
    await desk();
    type("/gre");
    const option = await screen.findByRole("option", { name: /greet/ });
    expect(words().getAttribute("aria-activedescendant")).toBe(option.id);
    expect(await faults(document.body)).toEqual([]);
    fireEvent.keyDown(words(), { key: "Enter" });
    expect(words().value).toBe("您好，我是 0317 号沈知微。");
    expect(screen.queryByRole("listbox")).toBeNull();
  });

  it.each([
    [{ id: "vst_a", name: "访客 000A" }, "您好，客户", "Dear customer"],
    [
      { id: "vst_8408", name: "访客 8408", account: { id: "cus_1", verified: null, masked: null } },
      "您好，客户",
      "Dear customer",
    ],
    [
      { id: "vst_a", name: "138****8002", account: { id: "cus_1", verified: "mobile", masked: "138****8002" } },
      "您好，客户",
      "Dear customer",
    ],
    [
      { id: "vst_a", name: "Elena", account: { id: "cus_1", verified: null, masked: null } },
      "您好，Elena",
      "Dear Elena",
    ],
  ])("addresses a customer by their own name only: %j", async (customer, zh, en) => {
    const addressed = {
      shortcode: "dear",
      title: "Dear",
      body: { zh: "您好，{{customer.name}}", en: "Dear {{customer.name}}" },
    };
    for (const [lang, said] of [
      ["zh-CN", zh],
      ["en", en],
    ] as const) {
      all.answers["GET /canned-replies"] = { items: [{ ...addressed, id: "crp_9", updated_at: 1 }], next: null };
      const { unmount } = await desk(undefined, { customer: customer as Conversation["customer"], lang });
      type("/dear");
      await screen.findByRole("option", { name: /dear/ });
      fireEvent.keyDown(words(), { key: "Enter" });
      expect(words().value).toBe(said);
      fireEvent.change(words(), { target: { value: "" } });
      unmount();
    }
  });

  it.each(["、", "／"])("opens the canned replies on a Chinese keyboard: %s", async (sign) => {
    await desk();
    type(sign);
    expect(await screen.findByRole("option", { name: /greet/ })).toBeTruthy();
    fireEvent.keyDown(words(), { key: "Enter", keyCode: 229 });
    expect(words().value).toBe(sign);
    type(`您好${sign === "、" ? "/" : sign}`);
    fireEvent.keyDown(await screen.findByRole("option", { name: /greet/ }).then(words), { key: "Tab" });
    expect(words().value).toBe("您好您好，我是 0317 号沈知微。");
  });

  it("walks the canned replies with the arrows and closes them with Escape", async () => {
    await desk();
    type("/");
    await screen.findByRole("option", { name: /greet/ });
    fireEvent.keyDown(words(), { key: "ArrowDown" });
    expect(screen.getByRole("option", { name: /bye/ }).getAttribute("aria-selected")).toBe("true");
    fireEvent.keyDown(words(), { key: "Escape" });
    expect(screen.queryByRole("listbox")).toBeNull();
    expect(words().value).toBe("/");
  });

  it("writes notes on their own ground", async () => {
    const { stream } = await desk();
    fireEvent.click(screen.getByRole("button", { name: "Note" }));
    const note = screen.getByRole("combobox", { name: "Write a private note" });
    fireEvent.change(note, { target: { value: "银行回调晚到" } });
    fireEvent.click(screen.getByRole("button", { name: "Save note" }));
    expect(stream.sent.map((one) => one.body)).toEqual([{ type: "note", text: "银行回调晚到" }]);
    expect(words()).toBeTruthy();
  });

  it("keeps the draft of each conversation over a reload", async () => {
    const { unmount } = await desk();
    type("还没写完");
    unmount();
    await desk();
    expect(words().value).toBe("还没写完");
  });

  it("says that the customer is typing and stops when the words arrive", async () => {
    const { stream } = await desk();
    act(() => stream.receive({ t: "typing", conversation: "cnv_a", by: "customer", on: true }));
    expect(screen.getByText("Typing")).toBeTruthy();
    act(() =>
      stream.receive({
        t: "entries",
        stream: "cnv_a",
        entries: [{ seq: 10, kind: "message", v: 1, at: noon + 90_000, by: customerSays, body: text("在吗", 3) }],
      }),
    );
    expect(screen.queryByText("Typing")).toBeNull();
    expect(screen.getByText("在吗")).toBeTruthy();
  });

  it("resolves with Alt R and goes on to the next conversation", async () => {
    const { stream, router } = await desk();
    const press = () => fireEvent.keyDown(document.body, { altKey: true, code: "KeyR", key: "r" });
    press();
    // The customer spoke last: that takes a second press.
    expect(stream.sent).toEqual([]);
    expect(screen.getByText(/Question 000A is still waiting for your reply/).closest(".toast-warn")).toBeTruthy();
    press();
    expect(stream.sent.map((one) => one.body)).toEqual([{ type: "resolve" }]);
    await waitFor(() => expect(router.state.location.pathname).toBe("/inbox/cnv_b"));
    expect(screen.getByText(/Resolved: Question 000A/)).toBeTruthy();
  });

  const answer = (stream: EventStream, id: string) =>
    act(() =>
      stream.receive({
        t: "reset",
        stream: id,
        generation: "g",
        seq: 11,
        state: head,
        marks: null,
        entries: log(
          [0, "opened", system, { episode: 1, lang: "zh-CN" }],
          [0, "assigned", system, { name: me.name, number: me.number, agent: me.agent }],
          [1, "message", customerSays, text("在吗", 1)],
          [2, "message", agent, text("在的", 1)],
        ),
      }),
    );

  it("resolves what is answered with one press, and the next conversation not with the same", async () => {
    const { stream, router } = await desk();
    answer(stream, "cnv_a");
    const now = vi.spyOn(performance, "now").mockReturnValue(1000);
    const press = () => fireEvent.keyDown(document.body, { altKey: true, code: "KeyR", key: "r" });
    press();
    await waitFor(() => expect(router.state.location.pathname).toBe("/inbox/cnv_b"));
    answer(stream, "cnv_b");
    now.mockReturnValue(1599);
    press();
    expect(stream.sent).toMatchObject([{ conversation: "cnv_a", body: { type: "resolve" } }]);
    now.mockReturnValue(1600);
    press();
    expect(stream.sent).toMatchObject([
      { conversation: "cnv_a" },
      { conversation: "cnv_b", body: { type: "resolve" } },
    ]);
  });

  it.each([
    ["the toast", () => fireEvent.click(screen.getByRole("button", { name: "Undo" }))],
    ["Ctrl Z", () => fireEvent.keyDown(words(), { ctrlKey: true, key: "z", code: "KeyZ" })],
  ])("takes the end back with %s and shows the conversation again", async (_, undo) => {
    const { stream, router } = await desk();
    answer(stream, "cnv_a");
    fireEvent.click(screen.getByRole("button", { name: "Resolve" }));
    await waitFor(() => expect(router.state.location.pathname).toBe("/inbox/cnv_b"));
    answer(stream, "cnv_b");
    undo();
    expect(stream.sent).toMatchObject([
      { conversation: "cnv_a", body: { type: "resolve" } },
      { conversation: "cnv_a", body: { type: "reopen" } },
    ]);
    await waitFor(() => expect(router.state.location.pathname).toBe("/inbox/cnv_a"));
    expect(screen.queryByRole("button", { name: "Undo" })).toBeNull();
  });

  it("reopens what the agent resolved earlier", async () => {
    all.answers["GET /conversations/cnv_a"] = details("a", { state: "resolved", resolved_at: noon + 60_000 });
    const { stream } = await desk();
    act(() => stream.receive({ t: "lists", mine: [], queue: [] }));
    act(() =>
      stream.receive({
        t: "entries",
        stream: "cnv_a",
        entries: [
          { seq: 10, kind: "resolved", v: 1, at: noon + 60_000, by: agent, body: { by: "agent", outcome: "resolved" } },
        ],
      }),
    );
    fireEvent.click(await screen.findByRole("button", { name: "Reopen" }));
    expect(stream.sent).toMatchObject([{ conversation: "cnv_a", body: { type: "reopen" } }]);
  });

  it("transfers with the keyboard alone: the first hit is where somebody is, and a queue without anybody is the last", async () => {
    all.answers["GET /colleagues"] = {
      agents: [
        member("agt_2", "薛白", "xue bai", "full"),
        member("agt_3", "何屿", "he yu", "available"),
        member("agt_4", "周敏", "zhou min", "unreachable"),
      ],
      queues: [
        { id: "que_1", name: { zh: "宽带报障", en: "Broadband faults" }, waiting: 0, staffed: false, free_slots: 0 },
        { id: "que_2", name: { zh: "账单", en: "Billing" }, waiting: 3, staffed: true, free_slots: 2 },
      ],
    };
    const { stream } = await desk();
    fireEvent.keyDown(document.body, { altKey: true, code: "KeyT", key: "t" });
    const search = await screen.findByLabelText("Find a colleague or a queue");
    const shown = () =>
      screen.getAllByRole("radio").map((one) => one.querySelector(".grow")?.textContent?.split(" ")[0]);
    await waitFor(() => expect(shown()).toEqual(["Billing", "何屿", "薛白", "周敏", "Broadband"]));
    expect(screen.getByText("nobody takes conversations now")).toBeTruthy();
    expect((screen.getByRole("radio", { name: /周敏/ }) as HTMLButtonElement).disabled).toBe(true);
    const enter = (more = {}) => fireEvent.keyDown(search, { key: "Enter", ...more });
    fireEvent.change(search, { target: { value: "hy" } });
    enter({ isComposing: true });
    expect(screen.queryByRole("button", { name: "Transfer to 何屿" })).toBeNull();
    enter();
    expect(screen.getByRole("button", { name: "Transfer to 何屿" })).toBeTruthy();
    // Other words find another, which is chosen first.
    fireEvent.change(search, { target: { value: "broad" } });
    enter();
    expect(screen.getByRole("button", { name: "Transfer to Broadband faults anyway" })).toBeTruthy();
    expect(stream.sent).toEqual([]);
    enter();
    expect(stream.sent.map((one) => one.body)).toEqual([{ type: "transfer", to: "que_1" }]);
  });

  it("keeps the conversation when Esc leaves the composer, and leaves it with the next", async () => {
    const { router } = await desk();
    type("half a reply");
    words().focus();
    fireEvent.keyDown(words(), { key: "Escape" });
    expect(router.state.location.pathname).toBe("/inbox/cnv_a");
    expect(document.activeElement).toBe(screen.getByRole("region", { name: "Conversation" }));
    fireEvent.keyDown(document.activeElement!, { key: "Escape" });
    await waitFor(() => expect(router.state.location.pathname).toBe("/inbox"));
  });

  it("calls a conversation by what a customer without a name asked first", async () => {
    const { stream } = await desk();
    act(() => {
      stream.receive({
        t: "lists",
        mine: [
          conversation("a", { subject: "充 50 块扣了我两次？", preview: { by: "customer", text: "好的，快一点" } }),
          conversation("b", { subject: "网断了", preview: { by: "customer", text: "网断了" } }),
        ],
        queue: [],
      });
    });
    const list = screen.getByRole("region", { name: "Conversations" });
    expect(within(list).getByText("充 50 块扣了我两次？")).toBeTruthy();
    const rows = within(list).getAllByRole("link");
    expect(rows.find((row) => row.textContent?.includes("网断了"))?.textContent).toContain("Visitor");
    expect(screen.getByRole("heading", { level: 1, name: "充 50 块扣了我两次？" })).toBeTruthy();
  });

  it("says that there is no such conversation, and waits for nothing more", async () => {
    all.answers["GET /conversations/cnv_none"] = new Refusal(404, "not_found");
    const { stream } = await desk("/inbox/cnv_none");
    act(() => stream.receive({ t: "gone", stream: "cnv_none", code: "no_access" }));
    expect(await screen.findByText("There is no such conversation, or you may not read it.")).toBeTruthy();
    expect(screen.getByRole("heading", { level: 1, name: "Conversation not found" })).toBeTruthy();
    await waitFor(() => expect(document.querySelector(".customer .skeleton")).toBeNull());
    expect(await faults(document.body)).toEqual([]);
  });

  it("transfers to a colleague with a note", async () => {
    all.answers["GET /colleagues"] = {
      agents: [
        member("agt_2", "薛白", "xue bai", "available"),
        { ...member(me.agent, me.name, "", "available"), number: me.number },
      ],
      queues: [{ id: "que_1", name: { zh: "账单", en: "Billing" }, waiting: 2, staffed: true, free_slots: 4 }],
    };
    const { stream } = await desk();
    fireEvent.keyDown(document.body, { altKey: true, code: "KeyT", key: "t" });
    const colleague = await screen.findByRole("radio", { name: /薛白/ });
    expect(screen.queryByRole("radio", { name: new RegExp(me.name) })).toBeNull();
    expect(await faults(document.body)).toEqual([]);
    fireEvent.click(colleague);
    fireEvent.change(screen.getByLabelText(/A note/), { target: { value: "第二笔已退回" } });
    fireEvent.click(screen.getByRole("button", { name: "Transfer to 薛白" }));
    expect(stream.sent.map((one) => one.body)).toEqual([{ type: "transfer", to: "agt_2", note: "第二笔已退回" }]);
  });

  it("takes a waiting conversation out of the queue", async () => {
    const { stream, router } = await desk("/inbox?list=queue");
    fireEvent.click(await screen.findByRole("button", { name: "Answer Question 000Q" }));
    expect(stream.sent).toMatchObject([{ conversation: "cnv_q", body: { type: "take" } }]);
    await waitFor(() => expect(router.state.location.pathname).toBe("/inbox/cnv_q"));
  });

  it("reads a waiting conversation without taking it", async () => {
    const { stream } = await desk("/inbox/cnv_q?list=queue");
    act(() =>
      stream.receive({
        t: "reset",
        stream: "cnv_q",
        generation: "g",
        seq: 5,
        state: { ...head, state: "queued" },
        marks: null,
        entries: served().slice(0, 5),
      }),
    );
    expect(screen.getByText(/Waiting in 人工服务/)).toBeTruthy();
    expect(screen.queryByRole("combobox", { name: "Reply to the customer" })).toBeNull();
    expect(stream.marks).toEqual([]);
  });

  it("changes the own state", async () => {
    all.answers["PUT /me/state"] = { ...me, state: "break", state_since: noon };
    await desk();
    fireEvent.keyDown(document.body, { altKey: true, code: "KeyS", key: "s" });
    fireEvent.click(await screen.findByRole("radio", { name: /Break/ }));
    await waitFor(() => expect(all.asked.find((one) => one.method === "PUT")?.body).toEqual({ state: "break" }));
    expect(await screen.findByRole("button", { name: /My state:\s*Break/ })).toBeTruthy();
  });

  it("changes the own state once a server that had no time has some", async () => {
    let times = 0;
    all.answers["PUT /me/state"] = () =>
      ++times === 1 ? new Refusal(503, "busy") : { ...me, state: "break", state_since: noon };
    await desk();
    fireEvent.keyDown(document.body, { altKey: true, code: "KeyS", key: "s" });
    fireEvent.click(await screen.findByRole("radio", { name: /Break/ }));
    expect(await screen.findByRole("button", { name: /My state:\s*Break/ })).toBeTruthy();
    expect(times).toBe(2);
  });

  it("says what is wrong with the link, when it is tried again, and when it is back; writing goes on", async () => {
    const { stream } = await desk();
    const strip = () => document.querySelector(".link-strip");
    const announced = () => document.querySelector(".link-place [role=status]")?.textContent;
    expect(strip()).toBeNull();
    act(() => stream.become({ state: "down", retryAt: Date.now() + 7000 }));
    expect(strip()?.textContent).toMatch(
      /^Cannot reach the server. Keep writing; messages are sent in order later.retrying in 7 s/,
    );
    expect(announced()).toBe("Cannot reach the server. Keep writing; messages are sent in order later.");
    fireEvent.click(within(strip() as HTMLElement).getByRole("button", { name: "Try now" }));
    expect(stream.retried).toBe(1);
    act(() => stream.become({ retryAt: null }));
    expect(strip()?.textContent).toContain("reconnecting");
    act(() => stream.become({ offline: true }));
    expect(announced()).toMatch(/^This device is offline/);
    act(() => stream.become({ reached: true, offline: false }));
    expect(strip()?.textContent).toBe("Connected, fetching what you missed");
    expect(words().disabled).toBe(false);
    expect(await faults(document.body)).toEqual([]);
    act(() => stream.become({ state: "live" }));
    expect(announced()).toBe("Back online");
    await waitFor(() => expect(strip()).toBeNull(), { timeout: 8000 });
  });

  it("asks to reload when the server speaks a newer language, and keeps the draft", async () => {
    const { stream } = await desk();
    type("half a reply");
    act(() => stream.receive({ t: "no", code: "upgrade_required" }));
    expect(document.querySelector(".link-strip")?.textContent).toMatch(/^This page is out of date/);
    expect(screen.getAllByRole("button", { name: "Reload" }).length).toBeGreaterThan(0);
    expect(words().value).toBe("half a reply");
  });

  it("keeps what was refused because somebody else took over: the reason, again, changed, or not at all", async () => {
    const { stream } = await desk();
    for (const one of ["first", "second"]) {
      type(one);
      fireEvent.keyDown(words(), { key: "Enter" });
    }
    act(() => {
      for (const { clientId } of stream.sent) stream.receive({ t: "no", client_id: clientId, code: "not_yours" });
    });
    expect(screen.getAllByText("Not sent: This conversation is no longer assigned to you")).toHaveLength(2);
    fireEvent.click(screen.getByRole("button", { name: "Resend all 2" }));
    expect(screen.queryByText(/^Not sent/)).toBeNull();
    act(() => {
      for (const { clientId } of stream.sent) stream.receive({ t: "no", client_id: clientId, code: "not_yours" });
    });
    type("meanwhile");
    fireEvent.click(screen.getAllByRole("button", { name: "Edit" })[0] as HTMLElement);
    expect(words().value).toBe("first\nmeanwhile");
    expect(screen.getAllByText(/^Not sent/)).toHaveLength(1);
  });

  it("shows what was being written when the conversation went to somebody else", async () => {
    const { stream } = await desk();
    type("half a reply");
    act(() => {
      stream.receive({
        t: "entries",
        stream: "cnv_a",
        entries: [
          {
            seq: 10,
            kind: "assigned",
            v: 1,
            at: noon,
            by: { kind: "system" },
            body: { name: "周敏", number: "2", agent: "agt_2", how: "transferred" },
          },
        ],
      });
      stream.receive({
        t: "summary",
        conversation: conversation("a", { seq: 10, agent: { id: "agt_2", name: "周敏" } }),
      });
    });
    expect(screen.getByText("周敏 is serving this customer")).toBeTruthy();
    const kept = screen.getByRole("region", { name: "You were writing this; it was not sent" });
    expect(within(kept).getByText("half a reply")).toBeTruthy();
    expect(await faults(document.body)).toEqual([]);
    fireEvent.click(within(kept).getByRole("button", { name: "Discard" }));
    expect(screen.queryByText("half a reply")).toBeNull();
  });

  it("keeps draft and unsent words in sight when the right to read is lost", async () => {
    const { stream } = await desk();
    type("sent too late");
    fireEvent.keyDown(words(), { key: "Enter" });
    type("half a reply");
    act(() => {
      stream.receive({ t: "no", client_id: stream.sent[0]?.clientId ?? "", code: "not_yours" });
      stream.receive({ t: "gone", stream: "cnv_a", code: "no_access" });
    });
    const pane = screen.getByRole("region", { name: "Conversation" });
    for (const words of ["This conversation is no longer assigned to you", "sent too late", "half a reply"])
      expect(within(pane).getByText(words)).toBeTruthy();
  });

  it("names what went back to the queue, or to a colleague, while the console was out of reach", async () => {
    const { stream } = await desk("/inbox");
    all.answers["GET /conversations/cnv_b"] = details("b", { agent: { id: "agt_2", name: "周敏" } });
    act(() => stream.become({ state: "down" }));
    act(() => {
      stream.receive({ t: "lists", mine: [], queue: [conversation("a", { state: "queued", agent: null })] });
      stream.become({ state: "live" });
    });
    const notice = (await screen.findByText("1 conversation returned to the queue while you were unreachable")).closest(
      ".notice",
    ) as HTMLElement;
    expect(
      within(notice)
        .getAllByRole("listitem")
        .map((one) => one.textContent),
    ).toEqual(expect.arrayContaining(["Question 000A", "Question 000Bnow with 周敏"]));
    expect(await faults(document.body)).toEqual([]);
    act(() => stream.receive({ t: "summary", conversation: conversation("a", { seq: 99 }) }));
    expect(within(notice).queryByText("Question 000A")).toBeNull();
    fireEvent.click(within(notice).getByRole("button", { name: "OK" }));
    expect(document.querySelector(".left-notice")).toBeNull();
  });

  it("says nothing of what was settled, or moved under its eyes", async () => {
    const { stream } = await desk("/inbox");
    act(() => stream.receive({ t: "lists", mine: [conversation("a")], queue: [] }));
    all.answers["GET /conversations/cnv_a"] = details("a", { state: "resolved" });
    act(() => stream.become({ state: "connecting" }));
    act(() => {
      stream.receive({ t: "lists", mine: [], queue: [] });
      stream.become({ state: "live" });
    });
    await waitFor(() => expect(all.asked.some((one) => one.path === "/conversations/cnv_a")).toBe(true));
    await act(async () => {
      await Promise.resolve();
    });
    expect(document.querySelector(".left-notice")).toBeNull();
  });

  it("says that nothing is kept where the browser refuses storage", async () => {
    await desk();
    const refused = vi.spyOn(Storage.prototype, "setItem").mockImplementation(() => {
      throw new DOMException("full", "QuotaExceededError");
    });
    type("half a reply");
    expect(screen.getByText("The browser cannot save this draft: it is lost when the page closes")).toBeTruthy();
    fireEvent.keyDown(words(), { key: "Enter" });
    expect(document.querySelector(".link-strip")?.textContent).toMatch(/^The browser cannot save drafts/);
    refused.mockRestore();
  });

  it("shows what the bot could not answer, the product and earlier visits", async () => {
    await desk();
    const pane = await screen.findByRole("complementary", { name: "Customer" });
    expect(await within(pane).findByText("Trelan X9 Pro")).toBeTruthy();
    expect(within(pane).getByText("1 unanswered")).toBeTruthy();
    expect(within(pane).getByRole("link", { name: "怎么查余额" })).toBeTruthy();
    // Conversations served by a colleague are listed, but not as links.
    expect(within(pane).getByText("You do not have permission to read it").closest("a")).toBeNull();
  });

  it("marks what was read only while the page is looked at", async () => {
    vi.spyOn(document, "hasFocus").mockReturnValue(true);
    const { stream } = await desk();
    act(() => {
      dispatchEvent(new Event("focus"));
    });
    expect(stream.marks.at(-1)).toEqual({ id: "cnv_a", received: 2, read: 2 });
    vi.mocked(document.hasFocus).mockReturnValue(false);
    act(() => {
      dispatchEvent(new Event("blur"));
      stream.receive({
        t: "entries",
        stream: "cnv_a",
        entries: [{ seq: 10, kind: "message", v: 1, at: noon + 90_000, by: customerSays, body: text("在吗", 3) }],
      });
    });
    expect(stream.marks.at(-1)).toEqual({ id: "cnv_a", received: 3, read: 1 });
    vi.restoreAllMocks();
  });

  it("leads to sign-in when this device was signed out elsewhere, keeping the draft", async () => {
    const { stream, router } = await desk();
    type("还没写完");
    all.answers["GET /me"] = new Refusal(401, "not_signed_in");
    act(() => stream.become({ state: "connecting" }));
    expect(await screen.findByText(/This device was signed out/)).toBeTruthy();
    expect(router.state.location.search).toEqual({ why: "revoked", next: "/inbox/cnv_a" });
    expect(stream.started).toBe(false);
  });
});
