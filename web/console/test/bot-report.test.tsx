import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import type { AnsweredFrom, Indicator, Metric, Metrics } from "@yingda/api/types";
import { beforeEach, describe, expect, it } from "vitest";
import { faults } from "../../ui/antd/test/axe";
import { boundsOf, ofBands, ofEntries, partsOf, rangeOf, rankedOf, wholes } from "../src/panel/bot/model";
import { open, Refusal, server, signedIn, type Asked, type Server } from "./render";
import { manager, noon } from "./samples";

const day = 86_400_000;
const from = noon - 7 * day;

const series = (
  total: number | null,
  part: string | null = null,
  name?: string,
  source?: AnsweredFrom,
): Metric["series"][number] => ({
  ...(source ? { source } : {}),
  part,
  name: name === undefined ? null : { zh: name, en: name },
  total,
  points: [{ from, to: noon, value: total, final: false, as_of: noon }],
});
const metric = (key: string, all: Metric["series"], before?: number | null): Metric => ({
  key,
  unit: "turn",
  definition: 4,
  time_zone: "Asia/Shanghai",
  grain: "day",
  from,
  to: noon,
  as_of: noon,
  data_from: from,
  split: null,
  series: all,
  compare: before === undefined ? null : { with: "previous", from: from - 7 * day, to: from, series: [series(before)] },
});
const whole: Record<string, number> = {
  answer_rate: 0.82,
  turn_answered: 410,
  dialogue: 500,
  poor_answer: 9,
  judged: 40,
};
const numbers: Metrics = {
  items: wholes.map((key) => metric(key, [series(whole[key] ?? 0)], key === "answer_rate" ? 0.78 : 0)),
};
const poor: Record<(typeof ofEntries)[number], [number, number]> = {
  turn_answered: [100, 20],
  poor_answer: [3, 6],
  poor_unhelpful: [0, 0],
  poor_asked: [3, 4],
  poor_repeated: [0, 2],
  poor_rated: [0, 0],
};
const entries: Metrics = {
  items: ofEntries.map((key) =>
    metric(key, [
      series(poor[key][0], "kb-1", "How do I top up?", "entry"),
      series(poor[key][1], "kb-2", "Can I keep my number?", "entry"),
      series(7, null),
    ]),
  ),
};
const bands: Metrics = {
  items: ofBands.map((key) =>
    metric(key, [
      series(key === "precision" ? 0.95 : 20, "95-100", "95-100%"),
      series(key === "precision" ? 0.6 : 20, "80-85", "80-85%"),
    ]),
  ),
};
const indicator = (key: string, zh: string): Indicator => ({
  key,
  name: { zh, en: key },
  rule: { zh: `${zh}的口径`, en: `What ${key} counts` },
  owner: "bot",
  unit: "turn",
  target: null,
});
const sample = {
  items: [
    {
      conversation: "cnv_1",
      of: 2,
      at: noon - day,
      question: "充值没到账怎么办",
      answer: "一般十分钟内到账。",
      lang: "zh-CN",
      entry: "kb-1",
      title: "充值多久到账",
    },
    {
      conversation: "cnv_2",
      of: 4,
      at: noon - day,
      question: "hello?",
      answer: "Hello.",
      lang: "en",
      entry: null,
      title: null,
    },
  ],
};

describe("the numbers of the page", () => {
  it("ranks entries by their poor answers and leaves out those that have none", () => {
    const rows = rankedOf(partsOf(entries.items, ofEntries));
    expect(rows.map(({ part }) => part)).toEqual(["kb-2", "kb-1"]);
    expect(rankedOf(partsOf([metric("poor_answer", [series(0, "kb-9")])], ofEntries))).toEqual([]);
  });
  it("asks about the time in which a version was live", () => {
    const version = (number: number, created_at: number) => ({
      number,
      created_at,
      created_by: null,
      entries: 1,
      note: "",
      reason: null,
      restores: null,
      checked: null,
    });
    const live = [version(3, noon + 30_000), version(2, noon - day), version(1, noon - 900 * day)];
    expect(rangeOf({ version: 2 }, live, noon)).toEqual({ from: String(noon - day), to: String(noon + 60_000) });
    expect(rangeOf({ version: 3 }, live, noon + 90_000)).toEqual({ from: String(noon), to: String(noon + 120_000) });
    expect(rangeOf({ version: 1 }, live, noon)).toEqual({ from: String(noon - 400 * day), to: String(noon - day) });
    expect(rangeOf({ version: 9 }, live, noon)).toBeNull();
    expect(rangeOf({ days: 30 }, live, noon)).toBeNull();
  });
  it("reads the bounds of an interval", () => {
    expect(boundsOf("80-85")).toEqual({ from: 0.8, to: 0.85 });
  });
});

describe("the page", () => {
  let api: Server;
  beforeEach(() => {
    api = server({
      ...signedIn(manager),
      "GET /indicators": () => [indicator("answer_rate", "答上率"), indicator("poor_answer", "话术缺陷")],
      "GET /metrics": ({ query }: Asked) =>
        query.get("split") === "entry" ? entries : query.get("split") === "band" ? bands : numbers,
      "GET /knowledge/versions": { items: [] },
      "GET /knowledge/unanswered": { items: [], next: null, groups: 0, total: 0 },
      "GET /bot-answers/sample": sample,
      "POST /bot-answers/judgements": null,
      "GET /metrics/poor_answer/conversations": { indicator: "poor_answer", count: 6, items: [], next: null },
    });
  });
  const poorTable = () => screen.findByRole("table", { name: "Poor answers" });

  it("shows shares with their change, the poor answers ranked, and the sample by confidence", async () => {
    open("/reports/bot");
    expect(await screen.findByRole("link", { name: "answer_rate 82%" })).toBeTruthy();
    const rows = within(await poorTable())
      .getAllByRole("row")
      .slice(1);
    expect(rows.map((row) => within(row).getByRole("rowheader").textContent)).toEqual([
      "Can I keep my number?",
      "How do I top up?",
    ]);
    const edit = within(rows[0]!).getByRole("link", { name: "Edit the answer to Can I keep my number?" });
    expect(edit.getAttribute("href")).toContain("/bot/answers?entry=kb-2");
    expect(
      within(await screen.findByRole("table", { name: "Precision by confidence" })).getAllByRole("row"),
    ).toHaveLength(3);
    expect(await faults(document.body)).toEqual([]);
  });

  it("asks for the unanswered questions of the same stretch of time", async () => {
    api.answers["GET /knowledge/unanswered"] = {
      items: [{ question: "月球上有信号吗", lang: "zh-CN", count: 3, asked: [{ conversation: "cnv_1", seq: 2 }] }],
      total: 3,
    };
    open("/reports/bot");
    const card = await screen.findByRole("region", { name: "Unanswered, in customers’ words" });
    expect(await within(card).findByText("月球上有信号吗")).toBeTruthy();
    const asked = api.asked
      .filter(({ path }) => path === "/knowledge/unanswered")
      .map(({ query }) => Object.fromEntries(query));
    expect(asked).toEqual([{ from: String(from), to: String(noon), missed: "true" }]);
  });

  it("leads from a product, a plan and an entry to where each is changed, and from nothing else", async () => {
    const rows = [
      ["kb-1", "How do I top up?", "entry"],
      ["g-001", "Trelan X9", "product"],
      ["p-003", "Plan 59", "plan"],
      ["kb-gone", undefined, undefined],
    ] as const;
    const split = {
      items: ofEntries.map((key) =>
        metric(
          key,
          rows.map(([part, name, source], n) => series(9 - n, part, name, source)),
        ),
      ),
    };
    api.answers["GET /metrics"] = ({ query }: Asked) =>
      query.get("split") === "entry" ? split : query.get("split") === "band" ? bands : numbers;
    open("/reports/bot");
    const table = await poorTable();
    const shown = within(table).getAllByRole("row").slice(1);
    expect(shown.map((row) => within(row).getByRole("rowheader").textContent?.trim())).toEqual([
      "How do I top up?",
      "Trelan X9 Product",
      "Plan 59 Plan",
      "kb-gone No longer exists",
    ]);
    const doors = shown.map((row) =>
      within(row)
        .queryAllByRole("link")
        .map((link) => link.getAttribute("href") ?? "")
        .find((href) => !href.includes("/reports/")),
    );
    expect(doors).toEqual([
      "/console/bot/answers?entry=kb-1",
      "/console/goods?open=g-001",
      "/console/goods/plans?open=p-003",
      undefined,
    ]);
  });

  it("opens what is behind a poor answer", async () => {
    open("/reports/bot");
    fireEvent.click(within(await poorTable()).getByRole("link", { name: "Can I keep my number? 6" }));
    await waitFor(() => {
      const asked = api.asked.find(({ path }) => path === "/metrics/poor_answer/conversations");
      expect([asked?.query.get("split"), asked?.query.get("part")]).toEqual(["entry", "kb-2"]);
    });
  });

  it("judges one answer after the other, with the keyboard too, and does not say how sure the bot was", async () => {
    open("/reports/bot/sample");
    expect(await screen.findByRole("heading", { name: "充值没到账怎么办" })).toBeTruthy();
    expect(document.body.textContent).not.toMatch(/%/);
    expect(await faults(document.body)).toEqual([]);
    fireEvent.click(screen.getByRole("button", { name: "Wrong" }));
    const next = await screen.findByRole("heading", { name: "hello?" });
    expect(document.activeElement).toBe(next);
    fireEvent.keyDown(document.body, { key: "1" });
    expect(await screen.findByText("These are done. Thank you.")).toBeTruthy();
    expect(api.asked.filter(({ method }) => method === "POST").map(({ body }) => body)).toEqual([
      { conversation: "cnv_1", of: 2, verdict: "wrong" },
      { conversation: "cnv_2", of: 4, verdict: "right" },
    ]);
  });

  it("says why a judgement was refused, and stays at the answer", async () => {
    api.answers["POST /bot-answers/judgements"] = new Refusal(404, "not_found");
    open("/reports/bot/sample");
    fireEvent.click(await screen.findByRole("button", { name: "Right" }));
    expect(await screen.findByText("Not found; it may have been deleted")).toBeTruthy();
    expect(screen.getByRole("heading", { name: "充值没到账怎么办" })).toBeTruthy();
  });

  it("is only read by those who do not teach the bot", async () => {
    server({
      ...signedIn({ ...manager, permissions: ["panel"] }),
      "GET /indicators": [],
      "GET /metrics": numbers,
    });
    open("/reports/bot");
    expect(await screen.findByRole("heading", { name: "Sample of answers" })).toBeTruthy();
    expect(screen.queryByRole("link", { name: "Judge answers" })).toBeNull();
  });
});
