import { act, fireEvent, screen, waitFor, within } from "@testing-library/react";
import type { Conversation, Floor, FloorAgent } from "@yingda/api/types";
import { beforeEach, describe, expect, it } from "vitest";
import { faults } from "../../ui/antd/test/axe";
import { agentLines, lanesOf, needsOf, owedSince } from "../src/floor/model";
import { hasJoined } from "../src/floor/pane";
import { setServerClock } from "../src/lib/clock";
import { EventStream } from "./fake-stream";
import { reset } from "./on-desk";
import { open, server, signedIn } from "./render";
import { agent, conversation, customer, log, manager, noon, panel, system, text } from "./samples";

const served = (id: string, seconds: number | null, change: Partial<Conversation> = {}) =>
  conversation(id, {
    state: "active",
    agent: { id: "agt_2", name: "薛白" },
    assigned_at: noon - 600_000,
    waiting_since: seconds === null ? null : noon - seconds * 1000,
    preview: { by: seconds === null ? "agent" : "customer", text: `words of ${id}` },
    ...change,
  });
const waits = (id: string, seconds: number, change: Partial<Conversation> = {}) =>
  conversation(id, { state: "queued", agent: null, queued_at: noon - seconds * 1000, ...change });
const xue = (change: Partial<FloorAgent> = {}): FloorAgent => ({
  id: "agt_2",
  name: "薛白",
  number: "0318",
  state: "available",
  standing: "available",
  since: noon - 60_000,
  reason: null,
  set_by: null,
  open: 1,
  capacity: 3,
  ...change,
});
const queue = { id: "que_1", name: { zh: "人工服务", en: "People" } };
const floorOf = (change: Partial<Floor> = {}): Floor => ({
  agents: [xue()],
  queues: [queue],
  waiting: [],
  served: [],
  ...change,
});

describe("what the floor makes of its rows", () => {
  it("names danger first, then the slowest reply, lost agents and low moods", () => {
    const floor = floorOf({
      agents: [xue({ standing: "unreachable" })],
      waiting: [waits("d", 5, { wait: { reason: "button", why: "mood", by: null, topic: null } })],
      served: [served("a", 101), served("b", 300), served("c", 5, { danger: true, alerted_at: noon - 9_000 })],
    });
    expect(needsOf(floor, noon).map(({ key }) => key)).toEqual([
      "danger.cnv_c",
      "slow.cnv_b",
      "slow.cnv_a",
      "unreachable.agt_2",
      "mood.cnv_d",
    ]);
    expect(needsOf(floor, noon, 200_000).map(({ key }) => key)).not.toContain("slow.cnv_a");
  });

  it("counts what an agent owes from when the agent had it", () => {
    expect(owedSince(served("a", 900))).toBe(noon - 600_000);
    expect(owedSince(served("a", 90))).toBe(noon - 90_000);
    expect(owedSince(served("a", null))).toBeNull();
  });

  it("draws everybody who waits on the axis, and long waits at its end", () => {
    const [lane] = lanesOf(floorOf({ waiting: [waits("a", 12), waits("b", 60), waits("c", 600)] }), noon);
    expect(lane?.dots.map(({ share, level }) => [share, level])).toEqual([
      [1, "late"],
      [0.5, "soon"],
      [0.1, "calm"],
    ]);
    expect(lane?.longest).toBe(600_000);
  });

  it("lists first the agent whose customer has waited longest", () => {
    const other = xue({ id: "agt_3", name: "陆听川" });
    const floor = floorOf({
      agents: [xue(), other],
      served: [served("a", 9, { agent: { id: "agt_3", name: "陆听川" } })],
    });
    expect(agentLines(floor, "zh-CN").map(({ agent }) => agent.id)).toEqual(["agt_3", "agt_2"]);
  });

  it("knows who has joined, and that the end of the episode ends that", () => {
    const by = { kind: "agent", id: manager.agent, name: manager.name } as const;
    const joined = log([0, "joined", by, { name: manager.name, number: manager.number }]);
    expect(hasJoined({ entries: joined }, manager.agent)).toBe(true);
    expect(hasJoined({ entries: joined }, "agt_2")).toBe(false);
    expect(hasJoined({ entries: [...joined, ...log([1, "left", by, {}])] }, manager.agent)).toBe(false);
    const ended = log([1, "resolved", agent, { by: "agent", outcome: "resolved" }]);
    expect(hasJoined({ entries: [...joined, ...ended] }, manager.agent)).toBe(false);
  });
});

async function floor(change: Partial<Floor> = {}, answers: Record<string, unknown> = {}) {
  const all = server({
    ...signedIn(manager),
    "GET /floor": floorOf({ served: [served("a", 130)], ...change }),
    "GET /floor/settings": {
      tells_of_listening: true,
      slow_reply: { after_s: 100, level: "warning" },
      long_wait: { after_s: 120, level: "warning" },
      quiet: null,
      break_reasons: [],
      updated_at: 0,
    },
    "POST /conversations/cnv_a/interventions": null,
    "PUT /staff/agt_2/state": null,
    ...answers,
  });
  open("/floor/now");
  await screen.findByRole("heading", { name: "Supervision" });
  return all;
}

const bodiesOf = (all: Awaited<ReturnType<typeof floor>>, path: string) =>
  all.asked.filter((one) => one.method !== "GET" && one.path === path).map(({ body }) => body);

describe("the floor", () => {
  beforeEach(() => setServerClock(noon));

  it("says in words why a break began by itself, and who set any other", async () => {
    await floor({
      agents: [
        xue({ state: "break", standing: "break", reason: "missed_offers" }),
        xue({
          id: "agt_3",
          name: "陆听川",
          state: "break",
          standing: "break",
          reason: "missed_offers",
          set_by: "苏晴",
        }),
      ],
    });
    expect(await screen.findByText("Missed two offers in a row")).toBeTruthy();
    expect(screen.getByText("Set by 苏晴: missed_offers")).toBeTruthy();
  });

  it("shows what a conversation says only once the supervisor listens, and takes it over with a reason", async () => {
    const all = await floor();
    const rows = await screen.findByRole("region", { name: "Conversations being served" });
    fireEvent.click(within(rows).getByRole("button"));
    const pane = await screen.findByRole("complementary", { name: "Conversation" });
    expect(within(pane).queryByRole("log")).toBeNull();
    expect(within(pane).getByText(/The audit notes it/)).toBeTruthy();
    expect(await faults(document.body)).toEqual([]);
    fireEvent.click(within(pane).getByRole("button", { name: /Listen/ }));
    const modes = await within(pane).findByRole("radiogroup", { name: "How to help" });
    expect(bodiesOf(all, "/conversations/cnv_a/interventions")).toEqual([{ mode: "listen" }]);
    const stream = EventStream.last;
    act(() => {
      stream.become({ state: "live" });
      stream.receive(
        reset(
          "cnv_a",
          log(
            [0, "opened", system, { episode: 1, lang: "en" }],
            [1, "message", customer, text("Is anybody there?", 1)],
          ),
        ),
      );
    });
    expect(await within(pane).findByText("Is anybody there?")).toBeTruthy();
    fireEvent.click(within(modes).getByRole("radio", { name: /Take over/ }));
    expect(within(pane).getByText(/sees that you took it, and why/)).toBeTruthy();
    fireEvent.change(within(pane).getByLabelText("Reason"), { target: { value: "asked for a manager" } });
    fireEvent.click(within(pane).getByRole("button", { name: "Take over" }));
    await waitFor(() =>
      expect(bodiesOf(all, "/conversations/cnv_a/interventions")[1]).toEqual({
        mode: "take_over",
        seen: "agt_2",
        reason: "asked for a manager",
      }),
    );
  });

  it("changes the state of an agent only with a reason", async () => {
    const all = await floor();
    fireEvent.click(await screen.findByRole("button", { name: "Available" }));
    const dialog = await screen.findByRole("dialog");
    const change = within(dialog).getByRole("button", { name: "Change" }) as HTMLButtonElement;
    fireEvent.click(within(dialog).getByRole("radio", { name: "Busy" }));
    expect(change.disabled).toBe(true);
    fireEvent.change(within(dialog).getByLabelText("Reason"), { target: { value: "reports" } });
    fireEvent.click(change);
    await waitFor(() => expect(bodiesOf(all, "/staff/agt_2/state")).toEqual([{ state: "busy", reason: "reports" }]));
  });

  it("hides what was dismissed until it gets worse, and says so when all is well", async () => {
    await floor();
    const needs = await screen.findByRole("region", { name: "Needs you" });
    expect(within(needs).getByRole("button", { name: "Listen" })).toBeTruthy();
    fireEvent.click(within(needs).getByRole("button", { name: "Dismiss until it gets worse" }));
    expect(within(needs).getByText("All is well, 0 people are waiting")).toBeTruthy();
  });

  const dataTransfer = {
    setData: () => undefined,
    effectAllowed: "",
    types: ["application/x-yingda-conversation"],
  };
  async function drop(on: string) {
    const dot = await screen.findByRole("button", { name: /, waited / });
    fireEvent.dragStart(dot, { dataTransfer });
    const row = screen.getByRole("row", { name: new RegExp(on) });
    const isTaken = !fireEvent.dragOver(row, { dataTransfer });
    fireEvent.drop(row, { dataTransfer });
    return { isTaken, sent: () => EventStream.last.sent.map(({ body }) => body) };
  }
  const answer = (which: "ok" | "no", code: "at_capacity" | "transfer_target_not_free" = "at_capacity") => {
    const client_id = EventStream.last.sent.at(-1)?.clientId ?? "";
    act(() =>
      EventStream.last.receive(
        which === "ok" ? { t: "ok", client_id, seq: 9, at: noon } : { t: "no", client_id, code },
      ),
    );
  };

  it("gives somebody who waits to the agent on whom they are dropped, once they are answered", async () => {
    const { isTaken, sent } = await floor({ waiting: [waits("w", 40)] }).then(() => drop("薛白"));
    expect(isTaken).toBe(true);
    expect(sent()).toEqual([{ type: "take" }]);
    answer("ok");
    await waitFor(() => expect(sent()).toEqual([{ type: "take" }, { type: "transfer", to: "agt_2" }]));
    answer("no", "transfer_target_not_free");
    expect(await screen.findByText(/You answered .+, but 薛白 could not take over/)).toBeTruthy();
  });

  it("transfers nothing that was not answered, and gives nobody to who is not free", async () => {
    const full = xue({ id: "agt_3", name: "陆听川", standing: "full" });
    await floor({ waiting: [waits("w", 40)], agents: [xue(), full] });
    expect((await drop("陆听川")).isTaken).toBe(false);
    expect(EventStream.last.sent).toEqual([]);
    const { sent } = await drop("薛白");
    answer("no");
    expect(await screen.findByText(/was not transferred/)).toBeTruthy();
    expect(sent()).toEqual([{ type: "take" }]);
  });

  it("moves somebody who waits to the queue on which they are dropped, and offers agents by keyboard too", async () => {
    const elsewhere = { id: "que_2", name: { zh: "宽带", en: "Broadband" } };
    const all = await floor({ waiting: [waits("w", 40, { queue })], queues: [queue, elsewhere] });
    all.answers["GET /colleagues"] = { agents: [{ ...xue(), sound: [] }], queues: [] };
    const dot = await screen.findByRole("button", { name: /, waited / });
    fireEvent.dragStart(dot, { dataTransfer });
    const lane = (name: string) =>
      within(screen.getByRole("region", { name: "Waiting" }))
        .getByText(name)
        .closest("li") as HTMLElement;
    expect(fireEvent.dragOver(lane("People"), { dataTransfer })).toBe(true);
    expect(fireEvent.dragOver(lane("Broadband"), { dataTransfer })).toBe(false);
    fireEvent.drop(lane("Broadband"), { dataTransfer });
    expect(EventStream.last.sent.map(({ body }) => body)).toEqual([{ type: "transfer", to: "que_2" }]);
    fireEvent.click(dot);
    fireEvent.click(await screen.findByRole("button", { name: "Transfer to somebody else or to a queue" }));
    expect(await screen.findByRole("radio", { name: /薛白/ })).toBeTruthy();
  });

  it("marks a queue below its target, and tells all agents something in one step", async () => {
    const all = await floor(
      {},
      {
        "GET /panel": { ...panel, queues: [{ ...panel.queues[0], ...queue, service_level: 0.62 }] },
        "GET /indicators": [{ key: "service_level", target: { direction: "at_least", value: 0.8 }, unit: "ratio" }],
        "GET /staff-announcements": { items: [], unread: 0, may_tell: { everybody: true, groups: [] } },
        "POST /staff-announcements": null,
      },
    );
    expect(await screen.findByText("Today 62% were answered within 20 s, below the target of 80%")).toBeTruthy();
    fireEvent.click(await screen.findByRole("button", { name: "Message all" }));
    const dialog = await screen.findByRole("dialog");
    fireEvent.change(within(dialog).getByLabelText("Title"), { target: { value: "Outage in the north" } });
    fireEvent.click(within(dialog).getByRole("button", { name: "Announce" }));
    await waitFor(() =>
      expect(bodiesOf(all, "/staff-announcements")).toEqual([{ title: "Outage in the north", text: "", group: null }]),
    );
  });
});
