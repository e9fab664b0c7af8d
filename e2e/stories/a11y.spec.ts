import { consoleScale, isAccessible, looksIn, sideways, wear } from "../support/axe";
import { demo } from "../support/demo";
import { expect, readOnly, test } from "../support/test";
import type { Words } from "../support/words";

const schemes = (t: Words): ("light" | "dark")[] => (t.lang === "en" ? [] : ["light", "dark"]);

readOnly("the hall is accessible in every look, and fits every width", { tag: "@both" }, async ({ people, t }) => {
  const page = await (await people.context("customer")).newPage();
  const { product } = demo(t);
  for (const [path, ready] of [
    ["/", t.hall("home.featured")],
    ["/goods", t.hall("goods.title")],
    [`/goods/${product.id}`, t.hall("product.related")],
    ["/plans", t.hall("plans.title")],
    [`/search?q=${encodeURIComponent(product.name)}`, t.hall("search.title_for", { q: product.name })],
  ] as const) {
    await page.setViewportSize({ width: 1440, height: 900 });
    await page.goto(path, { waitUntil: "networkidle" });
    await expect(page.getByRole("heading", { name: ready })).toBeVisible();
    for (const look of looksIn(t)) {
      await wear(page, look);
      await isAccessible(page, `${path} in ${look}`);
    }
    for (const [width, look] of [
      [1440, "200 %"],
      [390, "200 %"],
      [320, "light"],
    ] as const) {
      await page.setViewportSize({ width, height: 844 });
      await wear(page, look);
      expect
        .soft(await sideways(page), `${path} at ${String(width)} in ${look} does not scroll sideways`)
        .toBeLessThanOrEqual(0);
    }
  }
});

test("the chat is accessible in all its states and looks", { tag: "@both" }, async ({ people, t }) => {
  const { attribute, unknown, known } = demo(t);
  const { page, chat } = await people.customer();
  /** In one language, on a phone, too. */
  const look = async (state: string, looks = looksIn(t)): Promise<void> => {
    for (const look of looks) {
      await wear(page, look);
      await isAccessible(page, `${state} in ${look}`);
    }
    for (const [width, look] of [
      [390, "200 %"],
      [320, "light"],
      [390, "light"],
    ] as const) {
      await page.setViewportSize({ width, height: 844 });
      await wear(page, look);
      expect
        .soft(await sideways(page), `${state} at ${String(width)} in ${look} does not scroll sideways`)
        .toBeLessThanOrEqual(0);
    }
    if (t.lang === "zh-CN") await isAccessible(page, `${state} on a phone`);
    await page.setViewportSize({ width: 1440, height: 900 });
  };

  await look("at the beginning", ["light"]);
  await chat.say(known.question);
  await expect(chat.bot(/./).nth(1)).toBeVisible();
  await chat.say(attribute.question, unknown);
  await expect(chat.log.getByRole("button", { name: t.widget("chat.human") })).toBeVisible();
  await look("with the bot");
  await chat.human.click();
  await expect(chat.root.getByText(t.widget("queue.unstaffed"))).toBeVisible();
  await look("in the queue");
  await chat.root.getByRole("button", { name: t.widget("queue.message") }).click();
  await expect(chat.root.getByRole("form", { name: t.widget("left.title") })).toBeVisible();
  await look("leaving a message", ["light"]);
  await chat.root.getByRole("button", { name: t.widget("left.not_now") }).click();
  const desk = await people.agent();
  await expect(chat.joined(desk.name)).toBeVisible();
  await desk.openFirst();
  await desk.say("https://example.com is where it is");
  await chat.say("thank you");
  await expect(chat.tick("thank you")).toHaveText(t.widget("tick.read"));
  await look("with a person");
  await desk.resolve("customer");
  await expect(chat.sendRating).toBeVisible();
  await look("at the rating");
});

test("the widget over a page is accessible in every look", { tag: "@both" }, async ({ people, t }) => {
  const { page, chat } = await people.visitor(`/goods/${demo(t).product.id}`);
  await page.getByRole("button", { name: t.hall("product.ask"), exact: true }).click();
  await chat.say(demo(t).attribute.question);
  await expect(chat.bot(demo(t).attribute.answer)).toBeVisible();
  for (const look of looksIn(t)) {
    await wear(page, look);
    await isAccessible(page, `the widget in ${look}`);
  }
});

test("the doors of the console are accessible in every look", { tag: "@both" }, async ({ people, server, t }) => {
  const link = await server.addStaff("agent", "丁宁", "dingning@linkong.example");
  const page = await (await people.context("new agent")).newPage();
  for (const [path, ready] of [
    ["/console/sign-in", t.console("signin.title")],
    [link, t.console("signin.welcome.title", { name: "丁宁" })],
  ] as const) {
    await page.goto("about:blank");
    await page.goto(path);
    await expect(page.getByRole("heading", { name: ready })).toBeVisible();
    for (const scheme of schemes(t)) {
      await page.emulateMedia({ colorScheme: scheme });
      await expect(page.locator("html")).toHaveAttribute("data-theme", scheme);
      await isAccessible(page, `${ready} in ${scheme}`);
    }
    await page.emulateMedia({ colorScheme: "light" });
    await consoleScale(page, 200);
    await expect(page.getByRole("heading", { name: ready })).toBeVisible();
    await isAccessible(page, `${ready} at 200 %`);
    await page.evaluate(() => localStorage.clear());
  }
});

test("the console is accessible in every look", { tag: "@zh-CN" }, async ({ people, t }) => {
  const desk = await people.agent();
  const empty = await people.agent("offline", 1);
  const panel = await people.manager();
  const { chat } = await people.customer();
  const { attribute, unknown } = demo(t);
  await chat.say(attribute.question, unknown);
  await chat.human.click();
  await expect(chat.joined(desk.name)).toBeVisible();
  await desk.openFirst();
  await desk.say("I am on it");
  await desk.keepNote("a private note");
  await expect(desk.said("a private note")).toBeVisible();
  const { page } = await people.staff("administrator");

  const each = async (what: string, page: typeof desk.page, ready: () => Promise<void>): Promise<void> => {
    for (const scheme of schemes(t)) {
      await page.emulateMedia({ colorScheme: scheme });
      await expect(page.locator("html")).toHaveAttribute("data-theme", scheme);
      await ready();
      await isAccessible(page, `${what} in ${scheme}`);
    }
    await page.emulateMedia({ colorScheme: "light" });
    await consoleScale(page, 200);
    await ready();
    await isAccessible(page, `${what} at 200 %`);
    expect.soft(await sideways(page), `${what} at 200 % does not scroll sideways`).toBeLessThanOrEqual(0);
  };

  await each("the desk without a conversation", empty.page, () => empty.state.waitFor());
  await each("the desk with a conversation", desk.page, () => expect(desk.said("a private note")).toBeVisible());
  await each("the panel", panel.page, () => panel.tile("session_created").waitFor());
  await page.goto("/console/bot/canned-replies");
  await each("canned replies", page, () => page.getByRole("rowheader", { name: "/hi", exact: true }).waitFor());
  await page.getByRole("button", { name: t.console("canned.new") }).click();
  await isAccessible(page, "a new canned reply at 200 %");
  await page.goto("/console/settings/webhooks");
  await each("webhooks", page, () => page.getByText(t.console("webhooks.empty.what")).waitFor());
  await page.getByRole("button", { name: t.console("webhooks.new") }).click();
  await isAccessible(page, "a new endpoint at 200 %");
  await page.goto("/console/sessions");
  await each("sessions", page, () => page.getByText(t.console("sessions.this_one")).waitFor());
});
