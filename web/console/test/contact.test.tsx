import { act, fireEvent, screen, within, waitFor } from "@testing-library/react";
import type { ConversationDetail, LeftMessage, Me } from "@yingda/api/types";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { faults } from "../../ui/antd/test/axe";
import { details, openDesk, reset, talk } from "./on-desk";
import { open, Refusal, server, signedIn } from "./render";
import { conversation, customer, me, noon, visitor } from "./samples";

const number = "+8613800138000";
const reveal = "POST /conversations/cnv_a/contacts/reveal";
const phone = { kind: "phone", from: "account", masked: "138****8000" } as const;
const without: Me = { ...me, permissions: me.permissions.filter((one) => one !== "contacts.reveal") };

const known = (): ConversationDetail => {
  const detail = details("a");
  const account = { id: "cus_1", verified: "mobile", masked: phone.masked } as const;
  return { ...detail, visitor: { ...detail.visitor, account, contacts: [phone] } };
};

async function pane(answers: Record<string, unknown> = {}, as: Me = me) {
  const desk = await openDesk({
    path: "/inbox/cnv_a",
    mine: [conversation("a")],
    answers: { "GET /conversations/cnv_a": known(), ...answers },
    as,
  });
  act(() => desk.stream.receive(reset("cnv_a", talk(1, 1))));
  await screen.findByText(phone.masked);
  return desk;
}
const shown = (text = number) => ({ [reveal]: { contacts: [{ from: "account", seq: null, text }] } });
const show = () => screen.findByRole("button", { name: /^Show .*138\*{4}8000/ });

beforeEach(() => {
  vi.useFakeTimers({ shouldAdvanceTime: true });
  return () => vi.useRealTimers();
});

describe("a masked contact", () => {
  it("is shown by one press for 30 seconds, and then masked again", async () => {
    const { all } = await pane(shown());
    fireEvent.click(await show());
    const clear = await screen.findByText(number);
    expect(clear.getAttribute("aria-live")).toBe("polite");
    expect(all.asked.filter(({ method }) => method === "POST").map(({ body }) => body)).toContainEqual({
      kind: "phone",
    });
    expect(await faults(document.body)).toEqual([]);
    act(() => void vi.advanceTimersByTime(29_000));
    expect(screen.queryByText(number)).not.toBeNull();
    act(() => void vi.advanceTimersByTime(2000));
    await screen.findByText(phone.masked);
    expect(screen.queryByText(number)).toBeNull();
  });

  it("is masked at a second press, by the same button, and when the page is left", async () => {
    await pane(shown());
    const button = await show();
    fireEvent.click(button);
    await screen.findByText(number);
    expect(button.textContent).toBe("Mask");
    fireEvent.click(button);
    await screen.findByText(phone.masked);
    fireEvent.click(button);
    await screen.findByText(number);
    fireEvent(window, new Event("pagehide"));
    await screen.findByText(phone.masked);
  });

  it("says why it cannot be shown, and stays masked", async () => {
    const { all } = await pane({ [reveal]: new Refusal(403, "not_permitted") });
    fireEvent.click(await show());
    expect(await screen.findByText(/You do not have permission/)).toBeTruthy();
    expect(screen.queryByText(phone.masked)).not.toBeNull();
    all.answers[reveal] = { contacts: [{ from: "site", seq: null, text: "+8613900139000" }] };
    fireEvent.click(await show());
    expect(await screen.findByText("It is no longer there; reload the page")).toBeTruthy();
    Object.assign(all.answers, shown());
    fireEvent.click(await show());
    await screen.findByText(number);
    await waitFor(() => expect(screen.queryByText(/It is no longer there|You do not have permission/)).toBeNull());
  });

  it("has no button for who may not reveal it", async () => {
    await pane({}, without);
    expect(screen.queryByRole("button", { name: /138/ })).toBeNull();
  });

  it("is shown where it was left with a message: in the conversation and in the list", async () => {
    const contacts = [
      { from: "left_message", seq: 2, text: "another@shop.example" },
      { from: "left_message", seq: 1, text: "li@shop.example" },
    ];
    const { stream } = await pane({ [reveal]: { contacts } });
    const said = {
      type: "left_message",
      text: "call me",
      contact: "l***@shop.example",
      contact_masked: "email",
      ord: 1,
    };
    const entry = { seq: 1, kind: "message", v: 1, at: noon, by: customer, body: said } as never;
    act(() => stream.receive(reset("cnv_a", [entry])));
    const words = (await screen.findByText("call me")).closest("li") as HTMLElement;
    fireEvent.click(within(words).getByRole("button", { name: /l\*{3}@shop/ }));
    expect(await within(words).findByText("li@shop.example")).toBeTruthy();
  });
});

describe("the list of left messages", () => {
  const left: LeftMessage = {
    conversation: "cnv_a",
    episode: 1,
    seq: 4,
    customer: visitor("a"),
    lang: "en",
    text: "Call me",
    contact: "138****8000",
    contact_masked: "phone",
    queue: "que_1",
    left_at: noon,
    promised_by: noon,
    owner: null,
    done_at: null,
    done_by: null,
    answered: false,
  };

  it("shows a contact that is not masked as it is, and another at a press", async () => {
    server({
      ...signedIn(me),
      "GET /queues": { items: [] },
      "GET /feedback": {
        items: [left, { ...left, conversation: "cnv_b", contact: "li@shop.example", contact_masked: undefined }].map(
          (of) => ({ kind: "left_message", of }),
        ),
        waiting: 2,
        next: null,
      },
      [reveal]: { contacts: [{ from: "left_message", seq: 4, text: "138 0013 8000" }] },
    });
    open("/queues?tab=left");
    expect(await screen.findByText("li@shop.example")).toBeTruthy();
    expect(screen.getAllByRole("button", { name: /for 30 seconds/ })).toHaveLength(1);
    fireEvent.click(await show());
    expect(await screen.findByText("138 0013 8000")).toBeTruthy();
  });
});
