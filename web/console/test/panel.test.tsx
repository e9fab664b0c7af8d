import { act, fireEvent, screen, waitFor, within } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { faults } from "../../ui/antd/test/axe";
import { setServerClock } from "../src/lib/clock";
import { EventStream } from "./fake-stream";
import { open, server, signedIn, type Server } from "./render";
import { conversation, manager, me, noon, panel, quietPanel } from "./samples";

const definition = (key: string, en: string, target: object | null = null) => ({
  key,
  name: { zh: en, en },
  rule: { zh: "", en: `Rule of ${en}` },
  unit: "count",
  target,
});
const target = (direction: string, value: number) => ({ direction, value });
let all: Server;
beforeEach(() => {
  // Texts about the time stay the same however long a test takes.
  vi.useFakeTimers({ toFake: ["Date"], now: noon });
  setServerClock(noon + 400);
  all = server({
    ...signedIn(manager),
    "GET /panel": panel,
    "GET /indicators": [
      definition("session_created", "Sessions created"),
      definition("session_transferred", "Handed over sessions"),
      definition("rating_good", "Good ratings"),
      definition("session_used", "Served by the bot"),
      definition("no_answer", "Unanswered"),
      definition("answered", "Answered"),
      definition("service_level", "Service level", target("at_least", 0.8)),
      definition("abandonment", "Abandonment", target("at_most", 0.05)),
      definition("transfer_ratio", "Transfer ratio", target("at_most", 0.35)),
      definition("no_answer_ratio", "Unanswered share", target("at_most", 0.15)),
      definition("good_ratio", "Good ratio", target("at_least", 0.8)),
      definition("utilisation", "Slots used", target("at_most", 0.85)),
    ],
    "GET /panel/session_transferred/conversations": {
      indicator: "session_transferred",
      count: 14,
      items: [{ conversation: conversation("a"), at: noon, text: "转人工" }],
      next: null,
    },
  });
});
afterEach(() => {
  vi.useRealTimers();
  setServerClock(Date.now());
});

const value = (name: string) =>
  within(
    screen
      .getAllByText(name)
      .find((one) => one.closest("tr"))!
      .closest("tr")!,
  ).getByRole("link");

describe("the live panel", () => {
  it("shows the three tables with their difference from yesterday and last week, and is accessible", async () => {
    open("/floor/live");
    const row = (await screen.findAllByText("Sessions created")).find((one) => one.closest("tr"))!.closest("tr")!;
    expect(within(row).getByRole("link").textContent).toBe("62");
    expect(row.textContent).toMatch(/up 24%week ↑ up 55%$/);
    expect(await faults(document.body)).toEqual([]);
  });

  const hour = 3_600_000;
  it.each([
    [0.5 * hour, "data from today on", /– data from today on.*week – data from today on$/, 29],
    [12 * hour, "data from today on", /– data from today on.*week – data from today on$/, 0],
    [13 * hour, "data from 2026-11-19", /– data from 2026-11-19.*week – data from 2026-11-19$/, 0],
    [26 * hour, "vs yesterday and last week", /up 24%week – data from 2026-11-19$/, 0],
    [8 * 24 * hour, "vs yesterday and last week", /up 24%week ↑ up 55%$/, 0],
  ] as const)("compares with no day before its first number: %i ms ago", async (age, head, row, hatched) => {
    all.answers["GET /panel"] = { ...panel, data_from: noon - age };
    open("/floor/live");
    const first = (await screen.findAllByText("Sessions created")).find((one) => one.closest("tr"))!;
    expect(first.closest("tr")!.textContent).toMatch(row);
    expect(within(first.closest("section")!).getAllByText(head)).toBeTruthy();
    const plot = screen.getByRole("application", { name: /^Per minute/ });
    const line = plot.querySelector("polyline")!.getAttribute("points")!.split(" ");
    expect([plot.querySelectorAll("pattern").length > 0, line.length]).toEqual([hatched > 0, 60 - hatched]);
  });

  it("says how old its numbers are", async () => {
    open("/floor/live");
    await screen.findAllByText("Sessions created");
    expect((await screen.findByText(/^[01]\.\d s ago$/)).className).toContain("fresh-fresh");
    setServerClock(noon + 31_000);
    await waitFor(() => expect(screen.getByText(/Data as of/).className).toContain("fresh-stopped"), { timeout: 3000 });
  });

  it("asks for the push while it is open and shows what is pushed", async () => {
    open("/floor/live");
    await screen.findAllByText("Sessions created");
    expect(EventStream.last.hello().panel).toBe(true);
    act(() =>
      EventStream.last.receive({
        t: "panel",
        ...panel,
        as_of: noon + 300,
        today: { ...panel.today, session_created: 63 },
      }),
    );
    expect(value("Sessions created").textContent).toBe("63");
  });

  it("never goes back to older numbers", async () => {
    open("/floor/live");
    await screen.findAllByText("Sessions created");
    act(() =>
      EventStream.last.receive({
        t: "panel",
        ...panel,
        as_of: noon - 5000,
        today: { ...panel.today, session_created: 1 },
      }),
    );
    expect(value("Sessions created").textContent).toBe("62");
  });

  it("opens the conversations behind a number, as many as it says", async () => {
    const { router } = open("/floor/live");
    await screen.findAllByText("Handed over sessions");
    fireEvent.click(value("Handed over sessions"));
    const drawer = await screen.findByRole("dialog", { name: "Handed over sessions" });
    expect(await within(drawer).findByText("14")).toBeTruthy();
    expect(within(drawer).getByText("Rule of Handed over sessions")).toBeTruthy();
    expect(router.state.location.search).toEqual({ open: "session_transferred" });
    expect(all.asked.find((one) => one.path.includes("conversations"))?.query.get("window")).toBe("today");
    expect(await faults(document.body)).toEqual([]);
    fireEvent.click(within(drawer).getByRole("button", { name: "Close" }));
    await waitFor(() => expect(router.state.location.search).toEqual({}));
  });

  it("shows a conversation outside one's reach without a link", async () => {
    const nothing = { conversation: null, seq: null, text: null, score: null, stretch: null };
    all.answers["GET /panel/session_transferred/conversations"] = {
      indicator: "session_transferred",
      count: 1,
      items: [{ ...nothing, at: noon }],
      next: null,
    };
    open("/floor/live");
    await screen.findAllByText("Handed over sessions");
    fireEvent.click(value("Handed over sessions"));
    const drawer = await screen.findByRole("dialog", { name: "Handed over sessions" });
    const row = (await within(drawer).findByText("Outside your reach")).closest("li")!;
    expect(within(row).queryByRole("link")).toBeNull();
    expect(await faults(document.body)).toEqual([]);
  });

  it("opens as many agents as its numbers of agents say, by one definition", async () => {
    const agent = (n: number, standing: string, at: number, capacity = 5) => ({
      id: `agt_${n}`,
      name: `N${n}`,
      number: String(n),
      state: standing === "offline" ? "offline" : standing === "break" ? "break" : "available",
      standing,
      on_shift: n <= 4,
      open: at,
      capacity,
    });
    all.answers["GET /colleagues"] = {
      agents: [
        agent(1, "available", 1),
        agent(2, "available", 0),
        agent(3, "full", 5),
        agent(4, "break", 1),
        agent(5, "unreachable", 2),
        agent(6, "unreachable", 0),
        agent(7, "offline", 0),
      ],
      queues: [],
    };
    all.answers["GET /panel"] = {
      ...panel,
      now: { ...panel.now, agents_available: 2, agents_online: 4, slots_used: 9 },
    };
    open("/floor/live");
    const strip = await screen.findByRole("region", { name: "Now" });
    for (const [door, title, rows] of [
      ["2 agents with a free slot", "Agents with a free slot", ["N1", "N2"]],
      ["4 agents on shift", "Agents on shift", ["N1", "N2", "N3", "N4"]],
      ["9 of 10 slots", "Agents and slots", ["N1", "N2", "N3", "N4", "N5"]],
    ] as const) {
      fireEvent.click(within(strip).getByRole("link", { name: door }));
      const drawer = await screen.findByRole("dialog", { name: title });
      await within(drawer).findByText("N1");
      const shown = within(drawer).getAllByRole("listitem");
      expect(shown.map((row) => row.querySelector("b")?.textContent)).toEqual(rows);
      expect(within(drawer).getByText(String(rows.length), { selector: ".behind-count b" })).toBeTruthy();
      fireEvent.click(within(drawer).getByRole("button", { name: "Close" }));
    }
  });

  it.each([
    ["nobody waits and somebody is free", {}, 0.85, [undefined, undefined, undefined]],
    [
      "somebody waits beyond the target",
      { waiting: 1, longest_wait_since: noon - 30_000 },
      0.85,
      ["warn", undefined, undefined],
    ],
    [
      "somebody waits far beyond it",
      { waiting: 1, longest_wait_since: noon - 743_000 },
      0.85,
      ["hot", undefined, undefined],
    ],
    [
      "nobody is free while somebody waits",
      { waiting: 3, longest_wait_since: noon - 1000, agents_available: 0 },
      0.85,
      [undefined, "hot", undefined],
    ],
    ["nobody is free and nobody waits", { agents_available: 0 }, 0.85, [undefined, "warn", undefined]],
    ["too few were answered in time", {}, 0.79, [undefined, undefined, "hot"]],
  ] as const)("alarms as the wall does: %s", async (_, now, level, tones) => {
    all.answers["GET /panel"] = {
      ...panel,
      today: { ...panel.today, service_level: level },
      now: { ...panel.now, waiting: 0, longest_wait_since: null, ...now },
    };
    open("/floor/live");
    const strip = await screen.findByRole("region", { name: "Now" });
    const toneOf = (name: string) => {
      const box = within(strip).getByText(name).closest("div");
      return ["hot", "warn"].find((tone) => box?.querySelector(`a.${tone}`));
    };
    await waitFor(() =>
      expect([toneOf("Longest wait"), toneOf("Agents available / on shift"), toneOf("In 20 s")]).toEqual(tones),
    );
  });

  it("says that a number in the address does not exist, and which do", async () => {
    open("/floor/live?open=rating_bad");
    const drawer = await screen.findByRole("dialog", { name: "No such indicator" });
    expect(within(drawer).getByText(/There is no indicator rating_bad/)).toBeTruthy();
    expect(all.asked.some((one) => one.path.includes("rating_bad"))).toBe(false);
    fireEvent.click(within(drawer).getByRole("link", { name: "Sessions created" }));
    expect(await screen.findByRole("dialog", { name: "Sessions created" })).toBeTruthy();
  });

  it("switches to the last hour, by key too", async () => {
    open("/floor/live");
    await screen.findAllByText("Sessions created");
    fireEvent.click(screen.getByRole("button", { name: "Last 60 min" }));
    await waitFor(() => expect(value("Sessions created").textContent).toBe("7"));
    fireEvent.keyDown(document.body, { key: "t" });
    await waitFor(() => expect(value("Sessions created").textContent).toBe("62"));
  });

  it("leads editors from a question without an answer to where the bot is taught", async () => {
    all.answers["GET /me"] = { ...manager, permissions: [...manager.permissions, "knowledge.edit"] };
    all.answers["GET /panel/no_answer/conversations"] = {
      indicator: "no_answer",
      count: 1,
      items: [{ conversation: conversation("a"), at: noon, seq: 4, text: "月球上有信号吗", score: null }],
      next: null,
    };
    open("/floor/live?open=no_answer");
    const teach = await screen.findByRole("link", { name: "Teach the bot “月球上有信号吗”" });
    expect(decodeURIComponent(teach.getAttribute("href")!)).toBe("/console/bot/answers?view=proposed&asked=cnv_a.4");
    expect(screen.getByRole("link", { name: "All unanswered questions, in Answers" }).getAttribute("href")).toBe(
      "/console/bot/answers?view=proposed",
    );
    expect(await faults(document.body)).toEqual([]);
  });

  it("shows how far sessions came, each step a door with its share of the one before", async () => {
    const { router } = open("/floor/live");
    const funnel = within(await screen.findByRole("region", { name: "Session steps" }));
    await funnel.findByText("Served by the bot");
    const steps = funnel.getAllByRole("listitem");
    expect(steps.map((step) => step.textContent)).toEqual([
      "Sessions created62",
      "Served by the bot54of the step before 87%",
      "Handed over sessions14of the step before 26%",
      "Answered12of the step before 86%",
    ]);
    expect(steps.map((step) => step.querySelector<HTMLElement>(".funnel-bar i")!.style.inlineSize)).toEqual([
      "100%",
      `${(54 / 62) * 100}%`,
      `${(14 / 62) * 100}%`,
      `${(12 / 62) * 100}%`,
    ]);
    fireEvent.click(within(steps[2]!).getByRole("link", { name: "14" }));
    expect(router.state.location.search).toEqual({ open: "session_transferred" });
  });

  it("draws six ratios against their targets, and what each is made of leads to its list", async () => {
    open("/floor/live");
    const radar = await screen.findByRole("img", {
      name: /In 20 s 77%, target ≥ 80%, missed; Abandoned 8%, target ≤ 5%, missed; To a person 23%, target ≤ 35%, met; Unanswered 5%, target ≤ 15%, met; Good 75%, target ≥ 80%, missed; Slots used 40%, target ≤ 85%, met$/,
    });
    expect(radar.querySelectorAll(".radar-point")).toHaveLength(6);
    expect(radar.querySelectorAll("circle.radar-missed")).toHaveLength(3);
    expect(radar.querySelectorAll(".radar-target, .radar-shape")).toHaveLength(2);
    fireEvent.click(screen.getByRole("button", { name: "Six vital signs: show the table" }));
    const rows = within(screen.getByRole("region", { name: "Six vital signs" }))
      .getAllByRole("row")
      .slice(1);
    expect(rows.map((row) => [...row.children].map((cell) => cell.textContent))).toEqual([
      ["Service level", "10 / 13", "77%", "≥ 80%"],
      ["Abandonment", "1 / 13", "8%", "≤ 5%"],
      ["Transfer ratio", "14 / 62", "23%", "≤ 35%"],
      ["Unanswered share", "11 / 239", "5%", "≤ 15%"],
      ["Good ratio", "12 / 16", "75%", "≥ 80%"],
      ["Slots used", "4 / 10", "40%", "≤ 85%"],
    ]);
    expect(
      within(rows[2]!)
        .getAllByRole("link")
        .map((link) => link.getAttribute("href")),
    ).toEqual([
      "/console/floor/live?open=session_transferred",
      "/console/floor/live?open=session_created",
      "/console/floor/live?open=session_transferred",
    ]);
    expect(await faults(document.body)).toEqual([]);
  });

  it("has a table behind every plot", async () => {
    open("/floor/live");
    await screen.findAllByText("Sessions created");
    fireEvent.keyDown(document.body, { key: "v" });
    expect(
      screen.getAllByRole("button", { name: /show the table/ }).map((one) => one.getAttribute("aria-pressed")),
    ).toEqual(["true", "true", "true"]);
    const minutes = within(screen.getByRole("region", { name: "Last 60 minutes, per minute" })).getAllByRole("row");
    expect(minutes).toHaveLength(61);
    expect(await faults(document.body)).toEqual([]);
  });

  it("walks the minutes with the arrows and opens one with Enter", async () => {
    all.answers["GET /panel/session_created/conversations"] = {
      indicator: "session_created",
      count: 3,
      items: [],
      next: null,
    };
    const { router } = open("/floor/live");
    const plot = await screen.findByRole("application");
    fireEvent.keyDown(plot, { key: "End" });
    expect(within(plot).getByText(/^12:00: New 3/)).toBeTruthy();
    fireEvent.keyDown(plot, { key: "ArrowLeft" });
    expect(within(plot).getByText(/^11:59: New 2/)).toBeTruthy();
    fireEvent.keyDown(plot, { key: "Enter" });
    await waitFor(() => expect(router.state.location.search).toEqual({ open: "session_created", from: noon - 60_000 }));
    await waitFor(() =>
      expect(all.asked.find((one) => one.path.includes("session_created"))?.query.get("window")).toBe("minute"),
    );
  });

  it("is right when nothing has happened yet", async () => {
    all.answers["GET /panel"] = quietPanel;
    open("/floor/live");
    await screen.findAllByText("Sessions created");
    expect(value("Sessions created").textContent).toBe("0");
    expect(screen.getByRole("img", { name: "No ratings yet today" })).toBeTruthy();
    expect(screen.getByText("None")).toBeTruthy();
    const radar = screen.getByRole("img", { name: /Good has no value yet, target ≥ 80%/ });
    expect(radar.querySelectorAll(".radar-point, .radar-shape, .radar-side")).toHaveLength(0);
    expect(document.body.textContent).not.toMatch(/NaN|Infinity|undefined/);
    expect(await faults(document.body)).toEqual([]);
  });

  it("shows how busy each queue is, and leads to those who wait in it", async () => {
    open("/floor/live");
    const loads = within(await screen.findByRole("region", { name: "Queues and load" }));
    expect(
      loads
        .getAllByRole("row")
        .slice(1)
        .map((row) => [...row.children].map((cell) => cell.textContent)),
    ).toEqual([
      ["Billing", "2", "01:47", "", "77%", "", "4 / 10"],
      ["Sales", "0", "–", "", "Nobody waited", "", "0 / 0"],
    ]);
    expect(decodeURIComponent(loads.getByRole("link", { name: "2" }).getAttribute("href")!)).toBe(
      `/console/inbox/queues?queue=que_${"1".repeat(32)}`,
    );
  });

  it("saves its numbers as CSV", async () => {
    const saved: Blob[] = [];
    vi.stubGlobal(
      "URL",
      Object.assign(URL, {
        createObjectURL: (blob: Blob) => {
          saved.push(blob);
          return "blob:x";
        },
        revokeObjectURL: () => undefined,
      }),
    );
    HTMLAnchorElement.prototype.click = () => undefined;
    open("/floor/live");
    await screen.findAllByText("Sessions created");
    fireEvent.click(screen.getByRole("button", { name: "CSV" }));
    const text = await saved[0]!.text();
    expect(text).toContain("Sessions,session_created,Sessions created,62,50,40,2026-11-20");
    expect(text).toContain("good_ratio");
  });

  it.each(["/floor/live", "/reports/history", "/floor/wall", "/floor", "/settings"])(
    "says to an agent that %s is not theirs, and asks for nothing in vain",
    async (path) => {
      const alone = server(signedIn(me));
      open(path);
      expect((await screen.findByRole("alert")).textContent).toBe("You do not have permission; ask an administrator");
      expect(screen.getAllByRole("navigation", { name: "Main" })).not.toEqual([]);
      expect(alone.asked.filter(({ path: asked }) => /panel|indicators|metrics|wall|knowledge/.test(asked))).toEqual(
        [],
      );
      expect(await faults(document.body)).toEqual([]);
    },
  );

  it("is not in the rail of an agent", async () => {
    server({ ...signedIn(me), "GET /canned-replies": { items: [], next: null } });
    open("/bot/canned-replies");
    const rail = (await screen.findAllByRole("navigation"))[0]!;
    expect(within(rail).queryByText("Floor")).toBeNull();
    expect(within(rail).queryByText("Reports")).toBeNull();
    expect(within(rail).getByText("Inbox")).toBeTruthy();
  });
});
