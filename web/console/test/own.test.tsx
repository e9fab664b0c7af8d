import { act, fireEvent, screen, within } from "@testing-library/react";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { faults } from "../../ui/antd/test/axe";
import { bounded, widthAfter } from "../src/desk/panes";
import { isDue, readStretch, stretchAt } from "../src/live/break";
import { isStill } from "../src/lib/still";
import { own, readOwn } from "../src/live/own";
import { details, openDesk } from "./on-desk";
import { conversation, me, noon } from "./samples";

const minute = 60_000;
const kept = () => readOwn(localStorage.getItem(`yingda.console.own.${me.agent}`));

describe("what is kept of how somebody works", () => {
  it("takes only what has the right form", () => {
    const usual = { list: null, customer: null, breakAfter: null, calm: false };
    expect(readOwn("{")).toEqual(usual);
    expect(readOwn('{"list":-3,"customer":"wide","breakAfter":7,"calm":"yes"}')).toEqual(usual);
    expect(readOwn('{"list":22,"customer":18.5,"breakAfter":90,"calm":true}')).toEqual({
      list: 22,
      customer: 18.5,
      breakAfter: 90,
      calm: true,
    });
  });
});

describe("the width of a pane", () => {
  it("stays within bounds, to a quarter of a rem", () => {
    expect([bounded("list", 3), bounded("list", 20.1), bounded("customer", 99)]).toEqual([14, 20, 32]);
  });

  it("follows the arrows where its edge goes, in either direction of writing", () => {
    expect(widthAfter("list", 20, "ArrowRight", false)).toBe(21);
    expect(widthAfter("list", 20, "ArrowRight", true)).toBe(19);
    expect(widthAfter("customer", 20, "ArrowRight", false)).toBe(19);
    expect(widthAfter("customer", 20, "ArrowLeft", true)).toBe(19);
    expect(["Home", "End", "Enter", "j"].map((key) => widthAfter("list", 20, key, false))).toEqual([
      14,
      32,
      null,
      undefined,
    ]);
  });

  it("is changed at the edge by keyboard and pointer, reset by a double click, and kept", async () => {
    await openDesk({
      path: "/inbox/cnv_a",
      mine: [conversation("a")],
      answers: { "GET /conversations/cnv_a": details("a") },
    });
    const edge = () => screen.getByRole("separator", { name: "Width of the conversations" });
    await screen.findByRole("separator", { name: "Width of the conversations" });
    const width = () => document.querySelector<HTMLElement>(".desk")?.style.getPropertyValue("--list-width");
    expect(edge().getAttribute("aria-valuenow")).toBe("19.25");
    expect(width()).toBe("");
    fireEvent.keyDown(edge(), { key: "ArrowRight" });
    expect([edge().getAttribute("aria-valuenow"), width(), kept().list]).toEqual(["20.25", "20.25rem", 20.25]);
    fireEvent.pointerDown(edge(), { button: 0, clientX: 324 });
    fireEvent.pointerMove(edge(), { clientX: 356 });
    expect([width(), kept().list]).toEqual(["22.25rem", 20.25]);
    fireEvent.pointerUp(edge(), { clientX: 356 });
    expect(kept().list).toBe(22.25);
    expect(await faults(document.body)).toEqual([]);
    fireEvent.doubleClick(edge());
    expect([edge().getAttribute("aria-valuenow"), kept().list]).toEqual(["19.25", null]);
  });
});

describe("a stretch of work", () => {
  const works = { state: "available", state_since: noon } as const;

  it("goes on from available to busy, and ends with a break, offline, or a console that was closed", () => {
    const first = stretchAt(null, works, noon + 5 * minute);
    expect(first).toEqual({ since: noon, seen: noon + 5 * minute, told: false });
    const busy = stretchAt(first, { state: "busy", state_since: noon + 6 * minute }, noon + 7 * minute);
    expect(busy?.since).toBe(noon);
    for (const state of ["break", "offline"] as const) expect(stretchAt(busy, { ...works, state }, noon)).toBeNull();
    expect(stretchAt(busy, works, noon + 30 * minute)?.since).toBe(noon + 30 * minute);
    expect(stretchAt(null, { ...works, state_since: 0 }, noon)?.since).toBe(noon);
  });

  it("is long enough once, and not while a customer has just written", () => {
    const stretch = { since: noon, seen: noon, told: false };
    const at = noon + 45 * minute;
    const wrote = (ago: number, unread = 1) => [conversation("a", { unread, waiting_since: at - ago })];
    expect(isDue(stretch, 45, [], at - 1)).toBe(false);
    expect(isDue(stretch, 45, [], at)).toBe(true);
    expect(isDue({ ...stretch, told: true }, 45, [], at)).toBe(false);
    expect(isDue(stretch, 45, wrote(59_000), at)).toBe(false);
    expect(isDue(stretch, 45, wrote(60_000), at)).toBe(true);
    expect(isDue(stretch, 45, wrote(1000, 0), at)).toBe(true);
  });
});

describe("the state's sheet", () => {
  beforeEach(() => {
    vi.useFakeTimers({ now: noon, toFake: ["Date"] });
  });
  const sheet = async () => {
    fireEvent.click(screen.getByRole("button", { name: /^My state:/ }));
    return within(screen.getByRole("dialog", { name: "My state" }));
  };

  it("offers a reminder of a break, which comes once and leads to it", async () => {
    const since = noon - 50 * minute;
    const { all } = await openDesk({
      as: { ...me, state_since: since },
      answers: { "PUT /me/state": { ...me, state: "break", state_since: noon } },
    });
    const after = await (await sheet()).findByRole("combobox", { name: "Suggest a break" });
    fireEvent.change(after, { target: { value: "60" } });
    expect(kept().breakAfter).toBe(60);
    expect(await faults(document.body)).toEqual([]);
    fireEvent.change(after, { target: { value: "45" } });
    expect(await screen.findByText("You have worked for 50 minutes without a break")).toBeTruthy();
    expect(readStretch(me.agent)?.told).toBe(true);
    fireEvent.click(screen.getByRole("button", { name: "Take a break" }));
    await vi.waitFor(() =>
      expect(all.asked.find((one) => one.method === "PUT" && one.path === "/me/state")?.body).toEqual({
        state: "break",
      }),
    );
  });

  it("has a calm mode, which the whole page follows for as long as the person is signed in", async () => {
    const { unmount } = await openDesk({});
    const calm = await (await sheet()).findByRole("switch", { name: "Calm mode" });
    expect([document.documentElement.hasAttribute("data-calm"), isStill()]).toEqual([false, false]);
    act(() => fireEvent.click(calm));
    expect([document.documentElement.hasAttribute("data-calm"), isStill(), kept().calm]).toEqual([true, true, true]);
    unmount();
    expect([document.documentElement.hasAttribute("data-calm"), own.get().calm, kept().calm]).toEqual([
      false,
      false,
      true,
    ]);
  });
});
