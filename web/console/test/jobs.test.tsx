import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import type { DeadJob, WarehouseDay, WarehouseJobs, WarehouseRun } from "@yingda/api/types";
import { beforeEach, describe, expect, it } from "vitest";
import { faults } from "../../ui/antd/test/axe";
import { isBusy, latest, share, toneOf } from "../src/panel/jobs/model";
import { open, Refusal, server, signedIn, type Server } from "./render";
import { administrator, manager, me, noon } from "./samples";

const day = 86_400_000;
const run = (change: Partial<WarehouseRun>): WarehouseRun => ({
  day: "2026-11-19",
  kind: "verify",
  state: "fine",
  asked_at: noon - 9_000,
  asked_by: null,
  asked_by_name: null,
  begun_at: noon - 8_000,
  ended_at: noon - 7_000,
  edition: 3,
  progress: { done: 4, total: 4 },
  amounts: 5120,
  rows: 77,
  events: 300,
  facts: 300,
  position: 900,
  mismatches: 0,
  changed: 0,
  examples: [],
  ...change,
});
const wrong = run({
  state: "mismatch",
  mismatches: 2,
  examples: [
    {
      table: "dws_day",
      indicator: "dialogue",
      dimension: "queue",
      part: "que_1",
      starts_at: noon - day,
      stored: 7,
      counted: null,
    },
  ],
});
const dayOf = (change: Partial<WarehouseDay>): WarehouseDay => ({
  day: "2026-11-19",
  from: noon - 2 * day,
  to: noon - day,
  final: false,
  verify: run({}),
  recount: null,
  ...change,
});
const view = (change: Partial<WarehouseJobs> = {}): WarehouseJobs => ({
  as_of: noon,
  time_zone: "Asia/Shanghai",
  counted_until: noon,
  editions: { shown: 3, ready_at: noon - day, filling: null },
  jobs: [
    {
      job: "feed",
      schedule: "continuous",
      state: "idle",
      last_at: noon,
      duration_ms: null,
      next_at: null,
      progress: null,
    },
    {
      job: "rebuild",
      schedule: "on_request",
      state: "idle",
      last_at: noon - day,
      duration_ms: null,
      next_at: null,
      progress: null,
    },
    {
      job: "verify",
      schedule: "nightly",
      state: "idle",
      last_at: noon,
      duration_ms: 1500,
      next_at: noon + day,
      progress: null,
    },
    {
      job: "recount",
      schedule: "on_request",
      state: "idle",
      last_at: null,
      duration_ms: null,
      next_at: null,
      progress: null,
    },
  ],
  layers: [
    { layer: "journal", fed_by: null, count: 300, lag_ms: 0 },
    { layer: "ods", fed_by: "journal", count: 300, lag_ms: 12_000 },
    { layer: "dwd", fed_by: "ods", count: 77, lag_ms: 12_000 },
    { layer: "dws", fed_by: "dwd", count: 5120, lag_ms: 12_000 },
    { layer: "panels", fed_by: "dws", count: null, lag_ms: 12_000 },
  ],
  days: [dayOf({}), dayOf({ day: "2026-11-18", final: true, verify: wrong })],
  refused: [],
  ...change,
});

let all: Server;
beforeEach(() => {
  all = server({ ...signedIn(manager), "GET /warehouse": view() });
});
const region = (name: string) => screen.findByRole("region", { name });

describe("scheduled jobs", () => {
  it("are listed with what feeds what and the days that were checked, and are accessible", async () => {
    open("/settings/jobs");
    const jobs = await region("Jobs");
    expect(
      within(jobs)
        .getAllByRole("rowheader")
        .map((one) => one.querySelector("b")?.textContent),
    ).toEqual(["Counting", "Rebuild", "Nightly check", "Run a day again"]);
    expect(jobs.textContent).toContain("yingda warehouse rebuild");
    const layers = within(await region("What feeds what")).getAllByRole("listitem");
    expect(layers).toHaveLength(5);
    expect(layers[1]!.textContent).toContain("Fed by: Journal");
    const rows = within(await region("The last 30 days")).getAllByRole("row");
    expect(rows[1]!.textContent).toContain("Matches");
    expect(rows[2]!.textContent).toContain("Final");
    expect(await faults(document.body)).toEqual([]);
  });

  it("tell what is stored and what was counted where a check found a difference", async () => {
    open("/settings/jobs");
    fireEvent.click(await screen.findByRole("button", { name: "2 mismatches" }));
    const days = await region("The last 30 days");
    expect(days.textContent).toContain("dws_day dialogue queue=que_1");
    expect(days.textContent).toContain("stored 7, counted –");
  });

  it("run a day again once that is confirmed, and show how far it has come", async () => {
    open("/settings/jobs");
    fireEvent.click(await screen.findByRole("button", { name: "Run again: 2026-11-19" }));
    expect(all.asked.some((one) => one.method === "POST")).toBe(false);
    const going = run({ kind: "recount", state: "running", ended_at: null, progress: { done: 1, total: 4 } });
    all.answers["POST /warehouse/days/2026-11-19/recount"] = going;
    all.answers["GET /warehouse"] = view({ days: [dayOf({ recount: going })] });
    fireEvent.click(await screen.findByRole("button", { name: "Run again" }));
    const bar = await screen.findByRole("progressbar", { name: "Run again: 2026-11-19" });
    expect(bar.getAttribute("value")).toBe("25");
    expect(screen.getByText("2026-11-19 is being run again")).toBeTruthy();
    expect(screen.getByRole<HTMLButtonElement>("button", { name: "Run again: 2026-11-19" }).disabled).toBe(true);
  });

  it("offer no day to be run again to somebody who may not ask for it", async () => {
    const permissions = manager.permissions.filter((one) => one !== "days.recount");
    server({ ...signedIn({ ...manager, permissions }), "GET /warehouse": view() });
    open("/reports/jobs");
    expect((await region("The last 30 days")).textContent).toContain("Matches");
    expect(screen.queryByRole("button", { name: "Run again: 2026-11-19" })).toBeNull();
  });

  it("say why a day is not run again", async () => {
    all.answers["POST /warehouse/days/2026-11-19/recount"] = new Refusal(403, "not_permitted");
    open("/settings/jobs");
    fireEvent.click(await screen.findByRole("button", { name: "Run again: 2026-11-19" }));
    fireEvent.click(await screen.findByRole("button", { name: "Run again" }));
    await waitFor(() => expect(document.body.textContent).not.toContain("is being run again"));
    expect(all.asked.filter((one) => one.method === "POST")).toHaveLength(1);
  });

  it("say what to expect before a day has ended, and show facts that were not counted", async () => {
    all.answers["GET /warehouse"] = view({
      days: [],
      refused: [{ reason: "malformed", kind: "rated", count: 3, last_at: noon }],
    });
    open("/settings/jobs");
    expect(await screen.findByText(/No full day has been counted yet/)).toBeTruthy();
    const refused = within(await region("Facts that were not counted")).getByRole("listitem");
    expect(refused.textContent).toContain("Unreadablerated3");
  });

  it("say why they could not be loaded, and are not offered to agents", async () => {
    all.answers["GET /warehouse"] = new Refusal(500, "internal");
    open("/settings/jobs");
    expect(await screen.findByRole("alert")).toBeTruthy();
    server(signedIn(me));
    open("/settings/jobs");
    await waitFor(() => expect(screen.queryByRole("region", { name: "Jobs" })).toBeNull());
  });
});

describe("jobs that were given up", () => {
  const job = {
    id: "job_1",
    kind: "letter",
    attempts: 10,
    created_at: noon - day,
    died_at: noon,
    last_code: "not_now",
  } as const;
  const shown = async (items: readonly DeadJob[]) => {
    all = server({ ...signedIn(administrator), "GET /warehouse": view(), "GET /dead-jobs": { items, next: null } });
    open("/settings/jobs");
    return region("Given up");
  };

  it("are tried again or, once that is confirmed, discarded, and are accessible", async () => {
    const dead = await shown([job, { ...job, id: "job_2", last_code: "something new" }]);
    const [first, second] = await within(dead).findAllByRole("listitem");
    expect(first!.textContent).toContain("Receiver could not be reached");
    expect(first!.textContent).toContain("10 attempts");
    expect(second!.textContent).toContain("Failed");
    expect(await faults(document.body)).toEqual([]);
    all.answers["POST /dead-jobs/job_1/retry"] = null;
    fireEvent.click(within(first!).getByRole("button", { name: /^Try again: Mail or text message of/ }));
    expect(await screen.findByText("It is being tried again")).toBeTruthy();
    fireEvent.click(within(second!).getByRole("button", { name: /^Discard: Mail or text message of/ }));
    expect(all.asked.some((one) => one.method === "DELETE")).toBe(false);
    all.answers["DELETE /dead-jobs/job_2"] = null;
    fireEvent.click(await screen.findByRole("button", { name: "Discard" }));
    expect(await screen.findByText("Discarded")).toBeTruthy();
  });

  it("are none most of the time, and are not shown to managers", async () => {
    expect(await within(await shown([])).findByText("Nothing was given up.")).toBeTruthy();
    all = server({ ...signedIn(manager), "GET /warehouse": view() });
    open("/settings/jobs");
    await region("Jobs");
    expect(all.asked.some((one) => one.path === "/dead-jobs")).toBe(false);
  });
});

describe("what is shown of a day", () => {
  it("is the run that goes on, or the one that ended last", () => {
    const later = run({ kind: "recount", ended_at: noon });
    expect(latest(dayOf({ recount: later }))).toBe(later);
    const earlier = run({ kind: "recount", ended_at: noon - 60_000 });
    expect(latest(dayOf({ recount: earlier }))?.kind).toBe("verify");
    const waiting = run({ kind: "recount", state: "waiting", ended_at: null });
    expect(latest(dayOf({ recount: waiting }))).toBe(waiting);
    expect(latest(dayOf({ verify: null }))).toBeNull();
  });

  it("is read again soon while something runs", () => {
    const [feed, ...rest] = view().jobs;
    expect(isBusy(view())).toBe(false);
    expect(isBusy(view({ jobs: [{ ...feed!, state: "running" }, ...rest] }))).toBe(true);
    expect([share({ done: 1, total: 3 }), share({ done: 0, total: 0 }), share({ done: 9, total: 3 })]).toEqual([
      33, 0, 100,
    ]);
    expect([toneOf("fine"), toneOf("running"), toneOf("mismatch")]).toEqual(["tag ok", "tag", "tag hot"]);
  });
});
