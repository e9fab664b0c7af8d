import { act, fireEvent, screen, waitFor, within } from "@testing-library/react";
import type { IndicatorKey, Metric, Metrics, Wall } from "@yingda/api/types";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { faults } from "../../ui/antd/test/axe";
import { setServerClock } from "../src/lib/clock";
import {
  addDays,
  chartsOf,
  chosenOf,
  daysBetween,
  apartOf,
  drawnOf,
  named,
  faultOf,
  ofWith,
  piecesOf,
  shapeOf,
  splitChartsOf,
  tonesOf,
  stack,
  tablesOf,
  ticksOf,
} from "../src/panel/history/model";
import { historySearch } from "../src/panel/history/search";
import { picture } from "../src/panel/history/picture";
import { levelOf, linesOf, wait, widthOf } from "../src/panel/wall/model";
import { linesOf as drawnLines, seriesOf, stretchesOf, writtenIn } from "./drawn";
import { open, Refusal, server, signedIn, type Server } from "./render";
import { conversation, counts, derived, extremes, manager, minutesOf, noon, sums, values } from "./samples";

const dayMs = 86_400_000;
/** Midnight in Shanghai on the day of `noon`. */
const midnight = Math.floor((noon + 8 * 3_600_000) / dayMs) * dayMs - 8 * 3_600_000;
const keys: readonly IndicatorKey[] = [...counts, ...sums, ...extremes, ...derived];

function metric(key: IndicatorKey, days: number, value: (index: number) => number | null, today = false): Metric {
  const first = midnight - (today ? days - 1 : days) * dayMs;
  const points = Array.from({ length: days }, (_, index) => ({
    from: first + index * dayMs,
    to: today && index === days - 1 ? noon + 60_000 : first + (index + 1) * dayMs,
    value: value(index),
    final: days - index > 3,
    as_of: noon,
  }));
  const total = points.some((point) => point.value !== null)
    ? points.reduce((sum, point) => sum + (point.value ?? 0), 0)
    : null;
  return {
    key,
    unit: "session",
    definition: 1,
    time_zone: "Asia/Shanghai",
    grain: "day",
    from: first,
    to: points[days - 1]!.to,
    as_of: noon,
    data_from: null,
    split: null,
    series: [{ part: null, name: null, total, points }],
    compare: {
      with: "previous",
      from: first - days * dayMs,
      to: first,
      series: [{ part: null, name: null, total: total === null ? null : total / 2, points }],
    },
  };
}
const week = (today = false): Metrics => ({
  items: keys.map((key, place) =>
    metric(key, today ? 8 : 7, (index) => (key.endsWith("_ratio") ? 0.5 : (index + 1) * (place + 1)), today),
  ),
});
const quiet: Metrics = { items: keys.map((key) => metric(key, 7, () => (key.endsWith("_ratio") ? null : 0))) };
const definition = (key: string) => ({
  key,
  name: { zh: key, en: `The ${key}` },
  rule: { zh: "", en: `Rule of ${key}` },
  unit: "session",
});

let all: Server;
beforeEach(() => {
  setServerClock(noon);
  all = server({
    ...signedIn(manager),
    "GET /metrics": week(),
    "GET /indicators": keys.map(definition),
    "GET /wall-links": { items: [] },
    "GET /metrics/rating_mid/conversations": {
      indicator: "rating_mid",
      count: 63,
      items: [{ conversation: conversation("a"), at: noon, text: null, score: 3 }],
      next: null,
    },
  });
});
afterEach(() => setServerClock(Date.now()));

describe("the offline panel", () => {
  it("shows three charts of seven days with totals and change, and is accessible", async () => {
    open("/reports/history");
    const session = await screen.findByRole("region", { name: "Sessions" });
    expect(within(session).getByRole("link", { name: "The session_created 28" })).toBeTruthy();
    expect(within(session).getAllByText(/100%|\+14/).length).toBe(4);
    expect(within(session).getByText("vs previous period")).toBeTruthy();
    expect(all.asked.find((one) => one.path === "/metrics")?.query.toString()).toBe("days=7&compare=previous");
    expect(screen.getByRole("region", { name: "Bot turns" })).toBeTruthy();
    expect(screen.getByRole("region", { name: "Ratings" })).toBeTruthy();
    expect(await faults(document.body)).toEqual([]);
  });

  it("walks the days and series by keyboard, says the values, and opens the list", async () => {
    const { router } = open("/reports/history");
    const plot = within(await screen.findByRole("region", { name: "Ratings" })).getByRole("application");
    fireEvent.keyDown(plot, { key: "End" });
    expect(plot.querySelector("[aria-live]")?.textContent).toMatch(
      /Provisional, The rating_good 56, The rating_mid 63, The rating_poor 70$/,
    );
    fireEvent.keyDown(plot, { key: "ArrowDown" });
    fireEvent.keyDown(plot, { key: "Enter" });
    const drawer = await screen.findByRole("dialog", { name: "The rating_mid" });
    expect(await within(drawer).findByText("63")).toBeTruthy();
    expect(router.state.location.search).toEqual({ open: "rating_mid", at: midnight - dayMs, until: midnight });
    expect(Object.fromEntries(all.asked.find((one) => one.path.startsWith("/metrics/"))!.query)).toEqual({
      from: String(midnight - dayMs),
      to: String(midnight),
    });
  });

  it("hatches today and calls it unfinished", async () => {
    all.answers["GET /metrics"] = week(true);
    open("/reports/history?from=2026-11-13&to=2026-11-20");
    const session = await screen.findByRole("region", { name: "Sessions" });
    expect(seriesOf(session, "ground")[0]!.data.map((one) => one.value !== null)).toEqual([
      ...Array.from({ length: 7 }, () => false),
      true,
    ]);
    // The points that may still change are hollow.
    expect(drawnLines(session)[0]!.data.map((one) => one.itemStyle?.borderWidth === 2)).toEqual(
      Array.from({ length: 8 }, (_, index) => index > 4),
    );
    fireEvent.keyDown(document.body, { key: "v" });
    await waitFor(() => expect(within(session).getAllByRole("row")).toHaveLength(9));
    expect(within(session).getAllByRole("row")[8]!.textContent).toMatch(/Today so far/);
  });

  it("leaves a series out of the drawing and keeps that in the address", async () => {
    const { router } = open("/reports/history");
    const session = await screen.findByRole("region", { name: "Sessions" });
    expect(drawnLines(session)).toHaveLength(4);
    fireEvent.click(within(session).getByRole("button", { name: "Show The session_used" }));
    await waitFor(() => expect(drawnLines(session)).toHaveLength(3));
    expect(router.state.location.search).toEqual({ hide: "session_used" });
  });

  it("shows zeros and dashes where nothing happened, and says so", async () => {
    all.answers["GET /metrics"] = quiet;
    open("/reports/history");
    expect(await screen.findByText(/No sessions in this period/)).toBeTruthy();
    const rating = screen.getByRole("region", { name: "Ratings" });
    expect(within(rating).getByRole("link", { name: "The rating_good 0" })).toBeTruthy();
    expect(within(rating).getByRole("list", { name: /Ratings/ }).textContent).toMatch(/–/);
  });

  it("draws nothing before the first number, says since when there are any, and compares with nothing then", async () => {
    const begun = midnight - 4 * dayMs + 9 * 3_600_000;
    all.answers["GET /metrics"] = {
      items: week().items.map((one) => ({
        ...one,
        data_from: begun,
        compare: {
          ...one.compare!,
          series: [
            {
              ...one.series[0]!,
              points: one.series[0]!.points.map((point) => ({
                ...point,
                from: point.from - 7 * dayMs,
                to: point.to - 7 * dayMs,
              })),
            },
          ],
        },
      })),
    };
    const { router } = open("/reports/history");
    const session = await screen.findByRole("region", { name: "Sessions" });
    expect(drawnLines(session).map(stretchesOf)).toEqual([[4], [4], [4], [4]]);
    expect(seriesOf(session, "ground")[0]!.data.map((one) => one.value !== null)).toEqual(
      Array.from({ length: 7 }, (_, index) => index < 3),
    );
    expect(writtenIn(session)).toContain("data from 11-16");
    expect(screen.getByText(/data from 2026-11-16/)).toBeTruthy();
    expect(within(session).queryByText("100%")).toBeNull();
    expect(within(session).queryByText("vs previous period")).toBeNull();
    expect(screen.getAllByText(/Some compared days are before 2026-11-16/)).toHaveLength(1);
    const plot = within(session).getByRole("application");
    fireEvent.keyDown(plot, { key: "Home" });
    expect(plot.querySelector("[aria-live]")?.textContent).toMatch(/No data yet$/);
    fireEvent.keyDown(plot, { key: "Enter" });
    expect(router.state.location.search).toEqual({});
    fireEvent.keyDown(document.body, { key: "v" });
    await waitFor(() => expect(within(session).getAllByRole("row")).toHaveLength(8));
    const rows = within(session).getAllByRole("row").slice(1);
    expect(rows.map((row) => within(row).queryAllByRole("link").length)).toEqual([0, 0, 0, 4, 4, 4, 4]);
    expect(rows[0]!.textContent).toMatch(/––––No data yet$/);
    expect(await faults(document.body)).toEqual([]);
  });

  it("stacks only the parts of one whole, and says why", async () => {
    const { router } = open("/reports/history?shape=stacked");
    const session = await screen.findByRole("region", { name: "Sessions" });
    expect(drawnLines(session)).toHaveLength(4);
    expect(seriesOf(session, "stacked")).toHaveLength(0);
    const stacked = screen.getByRole("button", { name: "Stacked" });
    expect([stacked.getAttribute("aria-disabled"), stacked.getAttribute("aria-pressed"), stacked.title]).toEqual([
      "true",
      "false",
      "Split first: these numbers overlap and would be counted twice when stacked",
    ]);
    fireEvent.click(screen.getByRole("button", { name: "Bars" }));
    await waitFor(() => expect(router.state.location.search).toEqual({ shape: "bars" }));
    fireEvent.click(stacked);
    expect(router.state.location.search).toEqual({ shape: "bars" });
    expect([shapeOf({ shape: "stacked" }), shapeOf({ shape: "stacked", split: "queue" }), shapeOf({})]).toEqual([
      "lines",
      "stacked",
      "lines",
    ]);
    all.answers["GET /metrics"] = split;
    fireEvent.change(screen.getByLabelText("Split"), { target: { value: "queue" } });
    await waitFor(() =>
      expect(screen.getByRole("button", { name: "Stacked" }).getAttribute("aria-disabled")).toBeNull(),
    );
    fireEvent.click(screen.getByRole("button", { name: "Stacked" }));
    const parts = await screen.findByRole("region", { name: "Sessions" });
    await waitFor(() =>
      expect(seriesOf(parts, "stacked").map((one) => one.stack)).toEqual(["whole", "whole", "whole"]),
    );
    expect(await faults(document.body)).toEqual([]);
  });

  it("tells a range that ends before it begins without asking", async () => {
    open("/reports/history?from=2026-11-10&to=2026-11-12");
    await screen.findByRole("region", { name: "Sessions" });
    const before = all.asked.length;
    fireEvent.change(screen.getByLabelText("Last day"), { target: { value: "2026-11-01" } });
    expect((await screen.findByRole("alert")).textContent).toBe(
      "The last day is before the first. Change one of them.",
    );
    expect(all.asked.length).toBe(before);
  });

  it("says what the server refused", async () => {
    all.answers["GET /metrics"] = new Refusal(503, "busy");
    open("/reports/history");
    expect(await screen.findByRole("alert")).toBeTruthy();
  });

  it("splits a number into its parts, in the drawing, the table, the list and the file", async () => {
    all.answers["GET /metrics"] = split;
    all.answers["GET /metrics/session_rated/conversations"] = {
      indicator: "session_rated",
      count: 21,
      items: [],
      next: null,
    };
    const { router } = open("/reports/history");
    await screen.findByRole("region", { name: "Sessions" });
    fireEvent.change(screen.getByLabelText("Split"), { target: { value: "queue" } });
    const session = await screen.findByRole("region", { name: "Sessions" });
    expect(await within(session).findByRole("link", { name: "Sales 14" })).toBeTruthy();
    expect(within(session).getByRole("link", { name: "No queue 7" })).toBeTruthy();
    const last = () => Object.fromEntries(all.asked.filter((one) => one.path === "/metrics").at(-1)!.query);
    expect(last()).toEqual({
      days: "7",
      compare: "previous",
      split: "queue",
      keys: "session_created,dialogue,wait_ended,rating_good,first_reply_p50,containment,service_level",
    });
    fireEvent.change(within(session).getByLabelText("Indicator to split"), { target: { value: "session_rated" } });
    await waitFor(() => expect(last().keys).toMatch(/^session_rated,dialogue,wait_ended,rating_good,/));
    fireEvent.keyDown(document.body, { key: "v" });
    await waitFor(() =>
      expect(
        within(session)
          .getAllByRole("columnheader")
          .map((one) => one.textContent),
      ).toEqual(["Day", "Billing", "Sales", "No queue", "State"]),
    );
    expect(await faults(document.body)).toEqual([]);
    fireEvent.click(within(session).getByRole("link", { name: "Sales 14" }));
    expect(router.state.location.search).toEqual({
      split: "queue",
      of: "session_rated",
      table: true,
      open: "session_rated",
      at: midnight - 7 * dayMs,
      until: midnight,
      part: "que_1",
    });
    await screen.findByRole("dialog", { name: "The session_rated" });
    const behind = all.asked.filter((one) => one.path.endsWith("/conversations")).at(-1)!;
    expect([behind.query.get("split"), behind.query.get("part")]).toEqual(["queue", "que_1"]);
  });

  it("shows the days of another clock, and keeps it in the address", async () => {
    const { router } = open("/reports/history");
    await screen.findByRole("region", { name: "Sessions" });
    const zone = screen.getByLabelText<HTMLSelectElement>("Time zone");
    expect(zone.selectedOptions[0]!.textContent).toBe("Company: Asia/Shanghai");
    expect(zone.options.length).toBeLessThan(6);
    fireEvent.change(zone, { target: { value: "*" } });
    fireEvent.change(zone, { target: { value: "America/New_York" } });
    await waitFor(() => expect(router.state.location.search).toEqual({ tz: "America/New_York" }));
    await waitFor(() =>
      expect(
        all.asked
          .filter((one) => one.path === "/metrics")
          .at(-1)!
          .query.get("tz"),
      ).toBe("America/New_York"),
    );
    expect(historySearch({ tz: "Mars/Olympus", split: "mood" })).toEqual({});
  });

  it("moves the range by its length with the brackets", async () => {
    const { router } = open("/reports/history?from=2026-11-10&to=2026-11-12");
    await screen.findByRole("region", { name: "Sessions" });
    fireEvent.keyDown(document.body, { key: "[" });
    await waitFor(() => expect(router.state.location.search).toEqual({ from: "2026-11-07", to: "2026-11-09" }));
  });
});

/** Numbers of the page by queue: 14 in one queue, 7 without a queue. */
const split: Metrics = {
  items: (["session_created", "session_rated", "dialogue", "rating_good"] as const).map((key) => {
    const one = metric(key, 7, () => 1);
    const part = (id: string | null, factor: number, from = one.series[0]!) => ({
      part: id,
      name: id === "que_1" ? { zh: "售前", en: "Sales" } : id ? { zh: "账单", en: "Billing" } : null,
      total: 7 * factor,
      points: from.points.map((point) => ({ ...point, value: factor })),
    });
    return {
      ...one,
      split: "queue" as const,
      series: [part(null, 1), part("que_1", 2)],
      compare: { ...one.compare!, series: [part("que_1", 1), part("que_2", 3)] },
    };
  }),
};

describe("a split number", () => {
  it("has its largest part first, and with zeros what was there only before", () => {
    const [session] = splitChartsOf(split.items, "queue", undefined);
    expect(session!.lines.map((line) => [line.id, line.total, line.totalBefore])).toEqual([
      ["session_created:que_1", 14, 7],
      ["session_created:", 7, 0],
      ["session_created:que_2", 0, 21],
    ]);
    expect(splitChartsOf([], "queue", undefined).map((chart) => chart.lines.length)).toEqual([0, 0, 0, 0, 0, 0, 0]);
    const extra = splitChartsOf([], "agent", undefined).slice(7);
    expect(extra.map(({ table }) => table.name)).toEqual(["occupancy", "concurrency"]);
  });

  it("is drawn together where there are more parts than colours, and nothing is lost", () => {
    const { lines } = splitChartsOf(split.items, "queue", undefined)[0]!;
    const many = Array.from({ length: 9 }, (_, index) => ({
      ...lines[0]!,
      id: String(index),
      part: String(index),
      values: [index, 1],
    }));
    const drawn = drawnOf(many, (line) => line.id, "Others");
    expect(drawn.map((one) => one.name)).toEqual(["0", "1", "2", "3", "4", "Others"]);
    expect(drawn[5]).toMatchObject({ line: null, values: [5 + 6 + 7 + 8, 4] });
    expect(drawnOf(many.slice(0, 6), (line) => line.id, "Others").map((one) => one.name)).toEqual([
      "0",
      "1",
      "2",
      "3",
      "4",
      "5",
    ]);
  });

  it("has the same colour in every chart of the page, by its name and not by its size", () => {
    const lines = splitChartsOf(split.items, "queue", undefined)[0]!.lines;
    const name = (line: (typeof lines)[number]) => line.part ?? "none";
    const chart = (...totals: (readonly [string | null, number])[]) =>
      totals.map(([part, total]) => ({ ...lines[0]!, id: `x:${part}`, part, total, values: [total] }));
    const one = chart(["wang", 9], ["he", 5], [null, 3], ["zhou", 1]);
    const other = chart(["zhou", 90], [null, 4], ["he", 1]);
    const colours = tonesOf([one, other], name);
    expect([...colours]).toEqual([
      ["he", 1],
      ["wang", 2],
      ["zhou", 3],
      [null, 4],
    ]);
    const drawn = (chart: typeof one) =>
      drawnOf(named(chart, name), name, "Others", colours).map((series) => `${series.name}:${series.tone}`);
    expect(drawn(one)).toEqual(["he:1", "wang:2", "zhou:3", "none:4"]);
    expect(drawn(other)).toEqual(["he:1", "zhou:3", "none:4"]);
    expect(apartOf(named(other, name), name, new Set(), colours).map(({ tone }) => tone)).toEqual([1, 3, 4]);
    // Of more parts than colours, those with the largest shares of the page keep theirs.
    const many = chart(...Array.from({ length: 8 }, (_, n): [string, number] => [`a${n}`, n]));
    expect([...tonesOf([many], name)].map(([part]) => part)).toEqual(["a3", "a4", "a5", "a6", "a7"]);
    const combined = drawnOf(named(many, name), name, "Others").at(-1);
    expect([combined?.name, combined?.tone, combined?.values]).toEqual(["Others", 6, [3]]);
  });

  it("is the first of its table unless the address names another", () => {
    const [session, dialogue] = chartsOf(week().items).map((chart) => chart.table);
    expect([chosenOf(session!, undefined).key, chosenOf(session!, "dialogue,session_used").key]).toEqual([
      "session_created",
      "session_used",
    ]);
    expect(ofWith(undefined, dialogue!, "no_answer")).toBe("no_answer");
    expect(ofWith("session_rated,no_answer", dialogue!, "transfer_request")).toBe("session_rated,transfer_request");
    expect(ofWith("no_answer", dialogue!, "dialogue")).toBeUndefined();
  });
});

describe("ranges and shapes", () => {
  it("reads only what has the right form from the address", () => {
    expect(
      historySearch({
        from: "2026-11-01",
        to: "x",
        days: 30,
        compare: "weekday",
        shape: "pie",
        hide: "a,b",
        table: true,
        open: "dialogue",
        at: 1,
      }),
    ).toEqual({ days: 30, compare: "weekday", hide: "a,b", table: true });
    expect(
      historySearch({ from: "2026-11-01", to: "2026-11-02", days: 30, open: "dialogue", at: 1, until: 2 }),
    ).toEqual({ from: "2026-11-01", to: "2026-11-02", open: "dialogue", at: 1, until: 2 });
  });

  it("counts days of the calendar", () => {
    expect([addDays("2026-10-25", 1), addDays("2026-03-01", -1), daysBetween("2026-10-24", "2026-10-26")]).toEqual([
      "2026-10-26",
      "2026-02-28",
      2,
    ]);
    expect([
      faultOf("2026-11-02", "2026-11-01", "2026-11-20"),
      faultOf("2026-11-02", "2026-11-21", "2026-11-20"),
      faultOf("2025-10-01", "2026-11-19", "2026-11-20"),
      faultOf("2026-11-20", "2026-11-20", "2026-11-20"),
    ]).toEqual(["backwards", "future", "long", null]);
  });

  it("stacks, and writes as many days as there is room for, always the last", () => {
    expect(
      stack([
        [1, 2],
        [3, 0],
        [1, 1],
      ]),
    ).toEqual([
      [1, 2],
      [4, 2],
      [5, 3],
    ]);
    expect(ticksOf(7, 20)).toEqual([0, 1, 2, 3, 4, 5, 6]);
    expect(ticksOf(30, 8)).toEqual([1, 5, 9, 13, 17, 21, 25, 29]);
  });

  it("knows today from the days before it", () => {
    const pieces = piecesOf(week(true).items[0]!);
    expect(pieces.map((piece) => piece.today)).toEqual([false, false, false, false, false, false, false, true]);
    expect(chartsOf(week().items).map((chart) => chart.lines.length)).toEqual(
      tablesOf().map((table) => table.measures.length),
    );
  });

  it("draws a picture that needs no style sheet, with title, range and definition in it", () => {
    const drawing = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    Object.defineProperties(drawing, {
      width: { value: { baseVal: { value: 600 } } },
      height: { value: { baseVal: { value: 200 } } },
    });
    drawing.innerHTML = '<g class="plot-series"><polyline points="0,0 1,1" /></g>';
    const { svg, width } = picture(drawing, {
      title: "Offline · Sessions",
      range: "2026-11-13 – 2026-11-19",
      foot: "Definitions v1",
      legend: [{ name: "New", value: "28", tone: 1 }],
    });
    expect(width).toBe(648);
    for (const words of ["Offline · Sessions", "2026-11-13 – 2026-11-19", "Definitions v1", "New 28"])
      expect(svg).toContain(words);
    expect(svg).not.toContain("class=");
  });
});

const wall: Wall = {
  as_of: noon,
  company: { zh: "临空通信", en: "Linkong" },
  time_zone: "Asia/Shanghai",
  target_ms: 20_000,
  waiting: 2,
  longest_wait_since: noon - 107_000,
  active: 4,
  queues: [
    { name: { zh: "售前", en: "Sales" }, since: [] },
    { name: { zh: "账单", en: "Billing" }, since: [noon - 107_000, noon - 4000] },
  ],
  agents: { available: 6, full: 5, busy: 2, on_break: 3, unreachable: 1, offline: 7 },
  today: {
    ...values,
    session_created: 6214,
    service_level: 0.77,
    abandonment: 0.08,
    transfer_ratio: 0.26,
    no_answer_ratio: 0.05,
    good_ratio: 0.86,
    mid_ratio: 0.1,
    poor_ratio: 0.04,
  },
  minutes: minutesOf((index) => index % 4),
};

describe("the wall", () => {
  it("shows the longest wait in the hot tile, the queues and the agents", async () => {
    all.answers["GET /wall"] = wall;
    open("/wall?lang=en");
    expect((await screen.findByText(/^1:4[78]$/, { selector: ".wall-big" })).closest("section")?.className).toContain(
      "wall-hot",
    );
    expect(screen.getByText("86", { selector: ".wall-big" })).toBeTruthy();
    expect(screen.getByRole("img", { name: "Billing: 2 waiting" }).querySelectorAll(".wall-dot-late")).toHaveLength(1);
    expect(screen.getByText(/^1:2[78] over target$/)).toBeTruthy();
    expect(screen.getByText("Unreachable").textContent).toBe("Unreachable 1");
    expect(document.documentElement.dataset.theme).toBe("dark");
    expect(await faults(document.body)).toEqual([]);
  });

  it("burns where nobody is free while somebody waits", async () => {
    all.answers["GET /wall"] = { ...wall, agents: { ...wall.agents, available: 0 } };
    open("/wall?lang=en");
    expect((await screen.findByText("0", { selector: ".wall-big" })).closest("section")?.className).toContain(
      "wall-hot",
    );
    // One tile burns at a time, also where the longest wait is late.
    expect(document.querySelectorAll(".wall-hot")).toHaveLength(1);
    expect(screen.getByText(/^1:4[78]$/, { selector: ".wall-big" }).closest("section")?.className).toContain(
      "wall-soon",
    );
  });

  it("says that its link is no longer valid", async () => {
    all.answers["GET /wall"] = new Refusal(401, "not_signed_in");
    open("/wall");
    expect(await screen.findByRole("heading", { name: "This link is no longer valid" })).toBeTruthy();
  });

  it("turns amber when its numbers are old", async () => {
    vi.useFakeTimers({ shouldAdvanceTime: true });
    try {
      let fail = false;
      all.answers["GET /wall"] = () => (fail ? new Refusal(503, "busy") : wall);
      open("/wall");
      await screen.findByText("86", { selector: ".wall-big" });
      expect(document.querySelector(".wall-old")).toBeNull();
      fail = true;
      await act(async () => {
        await vi.advanceTimersByTimeAsync(12_000);
      });
      expect(document.querySelector(".wall-old")).not.toBeNull();
    } finally {
      vi.useRealTimers();
    }
  });

  it("tells waits as people read them, and the worst queue first", () => {
    expect([wait(107_000), wait(9_000), wait(3_700_000)]).toEqual(["1:47", "0:09", "1:01:40"]);
    expect([levelOf(20_000, 20_000), levelOf(20_001, 20_000), levelOf(60_001, 20_000)]).toEqual([
      "calm",
      "soon",
      "late",
    ]);
    expect(linesOf(wall, noon).map((line) => line.longest)).toEqual([107_000, null]);
    expect(widthOf("1:20:24")).toBeGreaterThan(widthOf("20:24"));
  });

  it("says how many people a mark stands for", () => {
    const name = { zh: "综合", en: "General" };
    const [line] = linesOf(
      {
        ...wall,
        queues: [{ name, since: [noon - 4000, noon - 500_000, noon - 300_000, noon - 60_000, noon - 130_000] }],
      },
      noon,
    );
    expect(line?.heaps).toEqual([
      { share: 1, level: "late", people: 3 },
      { share: 0.5, level: "soon", people: 1 },
      { share: 4 / 120, level: "calm", people: 1 },
    ]);
    expect(line?.waiting).toBe(5);
  });
});

describe("the links of walls", () => {
  it("says which have run out", async () => {
    all.answers["GET /wall-links"] = {
      items: [
        { id: "wal_1", name: "Floor 3", made_by: "江棠", created_at: noon, expires_at: noon, last_seen_at: null },
      ],
    };
    open("/floor/wall");
    expect(within(await screen.findByRole("listitem", { name: "Floor 3" })).getByText("Expired")).toBeTruthy();
  });

  it("makes one, shows it once, and revokes it after asking", async () => {
    const link = {
      id: "wal_1",
      name: "Floor 3",
      made_by: "江棠",
      created_at: Date.now(),
      expires_at: Date.now() + 90 * 86_400_000,
      last_seen_at: null,
    };
    all.answers["POST /wall-links"] = () => {
      all.answers["GET /wall-links"] = { items: [link] };
      return { ...link, token: "f".repeat(64) };
    };
    all.answers["DELETE /wall-links/wal_1"] = () => {
      all.answers["GET /wall-links"] = { items: [] };
      return null;
    };
    open("/floor/wall");
    await screen.findByText("No links yet");
    fireEvent.click(screen.getByRole("button", { name: "New link" }));
    fireEvent.change(await screen.findByLabelText("Screen name"), { target: { value: "Floor 3" } });
    expect((screen.getByLabelText("Valid for") as HTMLSelectElement).value).toBe("90");
    fireEvent.change(screen.getByLabelText("Valid for"), { target: { value: "7" } });
    fireEvent.click(screen.getByRole("button", { name: "Create link" }));
    expect(((await screen.findByLabelText("Link")) as HTMLInputElement).value).toMatch(
      /\/console\/wall\?lang=en#f{64}$/,
    );
    fireEvent.click(screen.getByRole("button", { name: "Done" }));
    const row = await screen.findByRole("listitem", { name: "Floor 3" });
    expect(await faults(document.body)).toEqual([]);
    fireEvent.click(within(row).getByRole("button", { name: "Revoke" }));
    expect(screen.getByText("Revoke the link of “Floor 3”?")).toBeTruthy();
    fireEvent.click(screen.getAllByRole("button", { name: "Revoke" }).at(-1)!);
    await waitFor(() => expect(screen.queryByRole("listitem", { name: "Floor 3" })).toBeNull());
  });
});
