import { act, fireEvent, screen, waitFor, within } from "@testing-library/react";
import type { Company, CompanySite, Group, LeftMessage, Me, Member, Queue } from "@yingda/api/types";
import { describe, expect, it } from "vitest";
import { faults } from "../../ui/antd/test/axe";
import { contrastToWhite } from "../src/settings/colour";
import { asTime, minutesOf, nextInterval, share } from "../src/settings/hours";
import { open, Refusal, server, signedIn, type Asked } from "./render";
import { administrator as tara, manager as mira, me, noon, roles, visitor } from "./samples";

const ada: Member = {
  id: "agt_a",
  email: "ada@x.example",
  name: "Ada",
  number: "0317",
  role: "agent",
  group: "grp_1",
  department: null,
  queues: [],
  capacity: 5,
  open: 2,
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
const group: Group = { id: "grp_1", name: "Shop", department: null, members: 1, updated_at: 3 };
const general: Queue = {
  id: "que_1",
  name: { zh: "综合", en: "General" },
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
  service: { open: false, opens_at: noon, promised_by: noon },
  waiting: 0,
  left_messages: 1,
  updated_at: 5,
};
const acme: Company = {
  id: "tnt_1",
  name: { zh: "甲", en: "Acme" },
  time_zone: "Asia/Shanghai",
  brand: null,
  brand_shown: null,
  hours: null,
  updated_at: 9,
};
const shop: CompanySite = {
  id: "sit_1",
  key: "shop",
  state: "active",
  queue: "que_1",
  name: { zh: "店", en: "Shop" },
  bot_name: { zh: "应", en: "Ying" },
  greeting: { zh: "好", en: "Hi" },
  closed_greeting: { zh: "", en: "" },
  privacy_note: { zh: "存", en: "Kept" },
  brand: null,
  brand_shown: null,
  side: "end",
  questions: [],
  origins: [],
  asks_rating: true,
  rating_reasons: [],
  message_when_unstaffed: false,
  offer_after_misses: 2,
  help_lines: { zh: "110", en: "112" },
  requires_identity: false,
  asks_about: { on: false, may_skip: true, questions: [] },
  snippet: '<script data-site="shop"></script>',
  updated_at: 4,
};
const left: LeftMessage = {
  conversation: "cnv_1",
  episode: 1,
  seq: 3,
  customer: visitor("7f3a"),
  lang: "en",
  text: "Call me",
  contact: "138",
  queue: "que_1",
  left_at: noon,
  promised_by: noon,
  owner: null,
  done_at: null,
  done_by: null,
  answered: false,
};
const list = (...items: unknown[]) => ({ items });
const page = (next: string | null, ...items: unknown[]) => ({ items, next });
const all = (who: Me) => ({
  ...signedIn(who),
  "GET /staff": page(null, ada),
  "GET /groups": list(group),
  "GET /roles": roles,
  "GET /queues": list(general),
  "GET /company": acme,
  "GET /company/archive": { state: "none", step: null, done: 0, bytes: null, made_at: null, until: null },
  "GET /company/sites": list(shop),
  "GET /company/sites/sit_1/installation": { loader: 2, pages: [] },
  "GET /colleagues": { agents: [], queues: [] },
  "GET /feedback": { ...list({ kind: "left_message", of: left }), waiting: 1 },
});
const type = (label: string, value: string) => fireEvent.change(screen.getByLabelText(label), { target: { value } });

describe("times of day", () => {
  it("are read as people write them", () => {
    expect(["9", "930", "9:30", "24", "24:30", "x", "９：３０", "９．３０", "9。30"].map(asTime)).toEqual([
      "09:00",
      "09:30",
      "09:30",
      "24:00",
      "24:30",
      "x",
      "09:30",
      "09:30",
      "09:30",
    ]);
    expect([minutesOf("09:30"), minutesOf("24:00"), minutesOf("24:01"), minutesOf("9:30")]).toEqual([
      570,
      1440,
      null,
      null,
    ]);
  });
  it("make intervals that are shown as shares of a day", () => {
    expect(share({ from: "06:00", to: "12:00" })).toEqual({ start: 0.25, length: 0.25 });
    expect(share({ from: "12:00", to: "06:00" })).toBeNull();
    expect(nextInterval([{ from: "09:00", to: "12:00" }])).toEqual({ from: "13:00", to: "17:00" });
    expect(nextInterval([])).toEqual({ from: "09:00", to: "18:00" });
  });
});

describe("colours", () => {
  it("are measured against white words as WCAG says", () => {
    expect(contrastToWhite("#ffffff")).toBeCloseTo(1);
    expect(contrastToWhite("#000000")).toBeCloseTo(21);
    expect(contrastToWhite("#767676")).toBeGreaterThanOrEqual(4.5);
    expect(contrastToWhite("red")).toBeNull();
  });
});

describe("settings", () => {
  it("lead each person to what they may", async () => {
    server(all(mira));
    open("/settings");
    const side = await screen.findByRole("navigation", { name: "Settings" });
    expect(
      within(side)
        .getAllByRole("link")
        .map((link) => link.textContent),
    ).toEqual([
      "People",
      "Groups",
      "Departments",
      "Roles",
      "Queues",
      "Skills",
      "Kinds of question",
      "Supervision rules",
      "Blocked visitors",
      "Privacy",
      "Scheduled jobs",
      "Response times",
    ]);
    expect(await screen.findByRole("heading", { name: "People" })).toBeTruthy();
  });

  it.each(["people", "groups", "queues", "company", "sites"])("%s is accessible", async (page) => {
    server(all(tara));
    open(`/settings/${page}`);
    await waitFor(() => expect(screen.queryByRole("status", { name: "Loading" })).toBeNull());
    await screen.findByRole("heading", { level: 1 });
    expect(await faults(document.body)).toEqual([]);
  });

  it("are refused to an agent, in words", async () => {
    const asked = server({ ...signedIn(me) });
    open("/settings/people");
    expect((await screen.findByRole("alert")).textContent).toMatch(/You do not have permission/);
    expect(asked.asked.some((one) => one.path === "/staff")).toBe(false);
  });

  it("invite somebody and show the link once", async () => {
    const asked = server({
      ...all(tara),
      "POST /staff": {
        member: { ...ada, name: "Eve", email: "eve@x.example", status: "invited" },
        link: "http://x/console/welcome#secret",
        expires_at: noon,
      },
    });
    open("/settings/people");
    fireEvent.click(await screen.findByRole("button", { name: "Invite" }));
    fireEvent.click(screen.getByRole("button", { name: "Create link" }));
    expect(screen.getByText("Enter an e-mail address")).toBeTruthy();
    type("E-mail", "eve@x.example");
    type("Name", "Eve");
    fireEvent.click(screen.getByRole("button", { name: "Create link" }));
    const dialog = await screen.findByRole("dialog", { name: "Link for Eve" });
    expect((within(dialog).getByRole("textbox") as HTMLInputElement).value).toContain("#secret");
    expect(asked.asked.find((one) => one.method === "POST")?.body).toEqual({
      name: "Eve",
      role: "agent",
      group: null,
      department: null,
      queues: [],
      capacity: 5,
      email: "eve@x.example",
    });
  });

  it("show both versions when somebody else was faster, and keep what was typed", async () => {
    const theirs = { ...ada, name: "Ada Lovelace", updated_at: 8 };
    const asked = server({
      ...all(tara),
      "GET /staff/agt_a": theirs,
      "PATCH /staff/agt_a": (one: Asked) =>
        (one.body as { seen: number }).seen === 8 ? theirs : new Refusal(409, "conflict"),
    });
    open("/settings/people");
    fireEvent.click(await screen.findByRole("button", { name: "Edit Ada" }));
    const dialog = screen.getByRole("dialog", { name: "Edit Ada" });
    type("Name", "Ada King");
    fireEvent.click(within(dialog).getByRole("button", { name: "Save" }));
    expect((await screen.findByRole("alert")).textContent).toMatch(/Somebody has changed it/);
    expect(within(dialog).getByText("Ada King")).toBeTruthy();
    expect(within(dialog).getByText("Ada Lovelace")).toBeTruthy();
    expect(await faults(document.body)).toEqual([]);
    fireEvent.click(within(dialog).getByRole("button", { name: "Use mine" }));
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
    expect(asked.asked.filter((one) => one.method === "PATCH").map((one) => one.body)).toMatchObject([
      { name: "Ada King", seen: 7 },
      { name: "Ada King", seen: 8 },
    ]);
  });

  it.each([
    [
      "groups",
      "Edit Shop",
      "Name",
      { "PATCH /groups/grp_1": new Refusal(409, "conflict"), "GET /groups": list({ ...group, name: "Theirs" }) },
    ],
    [
      "queues",
      "Edit General",
      "Name (English)",
      {
        "PATCH /queues/que_1": new Refusal(409, "conflict"),
        "GET /queues": list({ ...general, name: { zh: "综合", en: "Theirs" } }),
      },
    ],
    [
      "sites",
      "Edit Shop",
      "Name (English)",
      {
        "PATCH /company/sites/sit_1": new Refusal(409, "conflict"),
        "GET /company/sites": list({ ...shop, name: { zh: "店", en: "Theirs" } }),
      },
    ],
    [
      "company",
      null,
      "Company name (English)",
      { "PATCH /company": new Refusal(409, "conflict"), "GET /company": { ...acme, name: { zh: "甲", en: "Theirs" } } },
    ],
  ] as const)("%s: take the version of who was faster, in the same form", async (place, edit, field, later) => {
    const asked = server(all(tara));
    open(`/settings/${place}`);
    if (edit) fireEvent.click(await screen.findByRole("button", { name: edit }));
    fireEvent.change(await screen.findByLabelText(field), { target: { value: "As I typed it" } });
    Object.assign(asked.answers, later);
    fireEvent.click(screen.getByRole("button", { name: "Save" }));
    const theirs = await screen.findByRole("button", { name: "Use theirs" });
    expect(screen.getByText("As I typed it")).toBeTruthy();
    fireEvent.click(theirs);
    await waitFor(() => expect((screen.getByLabelText(field) as HTMLInputElement).value).toBe("Theirs"));
  });

  it("add and take out reasons for a rating, and say which has no words", async () => {
    const reason = { id: "rsn_1", name: { zh: "快", en: "Quick" }, is_praise: true };
    const asked = server({
      ...all(tara),
      "GET /company/sites": list({ ...shop, rating_reasons: [reason] }),
      "PATCH /company/sites/sit_1": shop,
    });
    open("/settings/sites");
    fireEvent.click(await screen.findByRole("button", { name: "Edit Shop" }));
    fireEvent.click(screen.getByRole("button", { name: "Hours, queue and questions" }));
    fireEvent.click(screen.getByRole("button", { name: "Add: Reason, other" }));
    fireEvent.click(screen.getByRole("button", { name: "Save" }));
    const other = screen.getByRole("group", { name: "Reason, other 1" });
    await waitFor(() =>
      expect(within(other).getByLabelText("Reason, other 1 (Chinese)").getAttribute("aria-invalid")).toBe("true"),
    );
    type("Reason, other 1 (English)", "Slow");
    fireEvent.click(screen.getByRole("button", { name: "Remove Reason, good 1" }));
    fireEvent.click(screen.getByRole("button", { name: "Save" }));
    await waitFor(() => expect(asked.asked.some(({ method }) => method === "PATCH")).toBe(true));
    const sent = asked.asked.find(({ method }) => method === "PATCH")?.body as { rating_reasons: unknown };
    expect(sent.rating_reasons).toEqual([
      { id: expect.stringMatching(/^rsn_[0-9a-f]{32}$/), name: { zh: "", en: "Slow" }, is_praise: false },
    ]);
    expect(await faults(document.body)).toEqual([]);
  });

  it("offer what can be done with a row behind one button too, and ask in the same place, the only red there is", async () => {
    const free = { "GET /staff": page(null, { ...ada, open: 0 }) };
    const asked = server({ ...all(tara), ...free, "PATCH /staff/agt_a": { ...ada, status: "disabled" } });
    open("/settings/people");
    const row = (await screen.findByText("ada@x.example")).closest("tr")!;
    expect(row.querySelector(".hot, .ant-btn-dangerous")).toBeNull();
    expect(
      within(row)
        .getAllByRole("button")
        .map((button) => button.textContent || button.getAttribute("aria-label")),
    ).toEqual(["Edit", "Devices", "Reset link", "Reset second step", "Disable", "Remove", "Actions for Ada"]);
    fireEvent.click(within(row).getByRole("button", { name: "Actions for Ada" }));
    const menu = screen.getByRole("dialog", { name: "Actions for Ada" });
    expect(
      within(menu)
        .getAllByRole("button")
        .map((button) => button.textContent),
    ).toEqual(["Edit", "Devices", "Reset link", "Reset second step", "Disable", "Remove"]);
    expect(await faults(document.body)).toEqual([]);
    fireEvent.click(within(menu).getByRole("button", { name: "Disable" }));
    expect(within(menu).getByText("Disable Ada?")).toBeTruthy();
    expect(document.activeElement?.textContent).toBe("Cancel");
    const sure = within(menu).getByRole("button", { name: "Disable" });
    expect(sure.className).toContain("ant-btn-dangerous");
    fireEvent.click(sure);
    await waitFor(() =>
      expect(asked.asked.find((one) => one.method === "PATCH")?.body).toEqual({ disabled: true, seen: 7 }),
    );
    expect(screen.queryByRole("dialog", { name: "Actions for Ada" })?.textContent ?? "").toBe("");
  });

  it("ask before nobody answers a queue any more, by its name", async () => {
    const disabled = { ...ada, status: "disabled" as const };
    const asked = server({
      ...all(tara),
      "GET /staff": page(null, { ...ada, open: 0 }),
      "PATCH /staff/agt_a": (one: Asked) =>
        (one.body as { confirm: boolean }).confirm
          ? disabled
          : Object.assign(new Refusal(409, "queue_needs_member", "disabled"), { names: [{ zh: "账单", en: "Bills" }] }),
    });
    open("/settings/people");
    fireEvent.click(await screen.findByRole("button", { name: "Disable" }));
    fireEvent.click(
      within(screen.getByRole("dialog", { name: "Disable Ada?" })).getByRole("button", { name: "Disable" }),
    );
    expect((await screen.findByRole("alert")).textContent).toBe("Nobody would serve: Bills");
    expect(await faults(document.body)).toEqual([]);
    fireEvent.click(screen.getByRole("button", { name: "Disable anyway" }));
    await waitFor(() => expect(screen.queryByRole("alert")).toBeNull());
    expect(asked.asked.filter((one) => one.method === "PATCH").map((one) => one.body)).toEqual([
      { disabled: true, seen: 7 },
      { disabled: true, confirm: true, seen: 7 },
    ]);
  });

  it("show a large staff page by page, and who was just invited", async () => {
    const eve = { ...ada, id: "agt_e", name: "Eve", email: "eve@x.example" };
    const asked = server({
      ...all(tara),
      "GET /staff": (one: Asked) =>
        one.query.get("q") === "eve@x.example"
          ? page(null, eve)
          : one.query.get("cursor") === "c1"
            ? page("c2", { ...ada, id: "agt_b", name: "Bob" })
            : page("c1", ada),
      "POST /staff": { member: eve, link: "http://x/console/welcome#secret", expires_at: noon },
    });
    open("/settings/people");
    fireEvent.click(await screen.findByRole("button", { name: "Show more" }));
    expect(await screen.findByRole("row", { name: /Bob/ })).toBeTruthy();
    expect(screen.getByRole("row", { name: /Ada/ })).toBeTruthy();
    fireEvent.click(screen.getByRole("button", { name: "Invite" }));
    type("E-mail", "eve@x.example");
    type("Name", "Eve");
    fireEvent.click(screen.getByRole("button", { name: "Create link" }));
    expect(await screen.findByRole("row", { name: /Eve/, hidden: true })).toBeTruthy();
    expect(asked.asked.some((one) => one.query.get("q") === "eve@x.example")).toBe(true);
  });

  it("name the day and the field of hours that cannot be", async () => {
    server({
      ...all(tara),
      "PATCH /company": new Refusal(422, "interval_ends_before_it_begins", "hours.week.tue.0.to"),
    });
    open("/settings/company");
    fireEvent.click(await screen.findByRole("button", { name: "Set hours" }));
    const to = screen.getByLabelText("Tuesday, hours 1, to");
    fireEvent.change(to, { target: { value: "8" } });
    fireEvent.blur(to);
    fireEvent.click(screen.getByRole("button", { name: "Save" }));
    expect((await screen.findByText(/^Tuesday: Ends before it begins/)).getAttribute("role")).toBe("alert");
    expect(to.getAttribute("aria-invalid")).toBe("true");
    expect(await faults(document.body)).toEqual([]);
  });

  it("name what is wrong with the days that are exceptions", async () => {
    const asked = server({ ...all(tara), "PATCH /company": new Refusal(422, "invalid_value", "hours.days.0.name") });
    open("/settings/company");
    fireEvent.click(await screen.findByRole("button", { name: "Set hours" }));
    fireEvent.click(screen.getByRole("button", { name: "Add a day" }));
    type("Name of day 1", "Nаtional Day");
    fireEvent.click(screen.getByRole("button", { name: "Save" }));
    const days = screen.getByRole("region", { name: "Holidays and make-up days" });
    expect((await within(days).findByRole("alert")).textContent).toMatch(/^At most 40 characters/);
    expect(document.activeElement).toBe(screen.getByLabelText("Name of day 1"));
    asked.answers["PATCH /company"] = new Refusal(422, "invalid_value", "hours.days");
    fireEvent.click(screen.getByRole("button", { name: "Save" }));
    await waitFor(() => expect(within(days).getByRole("alert").textContent).toMatch(/^At most 400/));
    expect(document.activeElement).toBe(days);
    expect(await faults(document.body)).toEqual([]);
  });

  it("are left by Back or a link only after the question that Esc asks", async () => {
    server({ ...all(tara), "POST /queues": { ...general, id: "que_2" } });
    const { router } = open("/settings/queues");
    fireEvent.click(await screen.findByRole("button", { name: "New queue" }));
    const name = () => screen.getByLabelText("Name (English)") as HTMLInputElement;
    type("Name (English)", "Phones");
    const leave = async () => {
      act(() => void router.navigate({ to: "/settings/groups" }));
      return within(await screen.findByRole("dialog", { name: "Discard unsaved changes?" }));
    };
    fireEvent.click((await leave()).getByRole("button", { name: "Keep editing" }));
    await waitFor(() => expect(screen.queryByRole("dialog", { name: "Discard unsaved changes?" })).toBeNull());
    expect(name().value).toBe("Phones");
    expect(router.state.location.pathname).toBe("/settings/queues");
    fireEvent.click((await leave()).getByRole("button", { name: "Discard" }));
    expect(await screen.findByRole("button", { name: "New group" })).toBeTruthy();
    // Nothing is lost, and nothing is asked, where nothing was entered.
    act(() => void router.navigate({ to: "/settings/queues" }));
    fireEvent.click(await screen.findByRole("button", { name: "New queue" }));
    act(() => void router.navigate({ to: "/settings/groups" }));
    expect(await screen.findByRole("button", { name: "New group" })).toBeTruthy();
  });

  it("lead to the members, if a queue has none", async () => {
    server(all(tara));
    open("/settings/queues");
    fireEvent.click(await screen.findByRole("button", { name: "New queue" }));
    type("Name (English)", "Phones");
    fireEvent.click(screen.getByRole("button", { name: "Only these" }));
    fireEvent.click(screen.getByRole("button", { name: "Save" }));
    const members = screen.getByRole("group", { name: "Members" });
    expect(document.activeElement).toBe(members);
    expect(within(members).getByRole("alert").id).toBe(members.getAttribute("aria-describedby"));
    expect(await faults(document.body)).toEqual([]);
  });

  it("say how many stand in the way of a deletion, and lead to them", async () => {
    const asked = server({
      ...all(tara),
      "DELETE /groups/grp_1": Object.assign(new Refusal(409, "group_in_use", "members"), { count: 3 }),
    });
    open("/settings/groups");
    const row = await screen.findByRole("listitem", { name: "Shop" });
    fireEvent.click(within(row).getByRole("button", { name: "Delete" }));
    fireEvent.click(
      within(screen.getByRole("dialog", { name: "Delete “Shop”?" })).getByRole("button", { name: "Delete" }),
    );
    expect(await screen.findByText(/^3 people are still in it/)).toBeTruthy();
    fireEvent.click(screen.getByRole("button", { name: "Show them" }));
    expect(await screen.findByRole("heading", { name: "People" })).toBeTruthy();
    await waitFor(() =>
      expect(asked.asked.some((one) => one.path === "/staff" && one.query.get("group") === "grp_1")).toBe(true),
    );
  });

  it("say that nobody is there, though a queue is open", async () => {
    const service = { open: true, opens_at: null, promised_by: noon };
    const queue = { ...general, service };
    const calls = (staffed: boolean) => ({
      agents: [],
      queues: [{ id: "que_1", name: general.name, waiting: 0, staffed, free_slots: 0 }],
    });
    const signed = signedIn(tara);
    server({ ...signed, "GET /queues": { items: [queue] }, "GET /colleagues": calls(false) });
    const { unmount } = open("/settings/queues");
    expect((await screen.findByText("Open, but nobody is here now")).className).toBe("tag warn");
    unmount();
    server({ ...signed, "GET /queues": { items: [queue] }, "GET /colleagues": calls(true) });
    open("/settings/queues");
    expect((await screen.findByText("Open")).className).toBe("tag ok");
  });

  it("say of a queue that nobody answers it, and find members in a large staff", async () => {
    const agents = Array.from({ length: 60 }, (_, n) => ({
      id: `agt_${n}`,
      name: `N${n}`,
      number: String(n),
      sound: `n${n}`,
      state: "offline",
      standing: "offline",
      open: 0,
      capacity: 5,
    }));
    server({
      ...all(tara),
      "GET /queues": list({ ...general, everybody: false, members: ["agt_gone"] }),
      "GET /colleagues": { agents, queues: [] },
    });
    open("/settings/queues");
    const row = await screen.findByRole("listitem", { name: "General" });
    expect(await within(row).findByText("Nobody serves it")).toBeTruthy();
    fireEvent.click(within(row).getByRole("button", { name: "Edit General" }));
    const dialog = screen.getByRole("dialog", { name: "Edit queue" });
    expect(within(dialog).getAllByRole("checkbox")).toHaveLength(40);
    expect(within(dialog).getByText("1 member is disabled")).toBeTruthy();
    fireEvent.change(within(dialog).getByRole("searchbox", { name: "Find by name or number" }), {
      target: { value: "n59" },
    });
    expect(within(dialog).getAllByRole("checkbox")).toHaveLength(1);
    expect(await faults(document.body)).toEqual([]);
  });
});

describe("queues", () => {
  it("say when a closed one opens, and list what was left", async () => {
    const asked = server({
      ...all(me),
      "PATCH /left-messages/cnv_1": { ...left, owner: { id: me.agent, name: me.name } },
    });
    open("/inbox/feedback");
    const card = await screen.findByRole("listitem", { name: "Call me" });
    expect(within(card).getByText("Call me")).toBeTruthy();
    expect(card.textContent).toContain("Contact: 138");
    expect(await faults(document.body)).toEqual([]);
    fireEvent.click(within(card).getByRole("button", { name: "I’ll handle it" }));
    await waitFor(() => expect(asked.asked.find((one) => one.method === "PATCH")?.body).toEqual({ owner: me.agent }));
    fireEvent.click(within(card).getByRole("button", { name: "Reply" }));
    expect((within(card).getByRole("button", { name: "Send" }) as HTMLButtonElement).disabled).toBe(true);
  });

  it("show more of what was left, and say when that could not be read", async () => {
    let works = false;
    const page = (asked: { query: URLSearchParams }) => {
      if (asked.query.get("cursor") === null)
        return { items: [{ kind: "left_message", of: left }], waiting: 2, next: "behind" };
      return works
        ? {
            items: [
              {
                kind: "left_message",
                of: { ...left, conversation: "cnv_2", customer: visitor("8a00"), text: "Write to me" },
              },
            ],
            waiting: 2,
            next: null,
          }
        : new Refusal(503, "busy");
    };
    const queue = { ...general, id: `que_${"1".repeat(32)}` };
    const asked = server({ ...all(me), "GET /queues": list(queue), "GET /feedback": page });
    open(`/inbox/feedback?queue=${queue.id}`);
    await screen.findByRole("listitem", { name: "Call me" });
    expect(asked.asked.findLast((one) => one.path === "/feedback")?.query.get("queue")).toBe(queue.id);
    fireEvent.click(screen.getByRole("button", { name: "Show more" }));
    expect(await screen.findByRole("alert")).toBeTruthy();
    expect(screen.getByRole("listitem", { name: "Call me" })).toBeTruthy();
    works = true;
    fireEvent.click(screen.getByRole("button", { name: "Show more" }));
    expect(await screen.findByRole("listitem", { name: "Write to me" })).toBeTruthy();
    expect(screen.queryByRole("button", { name: "Show more" })).toBeNull();
    expect(await faults(document.body)).toEqual([]);
  });

  it("write everything the company has into a file to take along", async () => {
    const { asked, answers } = server({
      ...all(tara),
      "POST /company/archive": { state: "running", step: "", done: 0, bytes: null, made_at: null, until: null },
      "DELETE /company/archive": null,
    });
    open("/settings/company");
    const field = await screen.findByLabelText("Passphrase");
    const again = screen.getByLabelText("Passphrase once more");
    const write = () => fireEvent.click(screen.getByRole("button", { name: "Create the file" }));
    fireEvent.change(field, { target: { value: "short" } });
    write();
    expect(await screen.findByText("At least 12 characters")).toBeTruthy();
    fireEvent.change(field, { target: { value: "correct horse battery" } });
    write();
    expect(await screen.findByText("This is not the same")).toBeTruthy();
    expect(asked.filter(({ method }) => method === "POST")).toEqual([]);
    fireEvent.change(again, { target: { value: "correct horse battery" } });
    answers["GET /company/archive"] = {
      state: "ready",
      step: null,
      done: 0,
      bytes: 12 * 1024 * 1024,
      made_at: noon,
      until: noon,
    };
    write();
    expect(await screen.findByText(/The file is ready \(12 MB\)/)).toBeTruthy();
    expect(screen.getByRole("link", { name: "Download" }).getAttribute("href")).toContain("/company/archive/file");
    expect(asked.find(({ method }) => method === "POST")?.body).toEqual({ passphrase: "correct horse battery" });
    expect(await faults(document.body)).toEqual([]);
  });
});
