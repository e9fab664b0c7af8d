import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { EDGES, responseTimes, type TimesReport } from "../src/response-times";

let sent: TimesReport[] = [];
let hidden = false;
const hide = (is: boolean) => {
  hidden = is;
  document.dispatchEvent(new Event("visibilitychange"));
};
/** The counts that are not zero, by the upper edge of their interval. */
const counted = (times: TimesReport["page"]) =>
  Object.fromEntries(EDGES.map((edge, n) => [edge, times?.counts[n]]).filter(([, count]) => count));

beforeEach(() => {
  vi.useFakeTimers();
  vi.spyOn(document, "hidden", "get").mockImplementation(() => hidden);
  sent = [];
  hidden = false;
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

it("counts times in their intervals, and sends them a minute after the first", () => {
  const note = responseTimes((report) => sent.push(report));
  for (const ms of [0, 10, 10.4, 10.6, 200, 201, 60_000, 1e9, -5]) note("send_to_ack", ms);
  note("page", 900);
  vi.advanceTimersByTime(59_999);
  expect(sent).toEqual([]);
  vi.advanceTimersByTime(1);
  expect(sent).toHaveLength(1);
  expect(Object.keys(sent[0]!)).toEqual(["send_to_ack", "page"]);
  expect(counted(sent[0]!.send_to_ack)).toEqual({ 10: 4, 25: 1, 200: 1, 300: 1, 60000: 2 });
  expect(sent[0]!.send_to_ack?.sum_ms).toBe(10 + 10 + 11 + 200 + 201 + 60_000 + 60_000);
  expect(sent[0]!.page).toMatchObject({ sum_ms: 900 });
});

it("sends nothing when nothing was measured, and each time once", () => {
  const note = responseTimes((report) => sent.push(report));
  hide(true);
  vi.advanceTimersByTime(300_000);
  expect(sent).toEqual([]);
  note("page", 900);
  vi.advanceTimersByTime(300_000);
  note("page", 800);
  vi.advanceTimersByTime(300_000);
  expect(sent.map((report) => counted(report.page))).toEqual([{ 1000: 1 }, { 1000: 1 }]);
});

it("sends what it has when the page is hidden or left", () => {
  const note = responseTimes((report) => sent.push(report));
  note("question_to_answer", 400);
  hide(true);
  expect(sent.map((report) => counted(report.question_to_answer))).toEqual([{ 500: 1 }]);
  hide(false);
  note("question_to_answer", 400);
  hide(false);
  expect(sent).toHaveLength(1);
  dispatchEvent(new Event("pagehide"));
  expect(sent).toHaveLength(2);
  vi.advanceTimersByTime(300_000);
  expect(sent).toHaveLength(2);
});

it("counts in the server's intervals", () => {
  const rust = readFileSync(join(import.meta.dirname, "../../../crates/domain/src/response_time.rs"), "utf8");
  const [, edges = ""] = /const EDGES_MS: \[i64; \d+\] = \[([^\]]+)\]/.exec(rust) ?? [];
  expect(EDGES).toEqual(edges.split(",").map((edge) => Number(edge.replaceAll("_", ""))));
});
