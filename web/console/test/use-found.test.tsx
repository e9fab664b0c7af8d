import { act, fireEvent, screen, waitFor, within } from "@testing-library/react";
import { QueryClient } from "@tanstack/react-query";
import { beforeEach, expect, it } from "vitest";
import { faults } from "../../ui/antd/test/axe";
import { forgetPerson } from "../src/lib/session";
import { EventStream } from "./fake-stream";
import { open, Refusal, server, signedIn } from "./render";
import { conversation, head, me, served } from "./samples";

const phone = { id: "g-001", name: { zh: "澈岚 X9", en: "Trelan X9" }, price_fen: 499_900, state: "live" };
const draft = { ...phone, id: "g-002", name: { zh: "澈岚 X10", en: "Trelan X10" }, state: "draft" };
const greeting = {
  id: "crp_1",
  title: "Greeting",
  shortcode: "hello",
  body: { zh: "您好，我是 {{agent.name}}", en: "Hello from {{agent.name}}" },
};
const invoice = { id: "kb-002", question: { zh: "怎么开发票", en: "How do I get an invoice" } };
const published = { live: { answer: { zh: "在账单页开具", en: "Under Bills" } } };
const answers = {
  "GET /goods": { currency: "CNY", items: [phone, draft], next: null },
  "GET /knowledge/entries": { items: [invoice] },
  "GET /knowledge/entries/kb-002": published as unknown,
  "GET /canned-replies": { items: [greeting], next: null },
  "GET /conversations": { items: [], next: null },
  "GET /queues": { items: [], next: null },
};

beforeEach(() => forgetPerson(new QueryClient()));

async function desk(as = me) {
  const all = server({ ...signedIn(as), ...answers });
  const view = open("/inbox/cnv_a");
  await screen.findByRole("region", { name: "Conversations" });
  act(() => {
    EventStream.last.become({ state: "live" });
    EventStream.last.receive({ t: "lists", mine: [conversation("a")], queue: [] });
    EventStream.last.receive({
      t: "reset",
      stream: "cnv_a",
      generation: "g",
      seq: 9,
      state: head,
      marks: { customer: { received: 2, read: 2 }, staff: { received: 1, read: 1 } },
      entries: served(),
    });
  });
  return { ...view, all };
}
const box = () => screen.getByRole<HTMLTextAreaElement>("combobox", { name: "Reply to the customer" });
async function search(words: string) {
  fireEvent.keyDown(document.body, { ctrlKey: true, code: "KeyK", key: "k" });
  const field = await screen.findByRole<HTMLInputElement>("combobox", { name: /^Search and go to/ });
  fireEvent.change(field, { target: { value: words } });
  return field;
}
const option = (name: RegExp) => screen.findByRole("option", { name });

it("a canned reply and an answer are put where one writes, in the customer's language", async () => {
  const { router } = await desk();
  fireEvent.change(box(), { target: { value: "Good morning.", selectionStart: 13 } });
  const field = await search("hello");
  fireEvent.mouseMove(await option(/Greeting/));
  expect(screen.getByText(/Shift Enter puts what is chosen into the conversation/)).toBeTruthy();
  expect(await faults(document.body)).toEqual([]);
  fireEvent.keyDown(field, { key: "Enter", shiftKey: true });
  await waitFor(() => expect(box().value).toMatch(new RegExp(`^Good morning\\. (Hello from|您好，我是) ${me.name}`)));
  expect(router.state.location.pathname).toBe("/inbox/cnv_a");
  expect(screen.queryByRole("combobox", { name: /^Search and go to/ })).toBeNull();
  fireEvent.change(box(), { target: { value: "" } });
  await search("invoice");
  fireEvent.click(within(await option(/How do I get an invoice/)).getByText("Insert"));
  await waitFor(() => expect(box().value).toMatch(/^(Under Bills|在账单页开具)$/));
});

it("what is written while an answer is read stays", async () => {
  const { all } = await desk();
  let arrive = (_: unknown) => {};
  Object.assign(all.answers, { "GET /knowledge/entries/kb-002": () => new Promise((resolve) => (arrive = resolve)) });
  await search("invoice");
  fireEvent.click(within(await option(/How do I get an invoice/)).getByText("Insert"));
  await waitFor(() => expect(screen.queryByRole("combobox", { name: /^Search and go to/ })).toBeNull());
  fireEvent.change(box(), { target: { value: "One moment.", selectionStart: 11 } });
  act(() => arrive(published));
  await waitFor(() => expect(box().value).toMatch(/^One moment\. (Under Bills|在账单页开具)$/));
});

it("the card of a product on sale is sent; one that is not on sale can only be opened", async () => {
  await desk();
  await search("trelan");
  expect((await option(/Trelan X9/)).textContent).toContain("Send card");
  expect((await option(/Trelan X10/)).textContent).not.toContain("Send card");
  fireEvent.click(screen.getByText("Send card"));
  await waitFor(() =>
    expect(EventStream.last.sent.map(({ body }) => body)).toEqual([{ type: "product", product: "g-001" }]),
  );
});

it("says that an answer is gone or cannot be read, and changes nothing", async () => {
  const { all } = await desk();
  for (const [answer, told] of [
    [{ live: null }, /no longer published/],
    [new Refusal(404, "not_found"), /no longer|not found|does not exist/i],
  ] as const) {
    Object.assign(all.answers, { "GET /knowledge/entries/kb-002": answer });
    const field = await search("invoice");
    fireEvent.mouseMove(await option(/How do I get an invoice/));
    fireEvent.keyDown(field, { key: "Enter", shiftKey: true });
    expect((await screen.findAllByText(told)).length).toBeGreaterThan(0);
    expect(box().value).toBe("");
  }
});

it("whoever serves and does not edit goods sends their cards, and is led to no page that is not theirs", async () => {
  const { router } = await desk({ ...me, permissions: me.permissions.filter((one) => one !== "goods.edit") });
  await search("trelan");
  const found = await option(/Trelan X9/);
  expect(screen.queryByRole("option", { name: /Trelan X10/ })).toBeNull();
  fireEvent.click(found);
  await waitFor(() => expect(EventStream.last.sent).toHaveLength(1));
  expect(router.state.location.pathname).toBe("/inbox/cnv_a");
});

it("nothing is offered to be put anywhere while no conversation is open", async () => {
  server({ ...signedIn(me), ...answers, "GET /auth/sessions": { items: [], next: null } });
  open("/sessions");
  await screen.findByRole("heading", { name: "Signed-in devices" });
  await search("trelan");
  await option(/Trelan X9/);
  expect(screen.queryByText("Send card")).toBeNull();
});
