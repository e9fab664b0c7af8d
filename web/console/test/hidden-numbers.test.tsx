import { act, fireEvent, screen, waitFor, within } from "@testing-library/react";
import type { LeftMessage, Me } from "@yingda/api/types";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { faults } from "../../ui/antd/test/axe";
import { details, openDesk, reset } from "./on-desk";
import { open, Refusal, server, signedIn } from "./render";
import { agent, conversation, customer, manager, me, noon, visitor } from "./samples";

const reveal = "POST /conversations/cnv_a/numbers/reveal";
const short = "my card •••• 1111 was charged twice";
const words = "my card 4111 1111 1111 1111 was charged twice";
const said = { type: "text", text: short, ord: 1, hidden_numbers: 1 };
const message = { seq: 1, kind: "message", v: 1, at: noon, by: customer, body: said } as never;
const note = {
  seq: 2,
  kind: "note",
  v: 1,
  at: noon,
  by: agent,
  body: { text: "identity 3••••X", hidden_numbers: 1 },
} as never;

async function desk(answers: Record<string, unknown> = {}, as: Me = manager, entries = [message]) {
  const desk = await openDesk({
    path: "/inbox/cnv_a",
    mine: [conversation("a")],
    answers: { "GET /conversations/cnv_a": details("a"), ...answers },
    as,
  });
  act(() => desk.stream.receive(reset("cnv_a", entries)));
  await findSaid(short);
  return desk;
}
/** The words of the message itself; the lists have them, too. */
const findSaid = (text: string) => screen.findByText(text, { selector: "[aria-live]" });
const show = () => screen.getByRole("button", { name: "Show the hidden numbers for 30 seconds" });

beforeEach(() => {
  vi.useFakeTimers({ shouldAdvanceTime: true });
  return () => vi.useRealTimers();
});

describe("hidden numbers", () => {
  it("are shown in the message for half a minute, and then hidden again", async () => {
    const { all } = await desk({ [reveal]: { text: words } });
    fireEvent.click(show());
    const clear = await screen.findByText(words);
    expect(clear.getAttribute("aria-live")).toBe("polite");
    expect(all.asked.filter(({ method }) => method === "POST").map(({ body }) => body)).toContainEqual({ seq: 1 });
    expect(await faults(document.body)).toEqual([]);
    act(() => void vi.advanceTimersByTime(29_000));
    expect(screen.queryByText(words)).not.toBeNull();
    act(() => void vi.advanceTimersByTime(2000));
    await findSaid(short);
    expect(screen.queryByText(words)).toBeNull();
  });

  it("are hidden at a second press, and when the page is left", async () => {
    await desk({ [reveal]: { text: words } });
    fireEvent.click(show());
    await screen.findByText(words);
    fireEvent.click(screen.getByRole("button", { name: "Hide the numbers again" }));
    await findSaid(short);
    fireEvent.click(show());
    await screen.findByText(words);
    fireEvent(window, new Event("pagehide"));
    await findSaid(short);
  });

  it("stay hidden with the reason if they cannot be shown", async () => {
    await desk({ [reveal]: new Refusal(403, "not_permitted") });
    fireEvent.click(show());
    expect(await screen.findByText(/You do not have permission/)).toBeTruthy();
    await findSaid(short);
  });

  it("are said to be hidden, without a button for who may not reveal them", async () => {
    await desk({}, me);
    expect(screen.getByText("Numbers are hidden")).toBeTruthy();
    expect(screen.queryByRole("button", { name: /hidden numbers/ })).toBeNull();
  });

  it("are shown in a note, too", async () => {
    await desk({ [reveal]: { text: "identity 34012319900101114X" } }, manager, [message, note]);
    const row = (await screen.findByText("identity 3••••X")).closest("li") as HTMLElement;
    fireEvent.click(within(row).getByRole("button", { name: /hidden numbers/ }));
    expect(await within(row).findByText("identity 34012319900101114X")).toBeTruthy();
    await findSaid(short);
  });

  it("change with a correction", async () => {
    const { stream } = await desk();
    const body = { entry: 1, of: 1, text: "never mind", before: short };
    const corrected = { seq: 2, kind: "corrected", v: 1, at: noon, by: customer, body } as never;
    act(() => stream.receive({ t: "entries", stream: "cnv_a", entries: [corrected] }));
    await waitFor(() => expect(screen.queryByText("Numbers are hidden")).toBeNull());
    expect(screen.getAllByText("never mind").length).toBeGreaterThan(0);
  });

  it("are shown in the list of left messages", async () => {
    const left: LeftMessage = {
      conversation: "cnv_a",
      episode: 1,
      seq: 4,
      customer: visitor("a"),
      lang: "en",
      text: short,
      hidden_numbers: 1,
      contact: null,
      queue: "que_1",
      left_at: noon,
      promised_by: noon,
      owner: null,
      done_at: null,
      done_by: null,
      answered: false,
    };
    server({
      ...signedIn(manager),
      "GET /queues": { items: [] },
      "GET /feedback": { items: [{ kind: "left_message", of: left }], waiting: 1, next: null },
      [reveal]: { text: words },
    });
    open("/queues?tab=left");
    await findSaid(short);
    fireEvent.click(show());
    expect(await screen.findByText(words)).toBeTruthy();
  });
});
