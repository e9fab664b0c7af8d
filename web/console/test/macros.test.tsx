import { fireEvent, screen, waitFor } from "@testing-library/react";
import type { Macro } from "@yingda/api/types";
import { describe, expect, it } from "vitest";
import { sendOf, undoing, without } from "../src/desk/macro-sends";
import { open, server, signedIn } from "./render";

const refund = { id: "lbl_1", name: { zh: "退费", en: "Refund" }, colour: "ok" } as const;
const values = () => ({ "customer.name": "Li", "agent.name": "Ada", "agent.number": "1024" });
const of = { labels: [refund], lang: "en" as const };

describe("what a macro sends", () => {
  it("is what is sent by hand, in the customer's language", () => {
    const send = (act: Parameters<typeof sendOf>[0]) => sendOf(act, of, values, 1_000);
    expect(send({ type: "reply", text: { zh: "您好", en: "Hi {{customer.name}}" } })).toEqual({
      type: "text",
      text: "Hi Li",
    });
    expect(send({ type: "label", label: "lbl_2" })).toEqual({ type: "label", labels: ["lbl_1", "lbl_2"] });
    expect(send({ type: "label", label: "lbl_1" })).toBeNull();
    expect(send({ type: "snooze", minutes: 20 })).toEqual({ type: "snooze", until: 1_201_000 });
    expect(send({ type: "transfer", queue: "que_1" })).toEqual({ type: "transfer", to: "que_1" });
  });

  it("is taken back from the end, as far as that is possible", () => {
    const label = (id: string) => ({ body: { type: "label" as const, labels: ["lbl_1", id] }, label: id });
    const text = { body: { type: "text" as const, text: "Hi" } };
    const resolve = { body: { type: "resolve" as const } };
    expect(undoing([label("lbl_2"), label("lbl_3"), resolve])).toEqual({
      sends: [{ type: "reopen" }],
      off: ["lbl_3", "lbl_2"],
    });
    expect(undoing([label("lbl_2"), text, resolve])).toEqual({ sends: [{ type: "reopen" }], off: [] });
    expect(undoing([resolve, { body: { type: "transfer", to: "que_1" } }])).toEqual({ sends: [], off: [] });
  });

  it("takes off only the labels that it gave", () => {
    expect(without(["lbl_2"], [refund, { ...refund, id: "lbl_2" }, { ...refund, id: "lbl_9" }])).toEqual({
      type: "label",
      labels: ["lbl_1", "lbl_9"],
    });
    expect(without(["lbl_2"], [refund])).toBeNull();
  });
});

const done: Macro = {
  id: "mcr_1",
  own: false,
  name: { zh: "退费结束", en: "Refund and resolve" },
  acts: [{ type: "label", label: "lbl_1", name: refund.name }, { type: "resolve" }],
  gone: refund.name,
  updated_at: 5,
};

describe("the page of macros", () => {
  it("says what each does, and what is missing for it", async () => {
    server({ ...signedIn(), "GET /macros": { items: [done] } });
    open("/bot/canned-replies?tab=macros");
    const card = await screen.findByRole("listitem", { name: "Refund and resolve" });
    expect(card.textContent).toContain("label “Refund” → resolve");
    expect(card.textContent).toContain("“Refund” is gone");
  });

  it("adds one that ends what it does", async () => {
    const all = server({ ...signedIn(), "GET /macros": { items: [] }, "POST /macros": done });
    open("/bot/canned-replies?tab=macros");
    fireEvent.click(await screen.findByRole("button", { name: "New macro" }));
    fireEvent.change(await screen.findByLabelText(/Name.*English/), { target: { value: "Done" } });
    fireEvent.click(screen.getByRole("button", { name: "Resolve" }));
    fireEvent.click(screen.getByRole("button", { name: "Write a note" }));
    fireEvent.change(screen.getByLabelText("Write a note"), { target: { value: "ok" } });
    fireEvent.click(screen.getByRole("button", { name: "Save" }));
    await waitFor(() => expect(all.asked.some((call) => call.method === "POST")).toBe(true));
    const { body } = all.asked.find((call) => call.method === "POST")!;
    expect(body).toMatchObject({ own: true, acts: [{ type: "note", text: "ok" }, { type: "resolve" }] });
  });
});
