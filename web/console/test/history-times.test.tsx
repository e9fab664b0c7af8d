import { answering, resolving, sampled, satisfaction } from "../src/panel/bot/model";
import { act, fireEvent, screen, waitFor, within } from "@testing-library/react";
import type { Metric, Metrics } from "@yingda/api/types";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import definitions from "../../../crates/warehouse/indicators.json";
import { faults } from "../../ui/antd/test/axe";
import { setServerClock } from "../src/lib/clock";
import { duration } from "../src/lib/format";
import { choose } from "../src/lib/prefs";
import { apartOf, chosenOf, splitChartsOf, tablesOf } from "../src/panel/history/model";
import { axisOf } from "../src/panel/history/scale";
import { changeOf, riseOf } from "../src/panel/model";
import { historySearch, statistics } from "../src/panel/history/search";
import { linesOf, seriesOf, stretchesOf, writtenIn } from "./drawn";
import { open, server, signedIn, type Server } from "./render";
import { manager, noon } from "./samples";

const dayMs = 86_400_000;
const midnight = Math.floor((noon + 8 * 3_600_000) / dayMs) * dayMs - 8 * 3_600_000;
const first = midnight - 7 * dayMs;
const second = 1000;
const minute = 60 * second;

type Week = readonly (number | null)[];
type Part = Metric["series"][number];
function part(values: Week, total: number | null, id: string | null = null, name: string | null = null): Part {
  const points = values.map((value, index) => ({
    from: first + index * dayMs,
    to: first + (index + 1) * dayMs,
    value,
    final: true,
    as_of: noon,
  }));
  return { part: id, name: name === null ? null : { zh: name, en: name }, total, points };
}
const metric = (key: string, series: Part[], before: Part[] = []): Metric => ({
  key,
  unit: "ms",
  definition: 3,
  time_zone: "Asia/Shanghai",
  grain: "day",
  from: first,
  to: midnight,
  as_of: noon,
  data_from: null,
  split: null,
  series,
  compare: { with: "previous", from: first - 7 * dayMs, to: first, series: before },
});

/** First replies on all days but the third; the mean over all is not the mean of the days. */
const someDays: Week = [40 * second, 50 * second, null, 65 * second, 42 * second, 42 * second, 42 * second];
const steady = (value: number | null): Week => Array.from({ length: 7 }, () => value);
/** One number by its key, over the week and over the week before. */
const values: Record<string, [Week, number | null, before: number | null]> = {
  first_reply_mean: [someDays, 45 * second, 30 * second],
  first_reply_p50: [someDays, 41 * second, 41 * second],
  first_reply_p90: [someDays, 65 * second, 200 * second],
  handle_p50: [steady(200 * second), 200 * second, 200 * second],
  handle_p90: [steady(3900 * second), 3900 * second, 200 * second],
  wait_p50: [steady(null), null, null],
  containment: [steady(0.7), 0.71, 0.6],
  service_level: [steady(0.8), 0.814, 0.79],
  abandonment: [steady(0.04), 0.04, 0.03],
  occupancy: [steady(0.8), 0.8, 0.75],
  concurrency: [steady(1.5), 1.467, 1.2],
};
const all = [...definitions.measures.filter(({ kind }) => kind !== "histogram"), ...definitions.derived];
const week: Metrics = {
  items: all.map(({ key, unit }) => {
    const [days, total, before] = values[key] ?? [steady(unit === "ms" ? second : 1), unit === "ms" ? second : 1, 1];
    return metric(key, [part(days, total)], [part(days, before)]);
  }),
};
const agents = ["周淑敏", "何建国", "Ana Ruiz"];
const byAgent = (keys: string) => ({
  items: keys.split(",").map((key) =>
    metric(
      key,
      agents.map((name, n) => part(steady((n + 1) * 20 * second), (n + 1) * 20 * second, `agt_${n}`, name)),
    ),
  ),
});

let asking: Server;
beforeEach(() => {
  setServerClock(noon);
  asking = server({
    ...signedIn(manager),
    "GET /metrics": ({ query }: { query: URLSearchParams }) =>
      query.get("split") ? byAgent(query.get("keys") ?? "") : week,
    "GET /indicators": all.map(({ key, ...one }) => ({
      key,
      name: { zh: key, en: `The ${key}` },
      rule: { zh: "", en: `Rule of ${key}` },
      unit: one.unit,
      target: "target" in one ? one.target : null,
    })),
    ...Object.fromEntries(
      ["first_reply", "answered_in_time"].map((indicator) => [
        `GET /metrics/${indicator}/conversations`,
        { indicator, count: 12, items: [], next: null },
      ]),
    ),
  });
});
afterEach(() => setServerClock(Date.now()));

const card = (name: string) => screen.findByRole("region", { name });
const lineOf = (region: HTMLElement, tone: number) => linesOf(region).find((one) => one.tone === tone)!;
const changeIn = (region: HTMLElement, name: string) =>
  within(region).getByRole("button", { name }).closest("li")!.querySelector<HTMLElement>(".history-change")!;

describe("the times of service", () => {
  it("leaves a gap where there is nothing to measure, and a dash in the table, never a zero", async () => {
    const { router } = open("/reports/history?times=mean");
    const times = await card("Times of service");
    expect(stretchesOf(lineOf(times, 1))).toEqual([2, 4]);
    expect(stretchesOf(seriesOf(times, "before").find((one) => one.tone === 1)!)).toEqual([2, 4]);
    const plot = within(times).getByRole("application");
    fireEvent.keyDown(plot, { key: "Home" });
    fireEvent.keyDown(plot, { key: "ArrowRight" });
    fireEvent.keyDown(plot, { key: "ArrowRight" });
    expect(plot.querySelector("[aria-live]")!.textContent).toMatch(/The first_reply_mean no value, The reply_mean 1 s/);
    fireEvent.keyDown(plot, { key: "Enter" });
    expect(router.state.location.search).toEqual({ times: "mean" });
    fireEvent.keyDown(document.body, { key: "v" });
    await waitFor(() => expect(within(times).getAllByRole("row")).toHaveLength(8));
    const cells = within(times)
      .getAllByRole("row")
      .slice(1)
      .map((row) => within(row).getAllByRole("cell")[0]!);
    expect(cells.map((cell) => cell.textContent)).toEqual(["40 s", "50 s", "–", "1 min 05 s", "42 s", "42 s", "42 s"]);
    expect(cells.map((cell) => within(cell).queryAllByRole("link").length)).toEqual([1, 1, 0, 1, 1, 1, 1]);
    expect(await faults(document.body)).toEqual([]);
  });

  it("shades what most of a time took: from its median to P90 and P95, where there is any", async () => {
    const longer: Record<string, number> = { first_reply_p90: 80 * second, first_reply_p95: 200 * second };
    asking.answers["GET /metrics"] = {
      items: week.items.map((one) =>
        one.key in longer ? metric(one.key, [part(steady(longer[one.key]!), longer[one.key]!)]) : one,
      ),
    };
    open("/reports/history");
    const times = await card("Times of service");
    const bands = () => seriesOf(times, "band");
    expect(bands()).toHaveLength(3);
    expect(bands().map(stretchesOf)).toEqual([
      [2, 4],
      [2, 4],
      [2, 4],
    ]);
    for (const one of bands()) expect(one.data[0]!.value).toBeGreaterThan(0);
    const plot = within(times).getByRole("application");
    fireEvent.keyDown(plot, { key: "Home" });
    expect(times.querySelector(".history-tip-band")!.textContent).toBe("Median 40 s · P90 1 min 20 s · P95 3 min 20 s");
    // The next time has no P95.
    fireEvent.keyDown(plot, { key: "ArrowDown" });
    await waitFor(() => expect(bands()).toHaveLength(2));
    expect(within(times).getByText(/shaded: from the median/)).toBeTruthy();
    expect(within(await card("Sessions")).queryByText(/shaded/)).toBeNull();
  });

  it("has no line before anything was counted", async () => {
    asking.answers["GET /metrics"] = {
      items: week.items.map((one) => ({ ...one, data_from: first + 5 * dayMs + 9 * 3_600_000 })),
    };
    open("/reports/history");
    const times = await card("Times of service");
    expect(stretchesOf(lineOf(times, 3))).toEqual([2]);
  });

  it("opens the list of what a mean measured, of a day and of the whole period", async () => {
    const { router } = open("/reports/history?times=mean");
    const times = await card("Times of service");
    const total = within(times).getByRole("link", { name: "The first_reply_mean 45 s" });
    const plot = within(times).getByRole("application");
    fireEvent.keyDown(plot, { key: "End" });
    fireEvent.keyDown(plot, { key: "Enter" });
    await screen.findByRole("dialog", { name: "The first_reply" });
    const opened = () => asking.asked.filter((one) => one.path.endsWith("/conversations")).at(-1)!;
    await waitFor(() => expect(opened().path).toBe("/metrics/first_reply/conversations"));
    expect(router.state.location.search).toEqual({
      times: "mean",
      open: "first_reply",
      at: midnight - dayMs,
      until: midnight,
    });
    fireEvent.click(total);
    await waitFor(() => expect(opened().query.get("from")).toBe(String(first)));
  });

  it("keeps the chosen percentile in the address, with the lines that are hidden", async () => {
    const { router } = open("/reports/history");
    const times = await card("Times of service");
    const median = within(times).getByRole("button", { name: /^Median/ });
    expect(median.getAttribute("aria-pressed")).toBe("true");
    expect(within(times).getByRole("link", { name: "The handle_p50 3 min 20 s" })).toBeTruthy();
    fireEvent.click(within(times).getByRole("button", { name: "Show The handle_p50" }));
    fireEvent.click(within(times).getByRole("button", { name: /^P90/ }));
    await waitFor(() => expect(router.state.location.search).toEqual({ times: "p90", hide: "handle" }));
    expect(within(times).getByRole("link", { name: "The handle_p90 1 h 05 min" })).toBeTruthy();
    expect(within(times).getByRole("button", { name: "Show The handle_p90" }).getAttribute("aria-pressed")).toBe(
      "false",
    );
    expect(within(times).queryByRole("link", { name: /p50/ })).toBeNull();
    fireEvent.click(median);
    await waitFor(() => expect(router.state.location.search).toEqual({ hide: "handle" }));
    expect([historySearch({ times: "p50" }), historySearch({ times: "p99" }), historySearch({ times: "p95" })]).toEqual(
      [{}, {}, { times: "p95" }],
    );
  });

  it("splits a mean by agent, and keeps what is split when another statistic is chosen", async () => {
    const { router } = open("/reports/history?times=mean&split=agent");
    const times = await card("Times of service");
    fireEvent.change(within(times).getByLabelText("Indicator to split"), { target: { value: "reply" } });
    await waitFor(() => expect(router.state.location.search).toEqual({ times: "mean", split: "agent", of: "reply" }));
    const keys = () =>
      asking.asked
        .filter((one) => one.path === "/metrics")
        .at(-1)!
        .query.get("keys")!;
    await waitFor(() => expect(keys()).toContain(",reply_mean,"));
    const links = () => within(within(times).getByRole("list")).getAllByRole("link");
    // The slowest is the first.
    await waitFor(() =>
      expect(links().map((link) => link.getAttribute("aria-label"))).toEqual([
        "Ana Ruiz 1 min",
        "何建国 40 s",
        "周淑敏 20 s",
      ]),
    );
    expect(linesOf(times)).toHaveLength(3);
    expect(seriesOf(times, "band")).toHaveLength(0);
    expect(new URLSearchParams(links()[1]!.getAttribute("href")!.split("?")[1]).get("part")).toBe("agt_1");
    fireEvent.click(within(times).getByRole("button", { name: /^P90/ }));
    await waitFor(() => expect(keys()).toContain(",reply_p90,"));
    expect(router.state.location.search).toMatchObject({ of: "reply", times: "p90" });
  });

  it("is always drawn as lines, whatever the shape of counts", async () => {
    open("/reports/history?shape=bars");
    const times = await card("Times of service");
    const session = await card("Sessions");
    expect([session, times].map((one) => seriesOf(one, "bars").length > 0)).toEqual([true, false]);
    expect(screen.getByRole("group", { name: "Chart type of counts" }).title).toBe(
      "Times and rates are always drawn as lines",
    );
  });

  it("calls longer worse and shorter better", async () => {
    open("/reports/history?times=p90");
    const times = await card("Times of service");
    const told = ["The handle_p90", "The first_reply_p90"].map((name) => changeIn(times, name).firstElementChild!);
    expect(told.map((one) => [one.className, one.textContent])).toEqual([
      ["warn", "↑ up ×20"],
      ["ok", "↓ down 68%"],
    ]);
  });

  it("is written in both languages as people say it", async () => {
    const spoken = [0, 400, 9960, 42_400, 59_700, 3 * minute, 200 * second, 3_599_700, 65 * minute, 26 * 60 * minute];
    expect(spoken.map((ms) => duration(ms, "en"))).toEqual([
      "0 s",
      "0.4 s",
      "10 s",
      "42 s",
      "1 min",
      "3 min",
      "3 min 20 s",
      "1 h",
      "1 h 05 min",
      "1 d 02 h",
    ]);
    expect(spoken.map((ms) => duration(ms, "zh-CN"))).toEqual([
      "0 秒",
      "0.4 秒",
      "10 秒",
      "42 秒",
      "1 分钟",
      "3 分钟",
      "3 分 20 秒",
      "1 小时",
      "1 小时 05 分",
      "1 天 02 小时",
    ]);
    expect([duration(null, "en"), duration(undefined, "zh-CN")]).toEqual(["–", "–"]);
    open("/reports/history");
    const times = await card("Times of service");
    expect(within(times).getByRole("link", { name: "The handle_p50 3 min 20 s" }).textContent).toBe("3 min 20 s");
    act(() => choose({ language: "zh-CN" }));
    expect(await within(times).findByRole("link", { name: "handle_p50 3 分 20 秒" })).toBeTruthy();
  });
});

describe("the rates", () => {
  it("opens the list of the part of a ratio, whose value is the server’s", async () => {
    const { router } = open("/reports/history");
    const rates = await card("Rates of service");
    fireEvent.click(within(rates).getByRole("link", { name: "The service_level 81.4%" }));
    await screen.findByRole("dialog", { name: "The answered_in_time" });
    expect(router.state.location.search).toEqual({ open: "answered_in_time", at: first, until: midnight });
  });

  it("calls a change better or worse only towards a target", async () => {
    open("/reports/history");
    const told = async (region: string, name: string) => {
      const change = changeIn(await card(region), name).firstElementChild!;
      return [change.className, change.textContent];
    };
    expect(await told("Rates of service", "The service_level")).toEqual(["ok", "up +2.4 pp"]);
    expect(await told("Rates of service", "The abandonment")).toEqual(["warn", "up +1 pp"]);
    expect(await told("Rates of the bot", "The containment")).toEqual(["t3", "up +11 pp"]);
  });

  it("draws the target of one ratio, not of several", async () => {
    open("/reports/history?hide=mid_ratio,poor_ratio,good_ratio");
    const rates = await card("Rates of service");
    expect(writtenIn(rates)).not.toContain("Target");
    fireEvent.click(within(rates).getByRole("button", { name: "Show The abandonment" }));
    await waitFor(() => expect(writtenIn(rates)).toContain("Target ≥ 80%"));
    expect(writtenIn(await card("Rates of the bot"))).not.toContain("Target");
    fireEvent.focus(within(rates).getByRole("button", { name: "The abandonment" }));
    expect((await screen.findByRole("tooltip")).textContent).toBe("Rule of abandonmentTarget ≤ 5%");
  });
});

describe("what agents do over time", () => {
  it("is a share and an average, and opens the stretches with conversations", async () => {
    const stretch = { agent: "agt_1", name: "周淑敏", state: "available", conversations: 2, ms: 14 * minute };
    const item = { conversation: null, at: first, seq: null, text: null, score: null };
    asking.answers["GET /metrics/busy/conversations"] = {
      indicator: "busy",
      count: 3,
      items: [
        { ...item, stretch },
        { ...item, stretch: { ...stretch, state: "break", conversations: 1, ms: 90 * second } },
        { ...item, stretch: { ...stretch, name: null, conversations: 0 } },
      ],
      next: null,
    };
    open("/panel/history");
    const occupancy = await card("Occupancy");
    expect(changeIn(occupancy, "The occupancy").textContent).toContain("+5 pp");
    const concurrency = await card("Concurrency");
    expect(changeIn(concurrency, "The concurrency").textContent).toContain("+0.27");
    expect(axisOf([1.5], "mean").steps.every((step) => step <= 1.5)).toBe(true);
    fireEvent.click(within(concurrency).getByRole("link", { name: /1\.47/ }));
    const list = await screen.findByRole("dialog");
    const rows = await within(list).findAllByRole("listitem");
    expect(rows.map((row) => row.textContent)).toEqual([
      expect.stringMatching(/^敏周淑敏available.*2 conversations · 14 min$/),
      expect.stringMatching(/^敏周淑敏on break.*1 conversation · 1 min 30 s$/),
      expect.stringMatching(/agt_1available.*No conversations · 14 min$/),
    ]);
    expect(await faults(document.body)).toEqual([]);
    asking.answers["GET /metrics/busy/conversations"] = { indicator: "busy", count: 0, items: [], next: null };
  });

  it("is split by agent and by group, and by nothing else", () => {
    const names = (split: "agent" | "group" | "queue") =>
      splitChartsOf([], split, undefined).map(({ table }) => table.name);
    expect(names("agent").slice(-2)).toEqual(["occupancy", "concurrency"]);
    expect(names("group")).toEqual(names("agent"));
    expect(names("queue")).toEqual(names("agent").slice(0, -2));
  });
});

describe("what the charts draw", () => {
  const history = new Set(statistics.flatMap((one) => tablesOf(one).flatMap((table) => table.measures)));
  const shown = [...history, ...answering, ...resolving, ...satisfaction];
  /** What a sample of answers tells; the page about the bot has it, without a list behind it. */
  const isSampled = (key: string) => sampled.some((one) => one === key);
  const measureOf = (key: string) => definitions.measures.find((one) => one.key === key);

  it("has every time and every ratio that is defined", () => {
    const defined = [...definitions.derived, ...definitions.measures.filter(({ kind }) => kind === "max")];
    expect(
      defined.map(({ key }) => key).filter((key) => !isSampled(key) && !shown.some((one) => one.key === key)),
    ).toEqual([]);
  });

  it("opens exactly what was measured", () => {
    const behind = new Map(shown.map((one) => [one.key as string, one.behind as string | undefined]));
    for (const one of definitions.derived.filter(({ key }) => !isSampled(key)))
      if (one.kind === "percentile") {
        // The same rows at the same time: as many as there are in the distribution.
        const [times, count] = [measureOf(one.of!)!, measureOf(behind.get(one.key)!)!];
        expect([count.source, count.stamp, count.where], one.key).toEqual([times.source, times.stamp, times.where]);
      } else if (measureOf(one.part!)?.source === "dwd_work") {
        // Sums of times: the stretches with conversations, which the list counts.
        const [times, count] = [measureOf("busy_sum")!, measureOf(behind.get(one.key)!)!];
        expect([count.source, count.stamp, count.where], one.key).toEqual([times.source, times.stamp, times.where]);
      } else expect(behind.get(one.key), one.key).toBe(one.unit === "ms" ? one.whole : one.part);
    const [longest, waited] = [measureOf("longest_wait")!, measureOf(behind.get("longest_wait")!)!];
    expect([waited.source, waited.stamp, waited.where]).toEqual([longest.source, longest.stamp, longest.where]);
    for (const key of behind.values()) if (key) expect(["count", "distinct"], key).toContain(measureOf(key)?.kind);
  });

  it("draws as many lines as there are colours, and the next where one is hidden", () => {
    const items = [
      metric(
        "first_reply_p50",
        Array.from({ length: 8 }, (_, n) => part(steady(n), 100 - n, `agt_${n}`)),
      ),
    ];
    const { lines } = splitChartsOf(items, "queue", undefined)[4]!;
    const drawn = (...hidden: string[]) =>
      apartOf(lines, (line) => line.part ?? "", new Set(hidden.map((id) => `first_reply:agt_${id}`))).map(
        (one) => `${one.name}:${one.tone}`,
      );
    const six = ["agt_0:1", "agt_1:2", "agt_2:3", "agt_3:4", "agt_4:5", "agt_5:6"];
    expect(drawn()).toEqual(six);
    expect(drawn("1")).toEqual([...six, "agt_6:2"]);
    expect(drawn("1", "3")).toEqual([...six, "agt_6:2", "agt_7:4"]);
  });

  it("keeps the parts without a value last, and gives a part of the period before none", () => {
    const items = [
      metric(
        "first_reply_p50",
        [part(steady(null), null, "agt_0"), part(steady(5), 5, "agt_1")],
        [part(steady(7), 7, "agt_2")],
      ),
    ];
    const { lines } = splitChartsOf(items, "queue", undefined)[4]!;
    expect(lines.map((line) => [line.part, line.total, line.totalBefore])).toEqual([
      ["agt_1", 5, null],
      ["agt_0", null, null],
      ["agt_2", null, 7],
    ]);
    expect([lines[2]!.values, lines[0]!.before]).toEqual([steady(null), steady(null)]);
  });

  it("splits the same time whichever number tells it", () => {
    const times = (statistic: (typeof statistics)[number]) => tablesOf(statistic).find(({ name }) => name === "times")!;
    expect(statistics.map((one) => chosenOf(times(one), "dialogue,handle").key)).toEqual([
      "handle_mean",
      "handle_p50",
      "handle_p90",
      "first_reply_p95",
      "reply_longest",
    ]);
  });

  it("has round times and whole percentages at the lines of its axes", () => {
    const times = (...values: number[]) => axisOf(values, "ms").steps.map((step) => duration(step, "en"));
    expect(times(12 * second, 8 * minute)).toEqual(["10 s", "30 s", "1 min", "2 min", "5 min", "10 min"]);
    expect(times(600, 8 * minute)).toEqual(["0.2 s", "1 s", "5 s", "30 s", "2 min", "10 min"]);
    expect(times(22 * second, 55 * second)).toEqual(["20 s", "30 s", "45 s", "1 min"]);
    expect(times()).toEqual(["1 s", "2 s", "5 s", "10 s", "30 s", "1 min"]);
    expect(axisOf([0.04, 0.71], "ratio").steps).toEqual([0, 0.2, 0.4, 0.6, 0.8]);
    const { steps, share } = axisOf([0, 20 * second, 40 * 28 * dayMs], "ms");
    expect([share(0), share(steps[0]!), share(40 * 28 * dayMs)]).toEqual([0, 0, 1]);
    expect(share(20 * second)).toBeGreaterThan(0);
    expect(axisOf([100 * 28 * dayMs], "ms").share(100 * 28 * dayMs)).toBe(1);
  });

  it("tells changes of ratios in points, and short times by their difference", () => {
    expect(changeOf(0.814, 0.79, "good", "ratio")).toMatchObject({ as: "difference", tone: "ok" });
    expect(changeOf(0.8001, 0.8, "good", "ratio")).toMatchObject({ direction: "same" });
    expect(changeOf(33 * second, 30 * second, "watch", "ms")).toMatchObject({ as: "share", tone: "warn" });
    expect(changeOf(900, 300, "watch", "ms")).toMatchObject({ as: "difference", amount: 600 });
    const ratio = { key: "containment", unit: "ratio", rise: "neutral" } as const;
    expect([
      riseOf(ratio, null),
      riseOf(ratio, { direction: "at_least", value: 0.8 }),
      riseOf(ratio, { direction: "at_most", value: 0.8 }),
    ]).toEqual(["neutral", "good", "watch"]);
  });
});
