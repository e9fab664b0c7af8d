import { describe, expect, it } from "vitest";
import {
  arcsOf,
  changeOf,
  csv,
  csvCell,
  freshness,
  funnelOf,
  misses,
  radarPoints,
  reachOf,
  scaleOf,
  spread,
} from "../src/panel/model";
import { panel, quietPanel } from "./samples";

describe("changeOf", () => {
  it("judges the direction by what the number means", () => {
    expect(changeOf(53, 50, "good")).toEqual({ direction: "up", as: "share", amount: 0.06, tone: "ok" });
    expect(changeOf(60, 50, "watch")).toMatchObject({ direction: "up", tone: "warn" });
    expect(changeOf(40, 50, "watch")).toMatchObject({ direction: "down", tone: "ok" });
    expect(changeOf(40, 50, "neutral")).toMatchObject({ tone: "plain" });
  });
  it("is grey at nothing and silent without a yesterday", () => {
    expect(changeOf(1000, 1001, "good")).toEqual({ direction: "same", as: "share", amount: 0, tone: "plain" });
    expect([changeOf(null, 5, "good"), changeOf(5, null, "good")]).toEqual([null, null]);
  });
});

describe("a change that no percentage tells", () => {
  it("is a difference where the base is small, also from nothing", () => {
    expect(changeOf(104, 1, "good")).toEqual({ direction: "up", as: "difference", amount: 103, tone: "ok" });
    expect(changeOf(12, 19, "good")).toEqual({ direction: "down", as: "difference", amount: -7, tone: "warn" });
    expect(changeOf(5, 0, "watch")).toEqual({ direction: "up", as: "difference", amount: 5, tone: "warn" });
    expect(changeOf(0, 0, "good")).toMatchObject({ direction: "same", as: "difference" });
    expect(changeOf(40, 20, "good")).toMatchObject({ as: "share", amount: 1 });
  });
  it("is a multiple beyond ten times", () => {
    expect(changeOf(200, 20, "good")).toMatchObject({ as: "share", amount: 9 });
    expect(changeOf(2080, 20, "good")).toEqual({ direction: "up", as: "times", amount: 104, tone: "ok" });
  });
});

it("turns amber beyond five seconds and hot beyond thirty", () => {
  expect([2000, 2001, 5000, 5001, 30_000, 30_001].map(freshness)).toEqual([
    "fresh",
    "aging",
    "aging",
    "stale",
    "stale",
    "stopped",
  ]);
});

describe("scaleOf", () => {
  it("ends at a round number at or above the largest", () => {
    expect(scaleOf([33])).toEqual({ top: 40, steps: [0, 10, 20, 30, 40] });
    expect(scaleOf([15]).top).toBe(15);
    expect(scaleOf([1]).steps).toEqual([0, 1]);
  });
  it("has lines when everything is zero", () => expect(scaleOf([0, 0])).toEqual({ top: 4, steps: [0, 1, 2, 3, 4] }));
  it("never has a step that is not whole", () => {
    for (let largest = 1; largest < 400; largest += 1) {
      const { top, steps } = scaleOf([largest]);
      expect(top).toBeGreaterThanOrEqual(largest);
      expect(steps.every(Number.isInteger)).toBe(true);
      expect(steps.length).toBeLessThanOrEqual(6);
    }
  });
});

describe("radarPoints", () => {
  it("reaches the rim with all of it, and has no corner where there is no value", () => {
    const [top, right, bottom] = radarPoints([1, 0.5, null, 0], { x: 100, y: 100 }, 50);
    expect(top).toEqual({ x: 100, y: 50 });
    expect(right?.x).toBeCloseTo(125);
    expect(bottom).toBeNull();
  });
  it("stands further out where it is better, whichever direction that is", () => {
    const [most, least] = [
      { direction: "at_most", value: 0.05 },
      { direction: "at_least", value: 0.8 },
    ] as const;
    expect([reachOf(0.05, most), reachOf(0.8, least), reachOf(1.4, most), reachOf(0.3, null)]).toEqual([
      0.95, 0.8, 0, 0.3,
    ]);
    expect([
      misses(0.05, most),
      misses(0.06, most),
      misses(0.8, least),
      misses(0.79, least),
      misses(null, least),
      misses(0.1, null),
    ]).toEqual([false, true, false, true, false, false]);
  });
});

describe("funnelOf", () => {
  it("has four steps with the share of the one before, and none where that one is zero", () => {
    expect(funnelOf(panel.today).map(({ key, value, share }) => [key, value, share])).toEqual([
      ["session_created", 62, null],
      ["session_used", 54, 54 / 62],
      ["session_transferred", 14, 14 / 54],
      ["answered", 12, 12 / 14],
    ]);
    expect(funnelOf(panel.today).map((step) => step.length)).toEqual([1, 54 / 62, 14 / 62, 12 / 62]);
    expect(funnelOf(quietPanel.today).map(({ share, length }) => [share, length])).toEqual([
      [null, 0],
      [null, 0],
      [null, 0],
      [null, 0],
    ]);
  });
});

describe("arcsOf", () => {
  it("is an outline when nobody rated", () => expect(arcsOf([0, 0, 0])).toBeNull());
  it("is whole when all rated alike", () => expect(arcsOf([7, 0, 0])?.[0]).toEqual({ from: 0, to: 1 }));
  it("shares the turn in order", () => {
    const arcs = arcsOf([12, 3, 1], 0) ?? [];
    expect(arcs.map(({ from, to }) => [from, to])).toEqual([
      [0, 0.75],
      [0.75, 0.9375],
      [0.9375, 1],
    ]);
  });
});

describe("spread", () => {
  it("moves labels apart and keeps them inside", () => {
    const placed = spread([100, 101, 99, 200], 16, 10, 200);
    const sorted = [...placed].sort((a, b) => a - b);
    sorted.slice(1).forEach((y, index) => expect(y - (sorted[index] ?? 0)).toBeGreaterThanOrEqual(16));
    expect(Math.max(...placed)).toBeLessThanOrEqual(200);
  });
  it("leaves labels that do not meet where they are", () => expect(spread([20, 120], 16, 10, 200)).toEqual([20, 120]));
});

describe("csv", () => {
  it("lets no spreadsheet take words for a formula", () => {
    expect(["=1+1", "+SUM(A1)", "-cmd", "@x", "\ttab"].map(csvCell)).toEqual([
      "'=1+1",
      "'+SUM(A1)",
      "'-cmd",
      "'@x",
      "'\ttab",
    ]);
    expect([csvCell(-5), csvCell("-5.2"), csvCell(null)]).toEqual(["-5", "-5.2", ""]);
  });
  it("quotes what needs quotes", () => expect(csvCell('a,"b"')).toBe('"a,""b"""'));
  it("begins with the mark of UTF-8 and ends each row as spreadsheets want", () =>
    expect(
      csv([
        ["a", 1],
        ["b", null],
      ]),
    ).toBe("\uFEFFa,1\r\nb,\r\n"));
});
