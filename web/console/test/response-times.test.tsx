import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import type { ResponseTimes } from "@yingda/api/types";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { faults } from "../../ui/antd/test/axe";
import { setServerClock } from "../src/lib/clock";
import { fineAxis } from "../src/panel/history/scale";
import { fineDuration, isMet, moved, queryOf, seriesOf } from "../src/panel/response-times/model";
import { timesSearch } from "../src/panel/response-times/search";
import { open, Refusal, server, signedIn, type Server } from "./render";
import { writtenIn } from "./drawn";
import { manager, me, noon } from "./samples";

const hour = 3_600_000;
const zone = "Asia/Shanghai";
const none = { count: 0, p50_ms: null, p90_ms: null, p95_ms: null, p99_ms: null };
const of = (count: number, p95: number) => ({
  count,
  p50_ms: p95 / 2,
  p90_ms: p95 - 1,
  p95_ms: p95,
  p99_ms: p95 * 2,
});
const kinds = [
  ["send_to_ack", 200],
  ["question_to_answer", 1000],
  ["page", 2000],
  ["server_send_to_ack", 200],
  ["server_question_to_answer", 1000],
  ["server_request", 500],
] as const;

/** Three hours up to `noon`; nothing was measured in the first. */
const times = (p95: number | null): ResponseTimes => ({
  time_zone: zone,
  grain: "hour",
  from: noon - 3 * hour,
  to: noon,
  as_of: noon,
  items: kinds.map(([kind, target_ms]) => ({
    kind,
    target_ms,
    total: p95 === null ? none : of(30, p95),
    points: [0, 1, 2].map((n) => ({
      from: noon - (3 - n) * hour,
      to: noon - (2 - n) * hour,
      values: p95 === null || n === 0 ? none : of(n * 10, p95 + n),
    })),
  })),
});

let all: Server;
beforeEach(() => {
  setServerClock(noon);
  all = server({ ...signedIn(manager), "GET /response-times": times(120) });
});
afterEach(() => setServerClock(Date.now()));
const asked = () => all.asked.filter((one) => one.path === "/response-times");
const query = () => Object.fromEntries(asked().at(-1)?.query ?? []);
const acks = () => screen.findByRole("region", { name: "Message sent to confirmed, in the browser" });

describe("response times", () => {
  it("are shown with their 95th percentile, the target and the number of times, and are accessible", async () => {
    open("/settings/response-times");
    const card = await acks();
    expect(within(card).getAllByText("120 ms").length).toBeGreaterThan(0);
    expect(card.textContent).toContain("target 200 msmet");
    const totals = within(within(card).getByRole("list")).getAllByRole("listitem");
    expect(totals.map((one) => one.textContent)).toEqual(["Median60 ms", "P95120 ms", "P99240 ms", "Measured30"]);
    expect(screen.getAllByRole("application")).toHaveLength(6);
    expect(writtenIn(card)).toContain("target 200 ms");
    expect(await faults(document.body)).toEqual([]);
  });

  it("say where a target is missed", async () => {
    all.answers["GET /response-times"] = times(600);
    open("/settings/response-times");
    expect((await acks()).textContent).toContain("missed");
    const page = screen.getByRole("region", { name: "Page ready, in the browser" });
    expect(page.textContent).not.toContain("missed");
  });

  it("are walked by keyboard, and told as a table by the same keys as in History", async () => {
    const { router } = open("/settings/response-times");
    const card = await acks();
    const plot = within(card).getByRole("application");
    fireEvent.keyDown(plot, { key: "End" });
    expect(plot.querySelector("[aria-live]")?.textContent).toMatch(/Median 61 ms, P95 122 ms, P99 244 ms$/);
    fireEvent.keyDown(plot, { key: "Home" });
    expect(plot.querySelector("[aria-live]")?.textContent).toMatch(/Median no value/);
    fireEvent.keyDown(document.body, { key: "v" });
    await waitFor(() => expect(within(card).getAllByRole("row")).toHaveLength(4));
    expect(router.state.location.search).toEqual({ table: true });
    expect(within(card).getAllByRole("row")[3]!.textContent).toMatch(/2061 ms121 ms122 ms244 ms$/);
    expect(await faults(document.body)).toEqual([]);
  });

  it("are read by the minute, hour or day, and from an earlier period to the present", async () => {
    const { router } = open("/settings/response-times");
    await acks();
    expect(query()).toEqual({ from: "2026-11-20", to: "2026-11-20", grain: "hour" });
    const later = screen.getByRole("button", { name: "Later" });
    expect((later as HTMLButtonElement).disabled).toBe(true);
    fireEvent.keyDown(document.body, { key: "[" });
    await waitFor(() => expect(query()).toEqual({ from: "2026-11-19", to: "2026-11-19", grain: "hour" }));
    expect(router.state.location.search).toEqual({ until: noon - 24 * hour });
    fireEvent.click(later);
    await waitFor(() => expect(router.state.location.search).toEqual({}));
    fireEvent.click(screen.getByRole("button", { name: "30 days" }));
    await waitFor(() => expect(query()).toEqual({ from: "2026-10-22", to: "2026-11-20", grain: "day" }));
    fireEvent.click(screen.getByRole("button", { name: "1 hour" }));
    await waitFor(() => expect(query()).toMatchObject({ grain: "minute" }));
  });

  it("come as a file of the same period", async () => {
    const link = vi.spyOn(HTMLAnchorElement.prototype, "click").mockImplementation(() => undefined);
    vi.stubGlobal("URL", Object.assign(URL, { createObjectURL: () => "blob:1", revokeObjectURL: () => undefined }));
    open("/settings/response-times?range=week");
    await acks();
    const before = asked().length;
    fireEvent.click(screen.getByRole("button", { name: "CSV" }));
    await waitFor(() => expect(link).toHaveBeenCalled());
    expect(asked()).toHaveLength(before + 1);
    expect(query()).toEqual({ from: "2026-11-14", to: "2026-11-20", grain: "hour" });
    link.mockRestore();
  });

  it("say that nothing was measured, and what could not be loaded", async () => {
    all.answers["GET /response-times"] = times(null);
    const first = open("/settings/response-times");
    expect(await screen.findByText(/Nothing was measured in this period/)).toBeTruthy();
    expect((await acks()).textContent).not.toMatch(/met|missed/);
    first.unmount();
    all.answers["GET /response-times"] = new Refusal(500, "internal");
    open("/settings/response-times");
    expect(await screen.findByRole("alert")).toBeTruthy();
    all.answers["GET /response-times"] = times(120);
    fireEvent.click(screen.getByRole("button", { name: "Try again" }));
    expect(await acks()).toBeTruthy();
  });

  it("are not offered to who may not see the panel", async () => {
    all.answers["GET /me"] = me;
    open("/settings/response-times");
    await screen.findByRole("heading", { level: 1 });
    expect(asked()).toEqual([]);
  });
});

describe("the page's address", () => {
  it("holds the period", () => {
    expect(timesSearch({ range: "hour", until: 5, table: true, other: 1 })).toEqual({
      range: "hour",
      until: 5,
      table: true,
    });
    expect(timesSearch({ range: "day", until: "5", table: 1 })).toEqual({});
    expect(timesSearch({ range: "year" })).toEqual({});
    const minute = 60_000;
    expect(queryOf({ range: "hour" }, 90 * minute + 1, zone)).toEqual({
      from: String(31 * minute),
      to: String(91 * minute),
      grain: "minute",
    });
    expect(queryOf({ range: "week", until: noon }, noon + 1e10, zone)).toEqual({
      from: "2026-11-14",
      to: "2026-11-20",
      grain: "hour",
    });
    expect(moved({ range: "hour", table: true }, -1, noon)).toEqual({ range: "hour", table: true, until: noon - hour });
    expect(moved({ range: "hour", until: noon - hour }, 1, noon + 59_999)).toEqual({ range: "hour" });
    expect(moved({ until: noon - hour }, 1, noon)).toEqual({});
  });
});

describe("what is drawn", () => {
  it("are the percentiles, with gaps where nothing was measured", () => {
    const [acks] = times(120).items;
    expect(seriesOf(acks!, (name) => name).map(({ name, tone, values }) => [name, tone, values])).toEqual([
      ["p50", 1, [null, 60.5, 61]],
      ["p95", 2, [null, 121, 122]],
      ["p99", 3, [null, 242, 244]],
    ]);
    expect([isMet(acks!), isMet(times(200.5).items[0]!), isMet(times(null).items[0]!)]).toEqual([true, false, null]);
  });

  it("has an axis of round times around the values", () => {
    const axis = fineAxis([38, 260]);
    expect(axis.steps[0]!).toBeLessThanOrEqual(38);
    expect(axis.steps.at(-1)!).toBeGreaterThanOrEqual(260);
    expect(axis.steps.length).toBeLessThanOrEqual(6);
    expect(axis.share(axis.steps[0]!)).toBe(0);
    expect(axis.share(3)).toBe(0);
    expect(axis.share(260)).toBeGreaterThan(axis.share(38));
    expect(["38 ms", "0 ms", "1 s", "1.2 s", "–"]).toEqual(
      [38.4, 0, 1000, 1234, null].map((ms) => fineDuration(ms, "en")),
    );
    expect(fineDuration(38, "zh-CN")).toBe("38 毫秒");
  });
});
