import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import type { Board, Metric } from "@yingda/api/types";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { faults } from "../../ui/antd/test/axe";
import { setServerClock } from "../src/lib/clock";
import { measureOf, moved, queryOf, starters, type Tile } from "../src/panel/boards/model";
import { boardSearch } from "../src/panel/boards/search";
import definitions from "../../../crates/warehouse/indicators.json";
import { linesOf, stretchesOf } from "./drawn";
import { open, Refusal, server, signedIn, type Asked, type Server } from "./render";
import { manager, noon } from "./samples";

const dayMs = 86_400_000;
const midnight = Math.floor((noon + 8 * 3_600_000) / dayMs) * dayMs - 8 * 3_600_000;
const all = [...definitions.measures.filter(({ kind }) => kind !== "histogram"), ...definitions.derived].map((one) => ({
  key: one.key,
  name: { zh: one.key, en: `The ${one.key}` },
  rule: { zh: "", en: `Rule of ${one.key}` },
  unit: one.unit,
  owner: one.owner,
  target: "target" in one ? one.target : null,
}));

const tile = (indicator: string, change: Partial<Tile> = {}): Tile => ({
  indicator,
  form: "number",
  range: "days_7",
  split: null,
  part: null,
  wide: false,
  ...change,
});
const board = (tiles: Tile[], change: Partial<Board> = {}): Board => ({
  id: "brd_1",
  name: "Night shift",
  shared: false,
  own: true,
  tiles,
  updated_at: 5,
  ...change,
});

/** The parts of numbers that have others than the rest. */
let split: Record<string, Record<string, number>> = {};

/** A number over the last days, or by queue: 14 in Sales, 7 without a queue. */
function metric(query: URLSearchParams): Metric {
  const key = query.get("keys")!;
  const days = 7;
  const first = midnight - days * dayMs;
  const points = Array.from({ length: days }, (_, index) => ({
    from: first + index * dayMs,
    to: first + (index + 1) * dayMs,
    value: index === 2 && key === "first_reply_p90" ? null : 4000 + index,
    final: true,
    as_of: noon,
  }));
  const series = (part: string | null, name: string | null, total: number) => ({
    part,
    name: name === null ? null : { zh: name, en: name },
    total,
    points,
  });
  const parts = query.get("split") ? (split[key] ?? { "": 7, Sales: 14 }) : { "": 21 };
  const lines = Object.entries(parts).map(([name, total]) =>
    name === "" ? series(null, null, total) : series(name === "Sales" ? "que_1" : name, name, total),
  );
  return {
    key,
    unit: "session",
    definition: 1,
    time_zone: "Asia/Shanghai",
    grain: "day",
    from: first,
    to: midnight,
    as_of: noon,
    data_from: null,
    split: query.get("split") as Metric["split"],
    series: lines,
    compare: {
      with: "previous",
      from: first - days * dayMs,
      to: first,
      series: lines.map((one) => ({ ...one, total: one.total * 2 })),
    },
  };
}

let asked: Server;
let kept: Board;
beforeEach(() => {
  setServerClock(noon);
  split = {};
  kept = board([
    tile("session_created"),
    tile("first_reply_p90", { form: "line", wide: true }),
    tile("answered", { form: "bars", split: "queue" }),
    tile("dialogue", { form: "table", split: "queue" }),
  ]);
  asked = server({
    ...signedIn(manager),
    "GET /boards": () => ({ items: [kept] }),
    "GET /boards/brd_1": () => kept,
    "PATCH /boards/brd_1": ({ body }: Asked) => {
      const change = body as Partial<Board> & { seen: number };
      const tiles = change.tiles?.map((one) => ({ ...tile(one.indicator), ...one })) ?? kept.tiles;
      kept = { ...kept, ...change, tiles, updated_at: kept.updated_at + 1 };
      return kept;
    },
    "DELETE /boards/brd_1": null,
    "POST /boards": ({ body }: Asked) => ({ ...kept, ...(body as object), id: "brd_2" }),
    "GET /boards/brd_2": () => ({ ...kept, id: "brd_2" }),
    "GET /indicators": all,
    "GET /metrics": ({ query }: Asked) => ({ items: [metric(query)] }),
    ...Object.fromEntries(
      ["session_created", "first_reply", "answered"].map((indicator) => [
        `GET /metrics/${indicator}/conversations`,
        { indicator, count: 14, items: [], next: null },
      ]),
    ),
  });
});
afterEach(() => setServerClock(Date.now()));

const sent = (method: string) => asked.asked.filter((one) => one.method === method && one.path.startsWith("/boards"));
const lastTiles = () => (sent("PATCH").at(-1)!.body as { tiles: Tile[] }).tiles.map((one) => one.indicator);
const card = (name: string) => screen.findByRole("region", { name });

describe("the boards", () => {
  it("begin with one of two starters while there is none", async () => {
    asked.answers["GET /boards"] = { items: [] };
    const { router } = open("/reports/boards");
    expect(await screen.findByText("No boards yet")).toBeTruthy();
    expect(screen.getByRole("button", { name: "Begin with “Bot”" })).toBeTruthy();
    expect(await faults(document.body)).toEqual([]);
    fireEvent.click(screen.getByRole("button", { name: "Begin with “Service quality”" }));
    await waitFor(() => expect(router.state.location.pathname).toBe("/reports/boards/brd_2"));
    const made = sent("POST")[0]!.body as Board;
    expect([made.name, made.shared, made.tiles.length]).toEqual(["Service quality", false, starters.service.length]);
  });

  it("are added with a name, and say what is missing", async () => {
    const { router } = open("/reports/boards");
    fireEvent.click(await screen.findByRole("button", { name: "New board" }));
    const dialog = within(await screen.findByRole("dialog", { name: "New board" }));
    fireEvent.click(dialog.getByRole("button", { name: "Save" }));
    expect(await dialog.findByText("Give the board a name.")).toBeTruthy();
    expect(await faults(document.body)).toEqual([]);
    fireEvent.change(dialog.getByLabelText("Name"), { target: { value: " Ours " } });
    fireEvent.click(dialog.getByRole("switch", { name: "Share with the company" }));
    fireEvent.click(dialog.getByRole("button", { name: "Save" }));
    await waitFor(() => expect(router.state.location.pathname).toBe("/reports/boards/brd_2"));
    expect(sent("POST")[0]!.body).toEqual({ name: "Ours", shared: true, tiles: [] });
  });

  it("are duplicated, and deleted at once with an undo that brings all of it back", async () => {
    const { router } = open("/reports/boards");
    const row = await screen.findByRole("listitem", { name: "Night shift" });
    expect(row.textContent).toContain("4 tiles");
    fireEvent.click(within(row).getByRole("button", { name: "Duplicate “Night shift”" }));
    await waitFor(() => expect(router.state.location.pathname).toBe("/reports/boards/brd_2"));
    expect(sent("POST")[0]!.body).toMatchObject({ name: "Copy of Night shift", shared: false });
    await router.navigate({ to: "/reports/boards" });
    fireEvent.click(
      within(await screen.findByRole("listitem", { name: "Night shift" })).getByRole("button", {
        name: "Delete “Night shift”",
      }),
    );
    fireEvent.click(await screen.findByRole("button", { name: "Undo" }));
    await waitFor(() => expect(sent("POST")).toHaveLength(2));
    expect(sent("POST")[1]!.body).toMatchObject({ name: "Night shift", shared: false });
    expect((sent("POST")[1]!.body as Board).tiles).toHaveLength(4);
  });

  it("say why one could not be added", async () => {
    asked.answers["POST /boards"] = new Refusal(409, "too_many_boards");
    open("/reports/boards");
    fireEvent.click(await screen.findByRole("button", { name: "Duplicate “Night shift”" }));
    expect(await screen.findByText(/at most 200 boards/)).toBeTruthy();
  });
});

describe("a board", () => {
  it("shows each tile in its form, and is accessible", async () => {
    open("/reports/boards/brd_1");
    const number = await card("The session_created");
    expect((await within(number).findByRole("link")).textContent).toBe("21");
    expect(number.textContent).toMatch(/down 50%.*vs the 7 days before/);
    const line = await card("The first_reply_p90");
    await waitFor(() => expect(linesOf(line).map(stretchesOf)).toEqual([[2, 4]]));
    const bars = within(await card("The answered"));
    expect((await bars.findAllByRole("listitem")).map((one) => one.textContent)).toEqual(["Sales14", "No queue7"]);
    const table = within(await card("The dialogue"));
    expect((await table.findAllByRole("row")).map((one) => one.textContent)).toEqual([
      "PartValueChange",
      "Sales14↓ down 50%",
      "No queue7down −7",
    ]);
    const queries = asked.asked.filter((one) => one.path === "/metrics").map((one) => one.query.toString());
    expect(queries).toContain("keys=answered&days=7&compare=previous&split=queue");
    expect(await faults(document.body)).toEqual([]);
  });

  it("has the same colour for the same agent on every tile, whoever is the largest on it", async () => {
    split = {
      answered: { Wang: 9, He: 5, "": 3, Zhou: 1 },
      handled: { Zhou: 90, "": 4, He: 1 },
      wait_p90: { Zhou: 1, Wang: 2 },
    };
    const byAgent = (indicator: string, change: Partial<Tile> = {}) =>
      tile(indicator, { form: "line", split: "agent", ...change });
    kept = board([
      byAgent("answered"),
      byAgent("handled"),
      byAgent("wait_p90", { range: "days_30" }),
      byAgent("handled", { part: "Zhou" }),
      tile("answered", { form: "line", split: "queue", range: "days_30" }),
    ]);
    open("/reports/boards/brd_1");
    const tones = async (name: string, at = 0) => {
      await waitFor(() => expect(screen.getAllByRole("region", { name }).length).toBeGreaterThan(at));
      const card = screen.getAllByRole("region", { name })[at]!;
      await waitFor(() => expect(card.querySelector(".tile-legend li")).toBeTruthy());
      return () =>
        [...card.querySelectorAll(".tile-legend li")].map(
          (one) => `${one.textContent?.trim()}:${one.querySelector("i")!.className.split("-").at(-1)}`,
        );
    };
    const cards = [
      await tones("The answered"),
      await tones("The handled"),
      await tones("The wait_p90"),
      await tones("The handled · Zhou"),
    ];
    await waitFor(() =>
      expect(cards.map((card) => card())).toEqual([
        ["He:1", "Wang:2", "Zhou:3", "Bot only:4"],
        ["He:1", "Zhou:3", "Bot only:4"],
        ["Wang:2", "Zhou:3"],
        ["Zhou:3"],
      ]),
    );
    // Queues are no agents: their colours begin anew.
    const queues = await tones("The answered", 1);
    await waitFor(() => expect(queues()).toEqual(["He:1", "Wang:2", "Zhou:3", "No queue:4"]));
  });

  it("opens the list behind a number, a bar and a point, and keeps it in the address", async () => {
    const { router } = open("/reports/boards/brd_1");
    fireEvent.click(await within(await card("The session_created")).findByRole("link"));
    const drawer = await screen.findByRole("dialog", { name: "The session_created" });
    expect(await within(drawer).findByText("14")).toBeTruthy();
    expect(router.state.location.search).toEqual({
      open: "session_created",
      at: midnight - 7 * dayMs,
      until: midnight,
    });
    fireEvent.click(within(drawer).getByRole("button", { name: "Close" }));
    await waitFor(() => expect(router.state.location.search).toEqual({}));
    fireEvent.click(within(await card("The answered")).getByRole("link", { name: "14" }));
    await waitFor(() => expect(router.state.location.search).toMatchObject({ split: "queue", part: "que_1" }));
    const behind = () => asked.asked.filter((one) => one.path.endsWith("/conversations")).at(-1)!;
    await waitFor(() => expect(behind().query.get("part")).toBe("que_1"));
    await router.navigate({ to: "/reports/boards/$board", params: { board: "brd_1" }, search: {} });
    const plot = within(await card("The first_reply_p90")).getByRole("application");
    fireEvent.keyDown(plot, { key: "End" });
    fireEvent.keyDown(plot, { key: "Enter" });
    // A percentile has no list of its own: what it measured is counted.
    await waitFor(() => expect(behind().path).toBe("/metrics/first_reply/conversations"));
  });

  it("moves a tile by the arrow keys, keeps the focus on it, and says where it is", async () => {
    open("/reports/boards/brd_1");
    const handle = await screen.findByRole("button", { name: /^Move The session_created, place 1 of 4/ });
    handle.focus();
    fireEvent.keyDown(handle, { key: "ArrowRight" });
    await waitFor(() =>
      expect(document.activeElement?.getAttribute("aria-label")).toMatch(/^Move The session_created, place 2 of 4/),
    );
    expect(screen.getByText("The session_created: place 2 of 4")).toBeTruthy();
    await waitFor(() => expect(lastTiles()).toEqual(["first_reply_p90", "session_created", "answered", "dialogue"]));
    expect((sent("PATCH")[0]!.body as { seen: number }).seen).toBe(5);
    // The next change is based on the version that came back.
    await waitFor(() => {
      fireEvent.keyDown(document.activeElement!, { key: "ArrowLeft" });
      expect(sent("PATCH")).toHaveLength(2);
    });
    expect((sent("PATCH")[1]!.body as { seen: number }).seen).toBe(6);
  });

  it("moves a tile that is dragged onto another", async () => {
    open("/reports/boards/brd_1");
    const handle = await screen.findByRole("button", { name: /^Move The dialogue/ });
    const data = { effectAllowed: "", setData: () => undefined };
    fireEvent.dragStart(handle, { dataTransfer: data });
    fireEvent.drop((await card("The session_created")).closest("li")!, { dataTransfer: data });
    await waitFor(() => expect(lastTiles()).toEqual(["dialogue", "session_created", "first_reply_p90", "answered"]));
  });

  it("moves a tile that a finger drags onto another, and leaves it where it was if the drag is broken off", async () => {
    open("/reports/boards/brd_1");
    const handle = await screen.findByRole("button", { name: /^Move The dialogue/ });
    const target = (await card("The session_created")).closest("li")!;
    handle.setPointerCapture = () => undefined;
    document.elementFromPoint = () => target;
    const finger = { pointerType: "touch", pointerId: 1 };
    fireEvent.pointerDown(handle, finger);
    fireEvent.pointerMove(handle, { ...finger, clientX: 5, clientY: 5 });
    expect(target.className).toContain("board-over");
    fireEvent.pointerCancel(handle, finger);
    expect(target.className).not.toContain("board-over");
    expect(sent("PATCH")).toHaveLength(0);
    fireEvent.pointerDown(handle, finger);
    fireEvent.pointerMove(handle, { ...finger, clientX: 5, clientY: 5 });
    fireEvent.pointerUp(handle, finger);
    await waitFor(() => expect(lastTiles()).toEqual(["dialogue", "session_created", "first_reply_p90", "answered"]));
  });

  it("widens a tile, and removes one with an undo that puts it back in its place", async () => {
    open("/reports/boards/brd_1");
    fireEvent.click(await screen.findByRole("button", { name: "Make “The session_created” wide" }));
    await waitFor(() => expect((sent("PATCH")[0]!.body as { tiles: Tile[] }).tiles[0]!.wide).toBe(true));
    const remove = await screen.findByRole("button", { name: "Remove “The first_reply_p90”" });
    await waitFor(() => {
      fireEvent.click(remove);
      expect(sent("PATCH")).toHaveLength(2);
    });
    expect(lastTiles()).toEqual(["session_created", "answered", "dialogue"]);
    fireEvent.click(await screen.findByRole("button", { name: "Undo" }));
    await waitFor(() => expect(lastTiles()).toEqual(["session_created", "first_reply_p90", "answered", "dialogue"]));
  });

  it("adds a tile, says what it needs, and offers the parts of the split", async () => {
    open("/reports/boards/brd_1");
    fireEvent.click(await screen.findByRole("button", { name: "Add tile" }));
    const dialog = within(await screen.findByRole("dialog", { name: "Add tile" }));
    const choose = (label: string, value: string) =>
      fireEvent.change(dialog.getByLabelText(label), { target: { value } });
    choose("Show as", "bars");
    fireEvent.click(dialog.getByRole("button", { name: "Save" }));
    expect(await dialog.findByText("Choose an indicator.")).toBeTruthy();
    expect(dialog.getByText("Bars need a split: choose one.")).toBeTruthy();
    expect(await faults(document.body)).toEqual([]);
    choose("Indicator", "reply_mean");
    choose("Show as", "number");
    choose("Split", "queue");
    fireEvent.click(dialog.getByRole("button", { name: "Save" }));
    expect(await dialog.findByText(/Choose one part/)).toBeTruthy();
    await dialog.findByRole("option", { name: "Sales" });
    choose("Only", "=que_1");
    fireEvent.click(dialog.getByRole("button", { name: "Save" }));
    await waitFor(() => expect(lastTiles()).toHaveLength(5));
    expect((sent("PATCH").at(-1)!.body as { tiles: Tile[] }).tiles[4]).toEqual({
      indicator: "reply_mean",
      form: "number",
      range: "today",
      split: "queue",
      part: "que_1",
      wide: false,
    });
    expect(await card("The reply_mean · Sales")).toBeTruthy();
  });

  it("lets the editor choose if somebody else was faster", async () => {
    open("/reports/boards/brd_1");
    fireEvent.click(await screen.findByRole("button", { name: "Change “The session_created”" }));
    const dialog = within(await screen.findByRole("dialog", { name: "Change tile" }));
    fireEvent.change(dialog.getByLabelText("Days"), { target: { value: "days_30" } });
    asked.answers["PATCH /boards/brd_1"] = new Refusal(409, "conflict");
    fireEvent.click(dialog.getByRole("button", { name: "Save" }));
    expect(await dialog.findByText("Last 30 days")).toBeTruthy();
    expect(dialog.getByText("Last 7 days")).toBeTruthy();
  });

  it("offers no tile beyond twelve, and no privacy to who did not create it", async () => {
    kept = board(
      Array.from({ length: 12 }, () => tile("dialogue")),
      { shared: true, own: false },
    );
    open("/reports/boards/brd_1");
    const add = await screen.findByRole("button", { name: "Add tile" });
    expect((add as HTMLButtonElement).disabled || add.getAttribute("aria-disabled") === "true").toBe(true);
    fireEvent.click(screen.getByRole("button", { name: "Rename or share “Night shift”" }));
    const dialog = within(await screen.findByRole("dialog", { name: "Rename or share" }));
    expect(dialog.queryByRole("switch")).toBeNull();
  });

  it("says that a board is gone", async () => {
    asked.answers["GET /boards/brd_1"] = new Refusal(404, "not_found");
    open("/reports/boards/brd_1");
    expect(await screen.findByRole("alert")).toBeTruthy();
  });
});

describe("tiles", () => {
  it("are of indicators that exist, and follow the rules of the server", () => {
    const keys = all.map((one) => one.key);
    for (const one of [...starters.service, ...starters.bot]) {
      expect(keys).toContain(one.indicator);
      expect(one.form === "bars" ? one.split !== null : one.form !== "number" || one.split === null).toBe(true);
    }
  });

  it("have a list behind each number", () => {
    const counts = definitions.measures
      .filter(({ kind }) => kind === "count" || kind === "distinct")
      .map(({ key }) => key);
    for (const one of all) {
      const { key, behind } = measureOf(one as Parameters<typeof measureOf>[0]);
      expect(counts, one.key).toContain(behind ?? key);
    }
  });

  it("are asked for by the hour today, by the day otherwise", () => {
    const today = "2026-11-20";
    expect(queryOf(tile("dialogue", { range: "today", form: "line" }), today)).toEqual({
      keys: "dialogue",
      from: today,
      to: today,
      grain: "hour",
      compare: "previous",
    });
    expect(queryOf(tile("dialogue", { range: "days_30", split: "topic" }), today)).toEqual({
      keys: "dialogue",
      days: 30,
      compare: "previous",
      split: "topic",
    });
  });

  it("are moved within the board", () => {
    expect([moved([1, 2, 3], 0, 2), moved([1, 2, 3], 2, 0), moved([1, 2, 3], 1, 9)]).toEqual([
      [2, 3, 1],
      [3, 1, 2],
      [1, 3, 2],
    ]);
  });

  it("read only what has the right form from the address", () => {
    expect(boardSearch({ open: "dialogue", at: 1, until: 2, split: "mood", part: "x" })).toEqual({
      open: "dialogue",
      at: 1,
      until: 2,
    });
    expect(boardSearch({ open: "dialogue", at: "1", until: 2 })).toEqual({});
  });
});
