import type { AnyRoute } from "@tanstack/react-router";
import { act, fireEvent, screen, waitFor, within } from "@testing-library/react";
import { afterEach, describe, expect, it } from "vitest";
import type { Me } from "@yingda/api/types";
import { faults } from "../../ui/antd/test/axe";
import { inOrder } from "../build/collect.mjs";
import { choose } from "../src/lib/prefs";
import { areas, areasWithoutHome, entries, openPages, pageAt, pages, startOf } from "../src/shell/areas";
import { grouped } from "../src/shell/grouped";
import { movedTo } from "../src/shell/moved";
import { EventStream } from "./fake-stream";
import { open, server, signedIn } from "./render";
import { administrator, conversation, manager, me } from "./samples";

const none = { items: [], next: null };
const nothing = {
  "GET /queues": none,
  "GET /canned-replies": none,
  "GET /knowledge/synonyms": { items: [], next: null, total: 0 },
  "GET /feedback": { ...none, waiting: 0 },
  "GET /staff": none,
  "GET /groups": none,
  "GET /departments": none,
};
const rail = async () => (await screen.findAllByRole("navigation", { name: "Main" }))[0]!;
const bar = () => screen.getAllByRole("navigation", { name: "Main" })[1]!;
const wordsOf = (within_: HTMLElement) =>
  within(within_)
    .getAllByRole("link")
    .map((link) => link.textContent)
    .filter((words) => words !== "");

/** Somebody who may open one page of the bot's. */
const plain: Me = { ...me, permissions: me.permissions.filter((one) => one !== "knowledge.curate") };

describe("the areas", () => {
  it("are those with a page that the member may open; one page of several has its own name", () => {
    const seen = (who: Me) => entries(who).map(({ word, to, many }) => `${word} ${to}${many ? " …" : ""}`);
    expect(seen(me)).toEqual(expect.arrayContaining(["area.inbox /inbox …", "area.bot /bot/answers …"]));
    expect(seen(me).some((one) => one.startsWith("area.settings"))).toBe(false);
    expect(seen(plain)).toContain("page.canned_replies /bot/canned-replies");
    for (const led of ["area.floor /floor/now …", "area.inbox /inbox …", "area.settings /settings/people …"])
      for (const who of [manager, administrator]) expect(seen(who)).toContain(led);
    expect(entries({ permissions: [] }).map(({ to }) => to)).toEqual(["/bot/canned-replies"]);
    expect([startOf(me), startOf(manager), startOf({ ...me, permissions: [] })]).toEqual([
      "/inbox",
      "/floor/now",
      "/bot/canned-replies",
    ]);
    // Whoever may see the panel begins with it, whatever their role is called.
    expect(startOf({ permissions: [...me.permissions, "panel"] })).toBe("/floor/live");
  });

  it("list many pages by group, and few without", () => {
    const of = (who: Me, area: string) => grouped(openPages(who, areas.find(({ id }) => id === area)!));
    const settings = of(administrator, "settings");
    expect(settings.map(({ group }) => group)).toContain("people");
    expect(settings.find(({ group }) => group === "people")?.pages.map(({ id }) => id)).toContain("groups");
    expect(of(me, "bot").map(({ group }) => group)).toEqual([null]);
    // Pages of a group stand together.
    for (const { id, pages: its } of areas) {
      const order = its.map((page) => ("group" in page ? page.group : ""));
      expect(new Set(order).size, id).toBe(order.filter((one, at) => one !== order[at - 1]).length);
    }
  });

  it("have their pages where the features say that they stand, those of a group together", () => {
    const page = (id: string, after?: string, group?: string) => ({
      id,
      area: "inbox" as const,
      ...(after ? { after } : {}),
      ...(group ? { group } : {}),
    });
    const ids = (...all: ReturnType<typeof page>[]) => inOrder(all).map(({ id }) => id);
    expect(ids(page("c", "b"), page("b", "a"), page("a"))).toEqual(["a", "b", "c"]);
    expect(ids(page("a", undefined, "x"), page("b", "a", "y"), page("z", "a", "x"))).toEqual(["a", "z", "b"]);
    expect(ids(page("a"), page("m", "a"), page("b", "a"))).toEqual(["a", "b", "m"]);
    expect(() => ids(page("a"), page("b", "nowhere"))).toThrow('"b" stands after "nowhere"');
  });

  it("have each page once, below the address of the area", () => {
    const addresses = pages.map(({ to }) => to);
    expect(new Set(addresses).size).toBe(addresses.length);
    for (const { home, at, pages: its } of areas)
      for (const { to } of its) if (at !== "me") expect(to.startsWith(home), to).toBe(true);
    expect(pageAt("/inbox/cnv_1")?.id).toBe("desk");
    expect(pageAt("/inbox/queues")?.id).toBe("queues");
    expect(pageAt("/inboxes")).toBeNull();
  });

  it("are the rail and its foot, with a second level where there are several pages", async () => {
    server({ ...signedIn(manager), ...nothing });
    open("/settings/people");
    expect(wordsOf(await rail())).toEqual(expect.arrayContaining(["Floor", "Inbox", "Settings"]));
    const current = within(await rail()).getByRole("link", { current: "page" });
    expect(current.textContent).toBe("Settings");
    const second = screen.getByRole("navigation", { name: "Settings" });
    expect(wordsOf(second)).toEqual(expect.arrayContaining(["People", "Groups", "Queues"]));
    expect(within(second).getByRole("link", { current: "page" }).textContent).toBe("People");
    fireEvent.click(within(second).getByRole("link", { name: "Groups" }));
    expect(await screen.findByRole("heading", { name: "Groups" })).toBeTruthy();
    expect(within(second).getByRole("link", { current: "page" }).textContent).toBe("Groups");
    expect(await faults(document.body)).toEqual([]);
  });

  it("show no second level to who may open one page of them", async () => {
    server({ ...signedIn(plain), ...nothing });
    open("/bot/canned-replies");
    expect(await screen.findByRole("heading", { name: "Canned replies" })).toBeTruthy();
    expect(wordsOf(await rail())).toContain("Canned replies");
    expect(screen.queryByRole("navigation", { name: "Bot" })).toBeNull();
  });

  it("are opened by Alt and their number", async () => {
    server({ ...signedIn(plain), ...nothing });
    const { router } = open("/sessions");
    await rail();
    fireEvent.keyDown(document.body, { altKey: true, code: "Digit2", key: "2" });
    await waitFor(() => expect(router.state.location.pathname).toBe("/customers"));
  });

  it("count what waits for the member: the desk its conversations, the inbox also left messages", async () => {
    const queue = { id: "que_1", everybody: true, members: [], left_messages: 2, name: { zh: "人工", en: "General" } };
    server({
      ...signedIn(me),
      "GET /queues": { items: [{ ...queue, service: { open: false, opens_at: null } }] },
      "GET /feedback": { ...none, waiting: 0 },
    });
    choose({ secondNames: true });
    open("/inbox/feedback");
    await screen.findByRole("heading", { name: "Feedback" });
    act(() => {
      EventStream.last.become({ state: "live" });
      EventStream.last.receive({
        t: "lists",
        mine: [conversation("a", { waiting_since: 1 })],
        queue: [conversation("b", { state: "queued", agent: null })],
      });
    });
    const badge = "1 conversation is waiting for you, 2 left messages are waiting";
    expect(within(await rail()).getByRole("link", { name: new RegExp(`^Inbox.*${badge}`) })).toBeTruthy();
    const second = screen.getByRole("navigation", { name: "Inbox" });
    expect(within(second).getByRole("link", { name: /^Desk.*1 conversation is waiting for you$/ })).toBeTruthy();
    expect(within(second).getByRole("link", { name: /^Feedback.*2 left messages are waiting$/ })).toBeTruthy();
    const queues = within(second).getByRole("list", { name: "Queue" });
    expect(wordsOf(queues)).toEqual(["All", "GeneralClosed"]);
    expect(await faults(document.body)).toEqual([]);
  });
});

describe("the second level", () => {
  const width = innerWidth;
  afterEach(() => {
    window.innerWidth = width;
    choose({ secondNames: null });
  });
  const wide = (rems: number) => {
    window.innerWidth = rems * 16;
  };
  const answers = { ...nothing, "GET /company": {}, "GET /company/sites": none, "GET /webhooks": none };
  const groupsOf = (nav: HTMLElement) =>
    within(nav)
      .queryAllByRole("group")
      .map((group) => group.getAttribute("aria-label"));

  it("is a column of names by group; narrowed to icons, it stays so", async () => {
    server({ ...signedIn(administrator), ...answers });
    open("/settings/groups");
    const second = await screen.findByRole("navigation", { name: "Settings" });
    expect(groupsOf(second)).toEqual(expect.arrayContaining(["People and permissions", "Company"]));
    const button = within(second).getByRole("button", { name: "Show only the icons" });
    expect([button.getAttribute("aria-expanded"), second.parentElement?.dataset.second]).toEqual(["true", "names"]);
    fireEvent.click(button);
    expect(second.parentElement?.dataset.second).toBe("icons");
    expect(within(second).getByRole("link", { name: "Sites" }).title).toBe("Sites");
    expect(await faults(document.body)).toEqual([]);
    fireEvent.click(within(second).getByRole("link", { name: "People" }));
    expect(await screen.findByRole("heading", { name: "People" })).toBeTruthy();
    expect(second.parentElement?.dataset.second).toBe("icons");
    expect(JSON.parse(localStorage.getItem(`yingda.console.prefs.${administrator.agent}`)!)).toMatchObject({
      secondNames: false,
    });
  });

  it.each([
    [120, "/inbox/queues", "names"],
    [75, "/inbox/queues", "names"],
    [90, "/inbox", "icons"],
    [90, "/settings/groups", "names"],
    [73, "/settings/groups", "above"],
    [73, "/inbox", "above"],
  ])("at %i rem, %s has it as %s", async (rems, path, form) => {
    wide(rems);
    server({ ...signedIn(manager), ...answers });
    open(path);
    const second = await screen.findByRole("navigation", { name: path.startsWith("/inbox") ? "Inbox" : "Settings" });
    expect(second.parentElement?.dataset.second).toBe(form);
  });

  it("keeps its order while an alert waits, and has each icon once", async () => {
    const alert = { subject: "cnv_1", conversation: null, kind: "danger", others: 0, network: null };
    server({ ...signedIn(manager), ...answers, "GET /alerts": { items: [alert], next: null, waiting: 1 } });
    wide(120);
    open("/inbox/queues");
    const second = await screen.findByRole("navigation", { name: "Inbox" });
    await within(second).findByText("1 alert", { exact: false });
    const names = wordsOf(second).map((words) => words?.replace(/[0-9].*/, ""));
    expect(names.indexOf("Alerts")).toBe(names.indexOf("Desk") + 1);
    for (const { pages: its } of areas) expect(new Set(its.map(({ icon }) => icon)).size).toBe(its.length);
  });

  it("gives way to a choice where four names do not fit above the desk's list", async () => {
    wide(45);
    server({ ...signedIn(manager), ...answers });
    open("/inbox");
    const second = await screen.findByRole("navigation", { name: "Inbox" });
    expect(within(second).getByRole("combobox", { name: "Inbox" })).toBeTruthy();
  });

  it("leaves the queues to the page where it has only icons", async () => {
    wide(90);
    choose({ secondNames: false });
    server({ ...signedIn(manager), ...answers });
    open("/inbox/queues");
    expect(await screen.findByRole("list", { name: "Queue" })).toBeTruthy();
    expect(screen.queryByRole("combobox", { name: "Queue" })).toBeNull();
  });

  it("is a list to choose from where many pages have no room", async () => {
    wide(40);
    server({ ...signedIn(administrator), ...answers });
    const { router } = open("/settings/groups");
    const second = await screen.findByRole("navigation", { name: "Settings" });
    const pick = within(second).getByRole("combobox", { name: "Settings" }) as HTMLSelectElement;
    expect([pick.value, within(second).queryAllByRole("link")]).toEqual(["groups", []]);
    expect([...pick.querySelectorAll("optgroup")].map(({ label }) => label)).toContain("People and permissions");
    expect(await faults(document.body)).toEqual([]);
    fireEvent.change(pick, { target: { value: "jobs" } });
    await waitFor(() => expect(router.state.location.pathname).toBe("/settings/jobs"));
  });
});

describe("the browser's tab", () => {
  it.each([
    ["/settings/groups", "Groups – Yingda"],
    ["/inbox/queues", "Queues – Yingda"],
    ["/settings/company", "Company – Yingda"],
    ["/floors/live", "Page not found – Yingda"],
  ])("names %s: %s", async (path, title) => {
    server({ ...signedIn(manager), ...nothing });
    open(path);
    await waitFor(() => expect(document.title).toBe(title));
  });

  it("counts in front what waits, and names the sign-in in its language", async () => {
    server({ ...signedIn(me), ...nothing });
    const first = open("/inbox/queues");
    await waitFor(() => expect(document.title).toBe("Queues – Yingda"));
    act(() => {
      EventStream.last.become({ state: "live" });
      EventStream.last.receive({ t: "lists", mine: [conversation("a", { waiting_since: 1 })], queue: [] });
    });
    await waitFor(() => expect(document.title).toBe("(1) Queues – Yingda"));
    first.unmount();
    const { Refusal } = await import("./render");
    server({ "GET /me": new Refusal(401, "not_signed_in") });
    open("/sign-in");
    await screen.findByRole("heading", { level: 1 });
    act(() => choose({ language: "zh-CN" }));
    await waitFor(() => expect(document.title).toBe("登录工作台 – 应答"));
  });
});

describe("the bar of a phone", () => {
  it.each([
    [me, ["Inbox", "Customers"], ["Bot", "Goods"]],
    [plain, ["Inbox", "Customers"], ["Canned replies", "Goods"]],
    [manager, ["Floor", "Inbox"], ["Reports", "Settings"]],
  ] as const)("has two areas, the search, and the rest under one's own name", async (who, inBar, rest) => {
    server({ ...signedIn(who), ...nothing, "GET /auth/sessions": none });
    open("/sessions");
    await rail();
    expect(wordsOf(bar())).toEqual(inBar);
    const [search, own] = within(bar()).getAllByRole("button");
    expect([search?.textContent, own?.getAttribute("aria-current")]).toEqual(["Search", "true"]);
    fireEvent.click(own!);
    const sheet = (await screen.findAllByRole("dialog", { name: "My account" })).find((one) => one.childElementCount)!;
    expect(wordsOf(sheet)).toEqual(expect.arrayContaining([...rest, "Signed-in devices", "Handbook"]));
    for (const shown of inBar) expect(wordsOf(sheet)).not.toContain(shown);
    expect(within(sheet).getByRole("button", { name: "Sign out" })).toBeTruthy();
    expect(await faults(document.body)).toEqual([]);
  });
});

describe("a former address", () => {
  it.each([
    ["/desk", {}, "/inbox"],
    ["/desk/cnv_1", { list: "queue" }, "/inbox/cnv_1"],
    ["/queues", { queue: "que_1" }, "/inbox/queues"],
    ["/queues", { tab: "left", done: true }, "/inbox/feedback"],
    ["/panel", { open: "no_answer" }, "/floor/live"],
    ["/panel/wall", {}, "/floor/wall"],
    ["/panel/history", { shape: "stacked" }, "/reports/history"],
    ["/answers", { entry: "kb-002" }, "/bot/answers"],
    ["/canned-replies", { q: "hi" }, "/bot/canned-replies"],
    ["/reports/response-times", { range: "week" }, "/settings/response-times"],
    ["/reports/jobs", {}, "/settings/jobs"],
    ["/settings/embeddings", {}, "/bot/embeddings"],
  ])("%s %o leads to %s with the rest of it", (from, search, to) => {
    const { tab: _, ...kept } = search as Record<string, unknown>;
    expect(movedTo(from, search)).toEqual({ to, search: kept });
  });

  it("is none of those that stayed, nor one that only begins alike", () => {
    for (const stays of ["/goods", "/settings/people", "/sessions", "/handbook", "/wall", "/inbox", "/desktop", "/"])
      expect(movedTo(stays, {}), stays).toBeNull();
  });

  it("is replaced where it is opened, with query and hash", async () => {
    server({ ...signedIn(me), ...nothing });
    const { router } = open("/queues/?tab=left&done=true#here");
    expect(await screen.findByRole("heading", { name: "Feedback" })).toBeTruthy();
    const { pathname, search, hash } = router.state.location;
    expect([pathname, search, hash]).toEqual(["/inbox/feedback", { done: true }, "here"]);
    expect(router.history.length).toBe(1);
  });

  it("is replaced before signing in, too", async () => {
    const { Refusal } = await import("./render");
    server({ "GET /me": new Refusal(401, "not_signed_in") });
    const { router } = open("/answers?entry=kb-002");
    await waitFor(() => expect(router.state.location.pathname).toBe("/sign-in"));
    expect(router.state.location.search).toEqual({ next: "/bot/answers?entry=kb-002" });
  });

  it("of a page that is not theirs says so", async () => {
    const all = server({ ...signedIn(me), ...nothing });
    const { router } = open("/panel/history");
    expect((await screen.findByRole("alert")).textContent).toBe("You do not have permission; ask an administrator");
    expect(router.state.location.pathname).toBe("/reports/history");
    expect(all.asked.some(({ path }) => path.startsWith("/metrics"))).toBe(false);
  });
});

describe("the address of an area", () => {
  it("leads to the first page the member may open", async () => {
    server({ ...signedIn(plain), ...nothing });
    const { router } = open("/bot");
    expect(await screen.findByRole("heading", { name: "Canned replies" })).toBeTruthy();
    expect(router.state.location.pathname).toBe("/bot/canned-replies");
  });

  it.each(["/floor", "/reports", "/settings"])("%s says that it is not theirs", async (home) => {
    server({ ...signedIn(me), ...nothing });
    open(home);
    expect((await screen.findByRole("alert")).textContent).toBe("You do not have permission; ask an administrator");
    for (const led of ["Floor", "Reports", "Settings"]) expect(wordsOf(await rail())).not.toContain(led);
    expect(screen.queryByRole("navigation", { name: /Floor|Reports|Settings/ })).toBeNull();
  });

  it("that never was is no page", async () => {
    server({ ...signedIn(me), ...nothing });
    open("/floors/live");
    expect(await screen.findByRole("heading", { name: "Page not found" })).toBeTruthy();
  });

  it("keeps the other pages of the area in reach of who may not open one of them", async () => {
    server({ ...signedIn(manager), ...nothing });
    open("/settings/company");
    expect((await screen.findByRole("alert")).textContent).toBe("You do not have permission; ask an administrator");
    const second = wordsOf(screen.getByRole("navigation", { name: "Settings" }));
    expect(second).toEqual(expect.arrayContaining(["People", "Groups"]));
    expect(second).not.toContain("Company");
  });
});

it("every route of signed-in members belongs to a page of the list, so that none is open to everybody by accident", async () => {
  const { router } = open("/sign-in");
  await router.options.context.openInside();
  const homes = areasWithoutHome.map(({ home }) => home);
  const below = (route: AnyRoute): AnyRoute[] =>
    (Object.values(route.children ?? {}) as AnyRoute[]).flatMap((child) => [child, ...below(child)]);
  const addresses = below(router.routesById["/inside"]).map((route) => route.fullPath);
  expect(addresses.length).toBeGreaterThan(pages.length);
  for (const address of addresses)
    if (address !== "/" && !homes.includes(address)) expect(pageAt(address), address).not.toBeNull();
  for (const { to } of pages) expect(addresses, to).toContain(to);
});

it("every page of the list has a route, which is guarded by its permission", async () => {
  server({ ...signedIn({ ...me, permissions: [] }), ...nothing });
  const { router } = open("/sessions");
  await rail();
  const guarded = pages.filter(({ needs }) => needs !== null);
  expect(guarded.length).toBeGreaterThan(0);
  for (const { to } of guarded) {
    await act(() => router.navigate({ to }));
    expect((await screen.findByRole("alert")).textContent, to).toBe("You do not have permission; ask an administrator");
  }
});
