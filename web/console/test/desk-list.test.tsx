import { act, fireEvent, screen, waitFor, within } from "@testing-library/react";
import type { Conversation } from "@yingda/api/types";
import { describe, expect, it, vi } from "vitest";
import { faults } from "../../ui/antd/test/axe";
import { details, openDesk } from "./on-desk";
import { conversation, me, noon } from "./samples";

const waiting = (id: string, seconds: number, change: Partial<Conversation> = {}) =>
  conversation(id, {
    waiting_since: noon - seconds * 1000,
    unread: 1,
    preview: { by: "customer", text: `words of ${id}` },
    ...change,
  });
const answered = (id: string, seconds: number, change: Partial<Conversation> = {}) =>
  conversation(id, { at: noon - seconds * 1000, preview: { by: "agent", text: "done" }, ...change });
const many = (count: number) => Array.from({ length: count }, (_, n) => waiting((n + 16).toString(16), count - n));
const names = () =>
  within(screen.getByRole("region", { name: "Conversations" }))
    .getAllByRole("listitem")
    .map((row) => /Question (\w+)/.exec(row.textContent ?? "")?.[1]);
const rowOf = (name: string) => screen.getByRole("link", { name: new RegExp(`^${name}`) });
const summary = (stream: Awaited<ReturnType<typeof openDesk>>["stream"], ...rows: Conversation[]) =>
  act(() => {
    for (const one of rows) stream.receive({ t: "summary", conversation: one });
  });

/** The conversations whose rows are drawn from now on: each row reads its draft then, and nothing else reads drafts while no conversation is open. */
function drawnRows(): () => string[] {
  const drafts = `yingda.console.draft.${me.agent}.`;
  const read = vi.spyOn(Storage.prototype, "getItem");
  return () => read.mock.calls.flatMap(([key]) => (key.startsWith(drafts) ? [key.slice(drafts.length)] : []));
}

describe("a row", () => {
  it("keeps the warning of danger beside the name, however many tags there are", async () => {
    await openDesk({ mine: [waiting("a", 9, { danger: true })] });
    const who = document.querySelector(".item-who");
    expect(who?.textContent).toBe("Question 000A Danger");
  });
});

describe("a list that holds sixty", () => {
  it("draws the row that changed, and no other", async () => {
    const { stream } = await openDesk({ mine: many(60) });
    expect(names()).toHaveLength(60);
    const drawn = drawnRows();
    summary(stream, waiting("10", 60, { seq: 6, unread: 2, preview: { by: "customer", text: "one more" } }));
    expect(screen.getByText("one more")).toBeTruthy();
    expect(drawn()).toEqual(["cnv_10"]);
  });

  it("lets the clock go on without drawing rows", async () => {
    await openDesk({ mine: many(60) });
    const text = () => document.querySelector(".item-time")?.textContent;
    const before = text();
    const drawn = drawnRows();
    await waitFor(() => expect(text()).not.toBe(before), { timeout: 10_000 });
    expect(drawn()).toEqual([]);
  });

  it("gives each row one line above twenty", async () => {
    const { stream } = await openDesk({ mine: many(20) });
    expect(document.querySelector(".rows-dense")).toBeNull();
    summary(stream, waiting("ff", 1));
    expect(document.querySelector(".rows-dense")).toBeTruthy();
  });

  it("is one stop for Tab; the arrows, Home and End walk in it", async () => {
    await openDesk({ mine: [...many(3), answered("a", 5)] });
    const stops = () => screen.getAllByRole("link", { name: /^Question/ }).filter((row) => row.tabIndex === 0);
    expect(stops()).toEqual([rowOf("Question 0010")]);
    rowOf("Question 0010").focus();
    fireEvent.keyDown(document.activeElement!, { key: "ArrowDown" });
    expect(document.activeElement).toBe(rowOf("Question 0011"));
    fireEvent.keyDown(document.activeElement!, { key: "End" });
    expect(document.activeElement).toBe(rowOf("Question 000A"));
    expect(stops()).toEqual([rowOf("Question 000A")]);
    fireEvent.keyDown(document.activeElement!, { key: "Home" });
    expect(document.activeElement).toBe(rowOf("Question 0010"));
    expect(await faults(document.body)).toEqual([]);
  });

  it("names a row by who and what; the time describes it", async () => {
    await openDesk({ mine: [waiting("a", 20)] });
    const row = screen.getByRole("link", {
      name: "Question 000A 中文 words of a 1 unread",
      description: /^waited ?[\d:]+$/,
    });
    expect(row.textContent).toMatch(/\d:\d\d/);
  });

  it("says of what was resolved what the numbers in the foot are made of, and each of them leads there", async () => {
    const settled = [
      { first_reply_ms: 14_000, score: 4 },
      { first_reply_ms: null, score: null },
    ];
    const items = settled.map((one, n) => answered(`a${n}`, 5, { state: "resolved", resolved_at: noon, settled: one }));
    await openDesk({ answers: { "GET /conversations": { items, next: null } } });
    for (const number of ["22", "14 sec", "11 / 12"])
      expect((await screen.findByRole("link", { name: number })).getAttribute("href")).toBe(
        "/console/inbox?list=resolved",
      );
    fireEvent.click(screen.getByRole("link", { name: "11 / 12" }));
    expect((await screen.findByText("rated 4 · first reply 14 sec")).closest("a")?.textContent).toContain(
      "first reply 14 sec done",
    );
    expect(document.querySelectorAll(".item-result")).toHaveLength(1);
  });

  it("is chosen from one of the desk's lists, each with its number", async () => {
    const { router } = await openDesk({
      mine: [waiting("a", 20), waiting("b", 10)],
      queue: [conversation("c", { state: "queued", agent: null })],
    });
    const picker = screen.getByRole("button", { name: "Conversation filter Mine 2" });
    fireEvent.click(picker);
    const choices = within(screen.getByRole("radiogroup", { name: "Conversation filter" })).getAllByRole("radio");
    expect(choices.map((one) => [one.textContent, one.getAttribute("aria-checked")])).toEqual([
      ["Mine 2", "true"],
      ["Queue 1", "false"],
      ["Resolved ", "false"],
    ]);
    expect(await faults(document.body)).toEqual([]);
    fireEvent.click(choices[1]!);
    await waitFor(() => expect(names()).toEqual(["000C"]));
    expect(router.state.location.search).toEqual({ list: "queue" });
    expect(document.activeElement?.textContent).toContain("Queue");
  });

  it("has a heading for the page as long as no conversation has given it one", async () => {
    await openDesk({ mine: [waiting("a", 20)] });
    expect(screen.getByRole("heading", { level: 1, name: "Desk" })).toBeTruthy();
  });

  it("counts the unread in a plain number", async () => {
    await openDesk({ mine: [waiting("a", 20)] });
    expect(screen.getByText("1 unread").closest(".badge")).toBeNull();
  });
});

describe("the order of the list", () => {
  it("keeps the open conversation where it is until it is left", async () => {
    const { stream, router } = await openDesk({
      path: "/inbox/cnv_b",
      mine: [waiting("a", 30), waiting("b", 20), waiting("c", 10)],
      answers: { "GET /conversations/cnv_b": details("b"), "GET /conversations/cnv_c": details("c") },
    });
    expect(names()).toEqual(["000A", "000B", "000C"]);
    summary(stream, answered("b", 0, { seq: 6 }));
    expect(names()).toEqual(["000A", "000B", "000C"]);
    expect([...document.querySelectorAll(".item-left")].map((tag) => tag.textContent)).toEqual([
      "Waiting for customer",
    ]);
    await act(async () => {
      await router.navigate({ to: "/inbox/$conversation", params: { conversation: "cnv_c" } });
    });
    expect(names()).toEqual(["000A", "000C", "000B"]);
  });

  it("walks with Alt and the arrows as it stands", async () => {
    const { stream, router } = await openDesk({
      path: "/inbox/cnv_a",
      mine: [waiting("a", 30), waiting("b", 20), answered("c", 5)],
      answers: { "GET /conversations/cnv_a": details("a"), "GET /conversations/cnv_b": details("b") },
    });
    summary(stream, answered("a", 0, { seq: 6 }));
    fireEvent.keyDown(document.body, { altKey: true, code: "ArrowDown", key: "ArrowDown" });
    await waitFor(() => expect(router.state.location.pathname).toBe("/inbox/cnv_b"));
  });

  it("moves nothing under the pointer: what is new is counted, what left stays as a shadow", async () => {
    const { stream } = await openDesk({ mine: [waiting("a", 30), waiting("b", 20), waiting("c", 10)] });
    fireEvent.pointerOver(rowOf("Question 000B"), { pointerType: "mouse" });
    summary(stream, waiting("a", 30, { seq: 6, state: "resolved" }), waiting("d", 60), waiting("e", 50));
    expect(names()).toEqual(["000A", "000B", "000C"]);
    expect(screen.queryByRole("link", { name: /^Question 000A/ })).toBeNull();
    expect(screen.getByText("No longer in this list")).toBeTruthy();
    expect(await faults(document.body)).toEqual([]);
    fireEvent.click(screen.getByRole("button", { name: "2 new" }));
    expect(names()).toEqual(["000D", "000E", "000B", "000C"]);
    expect(screen.queryByRole("button", { name: /new$/ })).toBeNull();
  });

  it("follows at once where the row under the pointer stays, and when the pointer is gone", async () => {
    const { stream } = await openDesk({ mine: [waiting("a", 30), waiting("b", 20)] });
    fireEvent.pointerOver(rowOf("Question 000B"), { pointerType: "mouse" });
    summary(stream, waiting("c", 10));
    expect(names()).toEqual(["000A", "000B", "000C"]);
    summary(stream, waiting("d", 60));
    expect(names()).toEqual(["000A", "000B", "000C"]);
    fireEvent.pointerLeave(document.querySelector(".rows")!);
    expect(names()).toEqual(["000D", "000A", "000B", "000C"]);
  });

  it("shows where a row went, and does not where movement is not wanted", async () => {
    const at = vi.spyOn(HTMLElement.prototype, "offsetTop", "get").mockImplementation(function (this: HTMLElement) {
      return [...document.querySelectorAll("[data-id]")].indexOf(this) * 50;
    });
    const moves: unknown[] = [];
    Element.prototype.animate = vi.fn(function (
      this: HTMLElement,
      frames: Keyframe[],
      options: KeyframeAnimationOptions,
    ) {
      moves.push([this.dataset.id, frames[0]?.transform, options.duration]);
    }) as never;
    const { stream } = await openDesk({ mine: [waiting("a", 30), waiting("b", 20)] });
    expect(moves).toEqual([]);
    summary(stream, waiting("a", 5, { seq: 6 }));
    expect(moves).toEqual([
      ["cnv_b", "translateY(50px)", 160],
      ["cnv_a", "translateY(-50px)", 160],
    ]);
    vi.spyOn(window, "matchMedia").mockImplementation(
      (query) =>
        ({ matches: query.includes("reduced-motion"), addEventListener() {}, removeEventListener() {} }) as never,
    );
    summary(stream, waiting("a", 40, { seq: 7 }));
    expect(names()).toEqual(["000A", "000B"]);
    expect(moves).toHaveLength(2);
    at.mockRestore();
    vi.restoreAllMocks();
  });
});

describe("the state button", () => {
  const button = () => screen.getByRole("button", { name: /My state/ });
  const slots = { mine: [waiting("a", 300), waiting("b", 20), answered("c", 5), answered("d", 5)] };
  const clockAtNoon = () => vi.spyOn(Date, "now").mockReturnValue(noon);

  it("has a glyph a slot while they are few", async () => {
    clockAtNoon();
    await openDesk({ ...slots, as: { ...me, capacity: 8 } });
    expect([...button().querySelectorAll(".slot")].map((one) => one.className)).toEqual([
      "slot slot-late",
      "slot",
      "slot slot-half",
      "slot slot-half",
      ...Array.from({ length: 4 }, () => "slot slot-free"),
    ]);
    vi.restoreAllMocks();
  });

  it("has a meter in three tones where they are many, with the numbers in words", async () => {
    clockAtNoon();
    await openDesk({ ...slots, as: { ...me, capacity: 40 } });
    expect(button().querySelector(".slot")).toBeNull();
    expect(
      [...button().querySelectorAll<HTMLElement>(".slot-meter i")].map((one) => [one.className, one.style.inlineSize]),
    ).toEqual([
      ["slot-late", "2.5%"],
      ["slot-for_me", "2.5%"],
      ["slot-for_customer", "5%"],
    ]);
    expect(button().textContent).toContain("4/40 slots in use 1 late 1 waiting for you 2 waiting for the customer");
    vi.restoreAllMocks();
  });
});
