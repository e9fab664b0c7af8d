import { act, fireEvent, screen, within } from "@testing-library/react";
import type { Entry, Me, Permission, Reach, ServerFrame } from "@yingda/api/types";
import { describe, expect, it } from "vitest";
import { lastOwn, quotedAt } from "../src/desk/quoted";
import { mayRead, mayServe } from "../src/desk/readable";
import { details, openDesk, reset } from "./on-desk";
import { agent, conversation, customer, me, text } from "./samples";

const own = { ...agent, id: me.agent };
const entry = (seq: number, kind: string, by: unknown, body: unknown, at = Date.now() - 30_000) =>
  ({ seq, kind, v: 1, at, by, body, audience: kind.startsWith("note") ? "staff" : "public" }) as Entry;

async function opened(...entries: Entry[]) {
  const answers = { "GET /conversations/cnv_a": details("a"), "GET /queues": { items: [] } };
  const desk = await openDesk({ path: "/inbox/cnv_a", mine: [conversation("a")], answers });
  act(() => desk.stream.receive(reset("cnv_a", entries)));
  return desk;
}
const item = (words: string) =>
  [...screen.getByRole("log").querySelectorAll<HTMLElement>("[data-seq]")].find((one) =>
    one.querySelector(".bubble")?.textContent?.includes(words),
  )!;
const field = () => screen.getByRole("combobox", { name: /reply|message|note/i });
const last = (stream: { sent: { body: unknown }[] }) => stream.sent.at(-1)?.body;

describe("one’s own words", () => {
  it("are taken back within two minutes, and not those of others or older ones", async () => {
    const { stream } = await opened(
      entry(1, "message", customer, text("question", 1)),
      entry(2, "message", own, text("old", 1), Date.now() - 121_000),
      entry(3, "message", own, text("fresh", 2)),
    );
    expect(within(item("question")).queryByRole("button", { name: "Recall" })).toBeNull();
    expect(within(item("old")).queryByRole("button", { name: "Recall" })).toBeNull();
    fireEvent.click(within(item("fresh")).getByRole("button", { name: "Recall" }));
    expect(last(stream)).toEqual({ type: "recall", of: 3 });
    act(() =>
      stream.receive({
        t: "entries",
        stream: "cnv_a",
        entries: [entry(4, "recalled", own, { entry: 3, of: 3 })],
      }),
    );
    expect(item("fresh")).toBeUndefined();
    expect(screen.getByText("A message was recalled")).toBeTruthy();
  });

  it("are corrected, and what they said before stays readable", async () => {
    const { stream } = await opened(entry(1, "message", own, text("Tuesday", 1)));
    fireEvent.click(within(item("Tuesday")).getByRole("button", { name: "Correct" }));
    const dialog = await screen.findByRole("dialog", { name: "Correct the message" });
    fireEvent.change(within(dialog).getByRole("textbox"), { target: { value: "Monday" } });
    fireEvent.click(within(dialog).getByRole("button", { name: "Correct" }));
    expect(last(stream)).toEqual({ type: "correct", of: 1, text: "Monday" });
    const corrected = entry(2, "corrected", own, { entry: 1, of: 1, text: "Monday", before: "Tuesday" });
    act(() => stream.receive({ t: "entries", stream: "cnv_a", entries: [corrected] }));
    expect(within(item("Monday")).getByText("Edited")).toBeTruthy();
    expect(within(item("Monday")).getByText("Tuesday")).toBeTruthy();
  });

  it("stay in the dialog as they were corrected until that is stored, with the reason if it is refused", async () => {
    const { stream } = await opened(entry(1, "note", own, { text: "Tuesday" }));
    fireEvent.click(within(item("Tuesday")).getByRole("button", { name: "Correct" }));
    const dialog = await screen.findByRole("dialog", { name: "Correct the message" });
    expect(dialog.textContent).toContain("Customers never see notes");
    const field = within(dialog).getByRole<HTMLTextAreaElement>("textbox");
    fireEvent.change(field, { target: { value: "Monday" } });
    fireEvent.click(within(dialog).getByRole("button", { name: "Correct" }));
    const refusal = { t: "no", client_id: stream.sent.at(-1)!.clientId, code: "correction_too_late" } as ServerFrame;
    await act(async () => stream.receive(refusal));
    expect(within(dialog).getByRole("alert").textContent).toBe("Messages can be corrected within 24 hours");
    expect(field.value).toBe("Monday");
    fireEvent.click(within(dialog).getByRole("button", { name: "Correct" }));
    const { clientId } = stream.sent.at(-1)!;
    await act(async () => stream.receive({ t: "ok", client_id: clientId, seq: 2, at: 1 }));
    expect(screen.queryByRole("dialog", { name: "Correct the message" })).toBeNull();
  });

  it("the last ones are corrected by ↑ in an empty field", async () => {
    await opened(entry(1, "message", own, text("first", 1)), entry(2, "message", own, text("last", 2)));
    fireEvent.keyDown(field(), { key: "ArrowUp" });
    const dialog = await screen.findByRole("dialog", { name: "Correct the message" });
    expect(within(dialog).getByRole<HTMLTextAreaElement>("textbox").value).toBe("last");
    expect(within(dialog).getByRole("button", { name: "Recall" })).toBeTruthy();
  });

  it("are found by ↑ also behind a file and what was recalled, and not once they are a day old", () => {
    const picture = { type: "file", ord: 2, file: { id: "f", name: "a.png", mime: "image/png", size: 1 } };
    const after = [
      entry(2, "message", own, picture),
      { ...entry(3, "message", own, null), gone: "recalled" } as Entry,
      entry(4, "message", customer, text("thanks", 1)),
    ];
    const now = Date.now();
    expect(lastOwn([entry(1, "message", own, text("price", 1)), ...after], me.agent, now)).toMatchObject({ seq: 1 });
    expect(lastOwn([entry(1, "note", own, { text: "price" }), ...after], me.agent, now)).toMatchObject({
      isNote: true,
    });
    const old = entry(1, "message", own, text("price", 1), now - 86_400_001);
    expect(lastOwn([old, ...after], me.agent, now)).toBeNull();
  });
});

describe("what can be done with words", () => {
  const has = (...[permission, ...reach]: [Permission, ...Reach[]]) => ({ permission, reach }) as Me["grants"][number];
  const theirs = [entry(1, "assigned", own, { agent: "agt_other", name: "Other" })];
  const allows = (entries: Entry[], ...grants: Me["grants"]) => mayServe({ entries, gone: null }, { ...me, grants });

  it("is offered to whoever may serve the conversation, and not to those who only read it", () => {
    expect(allows(theirs, has("conversations.read", "company"), has("desk", "own"))).toBe(false);
    expect(allows([], has("conversations.read", "company"))).toBe(false);
    expect(allows(theirs, has("desk", "company"))).toBe(true);
    expect(allows([entry(1, "assigned", own, { agent: me.agent, name: "Me" })], has("desk", "own"))).toBe(true);
  });

  it("does not come with a note that calls somebody", () => {
    const note = entry(2, "note", own, { text: "@Me", mentions: [{ agent: me.agent, name: "Me" }] });
    expect(mayRead({ entries: [...theirs, note], gone: null }, { ...me, grants: [has("desk", "own")] })).toBe(true);
    expect(allows([...theirs, note], has("desk", "own"))).toBe(false);
  });
});

describe("a quote", () => {
  it("is made by Q on a message, goes with the next one, and shows what it says now", async () => {
    const { stream } = await opened(entry(1, "message", customer, text("When?", 1)));
    item("When?").focus();
    fireEvent.keyDown(item("When?"), { key: "q" });
    expect(screen.getByText("Quoting")).toBeTruthy();
    fireEvent.change(field(), { target: { value: "Monday" } });
    fireEvent.keyDown(field(), { key: "Enter" });
    expect(last(stream)).toEqual({ type: "text", text: "Monday", quote: 1 });
    expect(screen.queryByText("Quoting")).toBeNull();
    const reply = entry(2, "message", own, { ...text("Monday", 1), quote: 1, quote_of: 1 });
    act(() => stream.receive({ t: "entries", stream: "cnv_a", entries: [reply] }));
    const quote = within(item("Monday")).getByTitle("Go to the quoted message");
    expect(quote.textContent).toContain("When?");
    fireEvent.click(quote);
    expect(document.activeElement).toBe(document.querySelector('[data-seq="1"]'));
    act(() =>
      stream.receive({ t: "entries", stream: "cnv_a", entries: [entry(3, "recalled", customer, { entry: 1, of: 1 })] }),
    );
    expect(screen.getByTitle("Go to the quoted message").textContent).toContain("This message is gone");
  });

  it("of a product names it in the reader’s language", () => {
    const card = { type: "product", ord: 1, product: { id: "p", name: { zh: "套餐", en: "Plan" }, stock: 1 } };
    expect(quotedAt([entry(1, "message", customer, card)], 1, ({ en }) => en).text).toBe("Plan");
  });

  it("of a note is written in a note", async () => {
    const { stream } = await opened(entry(1, "note", own, { text: "secret" }));
    fireEvent.click(within(item("secret")).getByRole("button", { name: "Quote" }));
    fireEvent.change(field(), { target: { value: "see above" } });
    fireEvent.keyDown(field(), { key: "Enter" });
    expect(last(stream)).toEqual({ type: "note", text: "see above", quote: 1 });
  });

  it("of a note does not follow into a reply, and comes back with words that were refused", async () => {
    const { stream } = await opened(entry(1, "note", own, { text: "secret" }));
    fireEvent.click(within(item("secret")).getByRole("button", { name: "Quote" }));
    fireEvent.keyDown(field(), { key: "µ", code: "KeyM", altKey: true });
    expect(screen.queryByText("Quoting")).toBeNull();
    fireEvent.change(field(), { target: { value: "Hello" } });
    fireEvent.keyDown(field(), { key: "Enter" });
    expect(last(stream)).toEqual({ type: "text", text: "Hello" });
    fireEvent.keyDown(field(), { key: "µ", code: "KeyM", altKey: true });
    expect(screen.getByText("Quoting")).toBeTruthy();
    fireEvent.change(field(), { target: { value: "see above" } });
    fireEvent.keyDown(field(), { key: "Enter" });
    const { clientId, body } = stream.sent.at(-1)!;
    expect(body).toEqual({ type: "note", text: "see above", quote: 1 });
    act(() => stream.receive({ t: "no", client_id: clientId, code: "text_too_long" } as ServerFrame));
    fireEvent.click(screen.getByRole("button", { name: "Edit" }));
    expect(screen.getByText("Quoting")).toBeTruthy();
    fireEvent.keyDown(field(), { key: "Enter" });
    expect(last(stream)).toEqual(body);
  });
});
