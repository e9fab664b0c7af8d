import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import type { Member, MemberWork, Queue, QueueUses, Skill, SkillUses } from "@yingda/api/types";
import { describe, expect, it } from "vitest";
import { faults } from "../../ui/antd/test/axe";
import { open, Refusal, server, signedIn } from "./render";
import { administrator as tara, noon, roles } from "./samples";

const queue = (id: string, zh: string, en: string): Queue => ({
  id,
  name: { zh, en },
  everybody: true,
  members: [],
  rules: {
    order: "balanced",
    last_agent_first: false,
    accept_within_s: null,
    priority: 0,
    relax_every_s: 30,
    overflow: null,
    units: 2,
    offer_message_after_min: null,
  },
  hours: null,
  service: { open: true, opens_at: null, promised_by: noon },
  waiting: 2,
  left_messages: 0,
  updated_at: 5,
});
const general = queue("que_1", "综合", "General");
const bills = queue("que_2", "账单", "Bills");
const uses: QueueUses = {
  waiting: 2,
  active: 1,
  on_hold: 0,
  snoozed: 3,
  with_bot: 0,
  left_messages: 0,
  sites: 1,
  question_kinds: 1,
  skills: 0,
  overflow_from: 0,
  macros: 0,
  in_the_way: 7,
};
const ada: Member = {
  id: "agt_a",
  email: "ada@x.example",
  name: "Ada",
  number: "0317",
  role: "agent",
  group: null,
  department: null,
  queues: [],
  capacity: 5,
  open: 3,
  status: "active",
  state: "available",
  state_since: noon,
  online: true,
  last_seen_at: noon,
  link_until: null,
  may_change: true,
  removed_at: null,
  created_at: noon,
  updated_at: 7,
};
const work: MemberWork = { active: 1, on_hold: 0, snoozed: 2, left_messages: 1, alone_in: [] };
const list = (...items: unknown[]) => ({ items });
const all = {
  ...signedIn(tara),
  "GET /staff": { items: [ada], next: null },
  "GET /groups": list(),
  "GET /roles": roles,
  "GET /queues": list(general, bills),
  "GET /departments": list(),
  "GET /colleagues": { agents: [], queues: [] },
};
const facts = (dialog: HTMLElement) =>
  within(dialog)
    .getAllByRole("listitem")
    .map((one) => one.textContent);

describe("what is deleted goes somewhere", () => {
  async function deletes(name: string, answers: Record<string, unknown> = {}) {
    const asked = server({ ...all, "GET /queues/que_1/uses": uses, "DELETE /queues/que_1": null, ...answers });
    open("/settings/queues");
    const row = await screen.findByRole("listitem", { name });
    fireEvent.click(within(row).getByRole("button", { name: `Delete ${name}` }));
    return { asked, dialog: await screen.findByRole("dialog", { name: `Delete “${name}”?` }) };
  }
  const deletions = (asked: ReturnType<typeof server>) =>
    asked.asked.filter(({ method }) => method === "DELETE").map(({ query }) => query.get("move_to"));

  it("says what a queue leaves behind, and is not deleted before somebody has said where that goes", async () => {
    const { asked, dialog } = await deletes("General");
    await within(dialog).findByText("2 conversations wait in it");
    expect(facts(dialog)).toEqual([
      "2 conversations wait in it",
      "1 conversation is served from it",
      "3 conversations are snoozed",
      "1 site sends its customers here",
      "1 kind of question leads here",
    ]);
    expect(within(dialog).getByText("What is being served stays with its agent.")).toBeTruthy();
    fireEvent.click(within(dialog).getByRole("button", { name: "Delete" }));
    const choice = within(dialog).getByLabelText<HTMLSelectElement>("Where all of it goes");
    expect(choice.getAttribute("aria-invalid")).toBe("true");
    expect(deletions(asked)).toEqual([]);
    expect([...choice.options].map((option) => option.text)).toEqual(["Choose a queue", "Bills"]);
    expect(await faults(dialog)).toEqual([]);
    fireEvent.change(choice, { target: { value: "que_2" } });
    fireEvent.click(within(dialog).getByRole("button", { name: "Delete" }));
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
    expect(deletions(asked)).toEqual(["que_2"]);
  });

  it("shows a refusal beside the choice, and nothing to choose where there is nothing", async () => {
    const { dialog } = await deletes("General", {
      "DELETE /queues/que_1": new Refusal(409, "queue_overflow_circle", "move_to"),
    });
    fireEvent.change(await within(dialog).findByLabelText("Where all of it goes"), { target: { value: "que_2" } });
    fireEvent.click(within(dialog).getByRole("button", { name: "Delete" }));
    expect(await within(dialog).findByText("Overflow would lead in a circle; choose a different queue")).toBeTruthy();
  });

  it("asks nothing of what nobody uses, and says where the last queue cannot go", async () => {
    const none = Object.fromEntries(Object.keys(uses).map((key) => [key, 0]));
    const { asked, dialog } = await deletes("General", { "GET /queues/que_1/uses": none });
    await within(dialog).findByText("Nothing belongs to it, and nothing leads to it.");
    expect(within(dialog).queryByRole("combobox")).toBeNull();
    fireEvent.click(within(dialog).getByRole("button", { name: "Delete" }));
    await waitFor(() => expect(deletions(asked)).toEqual([null]));
  });

  it("cannot be deleted while it is the only queue and in use", async () => {
    const { dialog } = await deletes("General", { "GET /queues": list(general) });
    expect((await within(dialog).findByRole("alert")).textContent).toBe(
      "This is the only queue: add another one first.",
    );
    expect(within(dialog).getByRole<HTMLButtonElement>("button", { name: "Delete" }).disabled).toBe(true);
  });

  it("says who waits for a skill, and what is asked for instead", async () => {
    const skill = (id: string, en: string): Skill => ({
      id,
      name: { zh: en, en },
      members: [{ agent: "agt_a", level: 2 }],
      needs: [{ language: "en", level: 2 }],
      best: 2,
      is_short: false,
      updated_at: 4,
    });
    const known: SkillUses = { waiting: 1, members: 1, queues: 0, sites: 0, languages: 1, question_kinds: 0 };
    const asked = server({
      ...all,
      "GET /skills": list(skill("skl_1", "English"), skill("skl_2", "Languages")),
      "GET /skills/skl_1/uses": known,
      "DELETE /skills/skl_1": null,
    });
    open("/settings/skills");
    fireEvent.click(await screen.findByRole("button", { name: "Delete English" }));
    const dialog = await screen.findByRole("dialog", { name: "Delete “English”?" });
    await within(dialog).findByText("1 language asks for it");
    expect(facts(dialog)).toEqual([
      "1 conversation waits for somebody who has it",
      "1 member has it",
      "1 language asks for it",
    ]);
    fireEvent.change(within(dialog).getByLabelText("What is asked for instead"), { target: { value: "skl_2" } });
    fireEvent.click(within(dialog).getByRole("button", { name: "Delete" }));
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
    expect(deletions(asked)).toEqual(["skl_2"]);
  });
});

describe("whoever leaves", () => {
  async function leaves(act: "Disable" | "Remove", answers: Record<string, unknown> = {}) {
    const asked = server({
      ...all,
      "GET /staff/agt_a/work": work,
      "PATCH /staff/agt_a": { ...ada, status: "disabled" },
      "DELETE /staff/agt_a": null,
      ...answers,
    });
    open("/settings/people");
    fireEvent.click(await screen.findByRole("button", { name: act }));
    const title = act === "Disable" ? "Disable Ada?" : "Remove Ada for good?";
    return { asked, dialog: await screen.findByRole("dialog", { name: title }) };
  }

  it("leaves their conversations to a queue, or each to its own", async () => {
    const { asked, dialog } = await leaves("Disable");
    await within(dialog).findByText("1 open conversation");
    expect(facts(dialog)).toEqual(["1 open conversation", "2 snoozed"]);
    const choice = within(dialog).getByLabelText<HTMLSelectElement>("Where the conversations go");
    expect([...choice.options].map((option) => option.text)).toEqual([
      "Each back to its own queue",
      "General",
      "Bills",
    ]);
    expect(await faults(dialog)).toEqual([]);
    fireEvent.change(choice, { target: { value: "que_2" } });
    fireEvent.click(within(dialog).getByRole("button", { name: "Disable" }));
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
    expect(asked.asked.find(({ method }) => method === "PATCH")?.body).toEqual({
      disabled: true,
      seen: 7,
      move_to: "que_2",
    });
  });

  it("is removed with what they take care of, although nobody serves a queue then", async () => {
    const alone = { ...work, alone_in: [{ zh: "账单", en: "Bills" }] };
    const { asked, dialog } = await leaves("Remove", { "GET /staff/agt_a/work": alone });
    expect((await within(dialog).findByRole("alert")).textContent).toBe("Nobody would serve: Bills");
    expect(facts(dialog)).toContain("1 left message in their care; anybody can handle it then");
    fireEvent.click(within(dialog).getByRole("button", { name: "Remove" }));
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
    const query = asked.asked.find(({ method }) => method === "DELETE")?.query;
    expect([query?.get("move_to"), query?.get("confirm"), query?.get("seen")]).toEqual(["own_queues", "true", "7"]);
  });
});
