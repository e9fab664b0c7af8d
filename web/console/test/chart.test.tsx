import { act, render } from "@testing-library/react";
import { afterEach, describe, expect, it, vi } from "vitest";
import { getInstanceByDom } from "echarts/core";
import "@yingda/tokens/tokens.css";
import { Drawing } from "../src/panel/chart/drawing";
import { dashOf, faint, useInks, useStillness, type Inks } from "../src/panel/chart/inks";
import { optionOf, type Drawn, type Figure } from "../src/panel/chart/option";

const inks: Inks = {
  series: ["#111111", "#222222", "#333333", "#444444", "#555555", "#666666"],
  surface: "#ffffff",
  text: "#000000",
  text3: "#999999",
  grid: "#eeeeee",
  strong: "#888888",
  font: "sans-serif",
  small: 12,
  rem: 16,
};
const line = (tone: number, values: Drawn["values"], before: Drawn["before"] = null): Drawn => ({
  key: `k${tone}`,
  name: `n${tone}`,
  tone,
  values,
  before,
});
const figure = (change: Partial<Figure>): Figure => ({
  series: [line(1, [1, null, 3])],
  places: ["a", "b", "c"].map((label) => ({ label, final: label !== "c", hatched: label === "c" })),
  shape: "lines",
  frame: { left: 40, right: 390, top: 10, bottom: 170, width: 400, height: 200 },
  steps: [0, 2, 4].map((value) => ({ value, words: `${value} of 4` })),
  share: (value) => value / 4,
  ticks: [0, 2],
  dotted: false,
  inks,
  still: false,
  ...change,
});
type Series = { id: string; data: { value: number | null; symbolSize?: number }[]; stack?: string }[];
const seriesOf = (of: Figure) => optionOf(of).series as Series;
const ids = (of: Figure) => seriesOf(of).map((one) => one.id);
const limitOf = (of: Figure, id: string) => seriesOf(of).find((one) => one.id === id)!.data as unknown[];

describe("what is drawn", () => {
  it("breaks a line where there is no value, and draws a point that no line touches", () => {
    const one = seriesOf(figure({})).find(({ id }) => id === "lines:1:k1")!;
    expect(one.data.map(({ value, symbolSize }) => [value, symbolSize])).toEqual([
      [0.25, 6.4],
      [null, 0],
      [0.75, 6.4],
    ]);
  });

  it("stacks only what is asked to be stacked, and compares only lines", () => {
    const two = [line(1, [1, 1, 1], [2, 2, 2]), line(2, [1, 1, 1])];
    expect(ids(figure({ series: two }))).toEqual(["ground", "before:1:k1", "lines:1:k1", "lines:2:k2"]);
    expect(seriesOf(figure({ series: two })).filter((one) => one.stack)).toEqual([]);
    expect(ids(figure({ series: two, shape: "bars" }))).toEqual(["ground", "bars:1:k1", "bars:2:k2"]);
    const stacked = seriesOf(figure({ series: two, shape: "stacked" }));
    expect(stacked.map((one) => one.stack)).toEqual([undefined, "whole", "whole"]);
  });

  it("puts the limits of a band on top of each other, and leaves out where its foot has no value", () => {
    const limits = [
      [1, null, 2],
      [2, 3, 3],
      [4, 4, 4],
    ];
    const band = figure({ band: { tone: 1, limits } });
    expect(limitOf(band, "band:0")).toEqual([0.25, null, 0.5]);
    expect(limitOf(band, "band:1")).toEqual([0.25, null, 0.25]);
    expect(limitOf(band, "band:2")).toEqual([0.5, null, 0.25]);
    expect(ids(figure({ band: { tone: 1, limits: [[1, 1, 1]] } }))).not.toContain("band:0");
  });

  it("holds still if that is asked for, and never makes a show of its beginning", () => {
    expect([optionOf(figure({})).animation, optionOf(figure({})).animationDuration]).toEqual([true, 0]);
    expect(optionOf(figure({ still: true })).animation).toBe(false);
  });

  it("tells series apart by dashes too", () => {
    const dashes = [1, 2, 3, 4, 5, 6].map((tone) => JSON.stringify(dashOf(tone)));
    expect(new Set(dashes).size).toBe(6);
    expect([faint("#102030", 0.5), faint("rebeccapurple", 0.5)]).toEqual(["#10203080", "rebeccapurple"]);
  });

  it("is drawn with its words at the frame that the plot knows", () => {
    const { container, rerender } = render(
      <Drawing
        option={optionOf(figure({ target: { value: 3, words: "Target 3", number: "3 s" } }))}
        width={400}
        height={200}
      />,
    );
    const words = () => [...container.querySelectorAll("text")].map((one) => one.textContent);
    expect(words()).toEqual(expect.arrayContaining(["a", "c", "0 of 4", "2 of 4", "4 of 4", "Target 3"]));
    expect(words()).not.toContain("b");
    const chart = getInstanceByDom(container.querySelector<HTMLElement>(".plot-drawing")!)!;
    // The band of a place is a third of the frame, and the pointer counts on it.
    const at = (place: number, value: number) => chart.convertToPixel({ gridIndex: 0 }, [place, value]);
    expect([at(0, 0), at(1, 0.5), at(2, 1)]).toEqual([
      [40 + 350 / 6, 170],
      [40 + 350 / 2, 90],
      [40 + (350 * 5) / 6, 10],
    ]);
    const long = { value: 3, words: "Target: at least 90 % within 3 s, on every day of the week", number: "3 s" };
    rerender(<Drawing option={optionOf(figure({ target: long }))} width={400} height={200} />);
    expect(words()).toContain("3 s");
    rerender(<Drawing option={optionOf(figure({}))} width={400} height={200} />);
    expect(words()).not.toContain("3 s");
  });
});

function Read({ on }: { on(inks: Inks, still: boolean): void }) {
  on(useInks(), useStillness());
  return null;
}

describe("the look of charts", () => {
  afterEach(() => {
    document.documentElement.dataset.theme = "light";
    vi.unstubAllGlobals();
  });

  it("is read from the tokens, and again when the theme changes", async () => {
    document.documentElement.dataset.theme = "light";
    const seen: Inks[] = [];
    render(<Read on={(now) => seen.push(now)} />);
    expect(seen.at(-1)!.series[0]).toBe("#0a6a78");
    for (const theme of ["dark", "contrast"]) {
      const before = seen.at(-1)!;
      await act(async () => {
        document.documentElement.dataset.theme = theme;
      });
      expect(seen.at(-1)!.surface, theme).not.toBe(before.surface);
      expect(seen.at(-1)!.text, theme).not.toBe(before.text);
    }
  });

  it("holds still where the system asks for less motion", () => {
    vi.stubGlobal("matchMedia", (query: string) => ({
      matches: query.includes("reduced-motion"),
      addEventListener() {},
      removeEventListener() {},
    }));
    const seen: boolean[] = [];
    render(<Read on={(_, still) => seen.push(still)} />);
    expect(seen.at(-1)).toBe(true);
  });
});
