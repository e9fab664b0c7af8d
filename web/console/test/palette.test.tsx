import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import type { Me } from "@yingda/api/types";
import { faults } from "../../ui/antd/test/axe";
import { choose, prefs } from "../src/lib/prefs";
import { browserPlace, forget } from "../src/live/place";
import { open, Refusal, server, signedIn } from "./render";
import { administrator, manager, me } from "./samples";

const none = { items: [], next: null };
const ada = { id: "agt_a", name: "Ada", number: "0320", email: "ada@x.example" };
const phone = { id: "g-001", name: { zh: "澈岚 X9", en: "Trelan X9" }, price_fen: 499_900 };
const invoice = { id: "kb-002", question: { zh: "怎么开发票", en: "How do I get an invoice" } };
const greeting = { id: "crp_1", title: "Greeting", shortcode: "hello" };
const found = {
  "GET /staff": { items: [ada], next: null },
  "GET /goods": { currency: "CNY", items: [phone], next: null },
  "GET /knowledge/entries": { items: [invoice] },
  "GET /canned-replies": { items: [greeting], next: null },
  "GET /auth/sessions": none,
  "GET /queues": none,
};

/** Somebody who does not write the bot's answers. */
const plain: Me = { ...me, permissions: me.permissions.filter((one) => one !== "knowledge.curate") };
async function palette(as: Me, answers: Record<string, unknown> = {}) {
  const all = server({ ...signedIn(as), ...found, ...answers });
  const view = open("/sessions");
  await screen.findByRole("heading", { name: "Signed-in devices" });
  fireEvent.keyDown(document.body, { ctrlKey: true, code: "KeyK", key: "k" });
  const field = await screen.findByRole<HTMLInputElement>("combobox", { name: /^Search and go to|^搜索和跳转/ });
  return { ...view, all, field, dialog: screen.getByRole("dialog", { name: /^Search and go to|^搜索和跳转/ }) };
}
const type = (field: HTMLElement, value: string) => fireEvent.change(field, { target: { value } });
const key = (field: HTMLElement, name: string) => fireEvent.keyDown(field, { key: name });
const titles = () => [...document.querySelectorAll(".palette-title")].map((title) => title.textContent);
const active = (field: HTMLElement) =>
  document.getElementById(field.getAttribute("aria-activedescendant") ?? "")?.querySelector(".palette-title")
    ?.textContent;

describe("the palette", () => {
  it("opens with Ctrl K and from the rail, and tells what it finds", async () => {
    const { field, dialog } = await palette(plain);
    expect(document.activeElement).toBe(field);
    expect(within(dialog).getByText("Finds Pages, Actions, Goods, & Canned replies")).toBeTruthy();
    expect(titles()).toEqual([
      "Desk",
      "Alerts",
      "Queues",
      "Feedback",
      "Customers",
      "Conversation records",
      "Canned replies",
      "Goods",
      "Plans",
      "Announcements",
      "Training",
      "Practice",
      "Signed-in devices",
      "Handbook",
    ]);
    expect(await faults(document.body)).toEqual([]);
    fireEvent(dialog, new Event("cancel", { cancelable: true }));
    await waitFor(() => expect(screen.queryByRole("combobox")).toBeNull());
    const button = screen.getAllByRole("button", { name: "Search" })[0]!;
    fireEvent.click(button);
    const again = await screen.findByRole("combobox");
    fireEvent.keyDown(again, { metaKey: true, key: "k" });
    await waitFor(() => expect(screen.queryByRole("combobox")).toBeNull());
  });

  it("finds pages and actions by name and by what else they are called, and opens them with Enter", async () => {
    const { field, router } = await palette(manager);
    type(field, "statistics");
    await waitFor(() => expect(titles()[0]).toBe("History"));
    key(field, "Enter");
    await waitFor(() => expect(router.state.location.pathname).toBe("/reports/history"));
    expect(field.isConnected).toBe(false);
  });

  it("is walked with the arrows, Home and End, around both ends", async () => {
    const { field } = await palette(me);
    expect(active(field)).toBe("Desk");
    key(field, "ArrowDown");
    expect(active(field)).toBe("Alerts");
    key(field, "ArrowUp");
    key(field, "ArrowUp");
    expect(active(field)).toBe("Handbook");
    key(field, "Home");
    expect(active(field)).toBe("Desk");
    key(field, "End");
    expect(active(field)).toBe("Handbook");
    expect(screen.getAllByRole("option", { selected: true })).toHaveLength(1);
    key(field, "ArrowDown");
    expect(active(field)).toBe("Desk");
  });

  it("searches the lists after a pause, and leads to what was found", async () => {
    const { field, all, router, dialog } = await palette(administrator);
    type(field, "a");
    type(field, "ab");
    await waitFor(() => expect(titles()).toEqual(expect.arrayContaining(["Ada", "Trelan X9", "Greeting"])));
    expect(all.asked.filter(({ path, query }) => path === "/staff" && query.has("q"))).toHaveLength(1);
    const groups = within(dialog)
      .getAllByRole("group")
      .map((group) => group.textContent);
    expect(groups).toEqual([
      "PeopleAda0320 · ada@x.example",
      "GoodsTrelan X9¥4,999.00",
      "AnswersHow do I get an invoice",
      "Canned repliesGreeting/hello",
    ]);
    expect(await faults(document.body)).toEqual([]);
    fireEvent.click(screen.getByRole("option", { name: /How do I get an invoice/ }));
    await waitFor(() => expect(router.state.location.pathname).toBe("/bot/answers"));
    expect(router.state.location.search).toEqual({ entry: "kb-002" });
  });

  it("puts what has the words in its name before what only mentions them", async () => {
    const headphone = { id: "g-014", name: { zh: "澈音耳机", en: "Headphone" }, price_fen: 29_900 };
    const back = { id: "kb-031", question: { zh: "七天无理由退货怎么办", en: "How do I return it" } };
    const { field } = await palette(administrator, {
      "GET /staff": none,
      "GET /goods": { items: [headphone], next: null },
      "GET /knowledge/entries": { items: [invoice, back] },
    });
    type(field, "return");
    await waitFor(() => expect(titles()).toEqual(expect.arrayContaining(["Headphone", "Greeting"])));
    expect(titles()).toEqual(["How do I return it", "How do I get an invoice", "Headphone", "Greeting"]);
  });

  it("picks with Enter what these words find, also before that is known, and never what earlier words found", async () => {
    const nothing = { "GET /knowledge/entries": none, "GET /canned-replies": none, "GET /goods": none };
    const { field, all, router } = await palette(administrator, nothing);
    type(field, "qada");
    await waitFor(() => expect(titles()).toEqual(["Ada"]));
    Object.assign(all.answers, { "GET /staff": none, "GET /goods": found["GET /goods"] });
    type(field, "qx9");
    expect(titles()).toEqual([]);
    key(field, "Enter");
    await waitFor(() => expect(router.state.location.pathname).toBe("/goods"));
    expect(router.state.location.search).toEqual({ open: "g-001" });
  });

  it("finds nothing for what one may not open, and asks for none of it", async () => {
    const { field, all } = await palette({ ...me, permissions: [] });
    for (const words of ["panel", "people", "invite", "desk", "goods", "history", "available"]) {
      type(field, words);
      await waitFor(() => expect(all.asked.at(-1)?.query.get("q")).toBe(words));
      await waitFor(() => expect(titles()).toEqual(["Greeting"]));
    }
    expect(all.asked.filter(({ query }) => query.has("q")).map(({ path }) => path)).toEqual(
      Array(7).fill("/canned-replies"),
    );
  });

  it("says what could not be searched, and tries that again", async () => {
    const { field, all, dialog } = await palette(plain, { "GET /goods": new Refusal(500, "internal") });
    type(field, "x9");
    const alert = await within(dialog).findByRole("alert");
    expect(alert.textContent).toMatch(/^Goods could not be searched: /);
    expect(titles()).toEqual(["Greeting"]);
    expect(await faults(document.body)).toEqual([]);
    all.answers["GET /goods"] = found["GET /goods"];
    fireEvent.click(within(dialog).getByRole("button", { name: "Try again" }));
    await waitFor(() => expect(titles()).toEqual(["Trelan X9", "Greeting"]));
    expect(within(dialog).queryByRole("alert")).toBeNull();
  });

  it("says that nothing was found, once everything has answered", async () => {
    const { field } = await palette(plain, { "GET /goods": none, "GET /canned-replies": none });
    type(field, "qqqq");
    expect(screen.getByText("Searching")).toBeTruthy();
    expect(await screen.findByText("Nothing found for “qqqq”")).toBeTruthy();
    expect(field.getAttribute("aria-expanded")).toBe("false");
    expect(await faults(document.body)).toEqual([]);
  });

  it("finds Chinese names by characters, full pinyin and first letters", async () => {
    const { field } = await palette(manager);
    choose({ language: "zh-CN" });
    await screen.findByRole("combobox", { name: "搜索和跳转" });
    for (const [words, first] of [
      ["实时", "实时数据"],
      ["sssj", "实时数据"],
      ["shishi", "实时数据"],
      ["kjhf", "快捷回复"],
      ["zx", "咨询类型"],
      ["zuoxi", "人员"],
      ["fk", "反馈"],
      ["tcdl", "退出登录"],
      ["sswg", "深色外观"],
    ] as const) {
      type(field, words);
      await waitFor(() => expect(titles()[0], words).toBe(first));
    }
  });

  it("leaves Enter to the input method while a word is composed", async () => {
    const { field, router } = await palette(me);
    fireEvent.keyDown(field, { key: "Enter", keyCode: 229 });
    expect(screen.getByRole("combobox")).toBe(field);
    expect(router.state.location.pathname).toBe("/sessions");
  });

  it("does what can be done from anywhere: state, theme, dialogs, new things", async () => {
    const { field, all, router } = await palette(
      { ...administrator, state: "offline" },
      {
        "PUT /me/state": { ...administrator, state: "available" },
        "GET /goods-categories": none,
      },
    );
    type(field, "go available");
    await waitFor(() => expect(titles()[0]).toBe("Go available"));
    expect(titles()).not.toContain("Go offline");
    key(field, "Enter");
    await waitFor(() => expect(all.asked.some((one) => one.path === "/me/state")).toBe(true));
    expect(await screen.findByText("My state: Available")).toBeTruthy();

    const pick = async (words: string) => {
      fireEvent.keyDown(document.body, { ctrlKey: true, code: "KeyK", key: "k" });
      const again = await screen.findByRole("combobox", { name: "Search and go to" });
      type(again, words);
      key(again, "Enter");
    };
    await pick("dark");
    await waitFor(() => expect(prefs.get().theme).toBe("dark"));
    await pick("shortcuts");
    const keys = await screen.findByRole("dialog", { name: "Keyboard shortcuts" });
    fireEvent.click(within(keys).getByRole("button", { name: "Close" }));
    await pick("invite");
    expect(await screen.findByRole("dialog", { name: "Invite" })).toBeTruthy();
    expect(router.state.location).toMatchObject({ pathname: "/settings/people", search: {} });
  });

  it("shows what was picked last first, only what may still be opened, and forgets it with signing out", async () => {
    const first = await palette(manager);
    type(first.field, "ada");
    fireEvent.click(await screen.findByRole("option", { name: /^Ada/ }));
    await waitFor(() => expect(first.router.state.location.search).toEqual({ q: "ada@x.example" }));
    fireEvent.keyDown(document.body, { ctrlKey: true, code: "KeyK", key: "k" });
    const again = await screen.findByRole("combobox", { name: "Search and go to" });
    expect(titles()[0]).toBe("Ada");
    const [recent] = within(screen.getByRole("dialog", { name: "Search and go to" })).getAllByRole("group");
    expect(recent?.textContent).toMatch(/^RecentAda/);
    type(again, "hand");
    key(again, "Enter");
    await screen.findByRole("heading", { level: 1, name: /Handbook/ });
    fireEvent.keyDown(document.body, { ctrlKey: true, code: "KeyK", key: "k" });
    await screen.findByRole("combobox", { name: "Search and go to" });
    expect(titles().slice(0, 2)).toEqual(["Handbook", "Ada"]);
    first.unmount();

    await palette({ ...me, agent: manager.agent });
    expect(titles().slice(0, 2)).toEqual(["Handbook", "Desk"]);
    forget(manager.agent);
    expect(browserPlace.names().filter((name) => name.includes("found"))).toEqual([]);
  });

  it("is not confused by what else is in the storage", async () => {
    browserPlace.set(`yingda.console.found.${me.agent}`, '[1,{"id":"goods:x","search":"goods","found":{"id":"x"}},{}]');
    await palette(me);
    expect(titles()[0]).toBe("Desk");
  });
});
