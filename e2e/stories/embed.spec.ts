import type { FrameLocator, Page } from "@playwright/test";
import { chromium } from "@playwright/test";
import { sideways } from "../support/axe";
import { launchWhole } from "../support/browser";
import { Chat } from "../support/chat";
import { demo } from "../support/demo";
import { HostSite } from "../support/host";
import { shiftsOf, watchShifts } from "../support/shifts";
import { swaps } from "../support/swaps";
import { expect, test as base } from "../support/test";
import type { Words } from "../support/words";

const test = base.extend<{ host: HostSite }>({
  host: async ({ server }, use) => {
    const host = await HostSite.start(server.url);
    await use(host);
    await host.stop();
  },
});

test.use({ launchOptions: launchWhole() });

const launcher = (page: Page | FrameLocator, t: Words) =>
  page.getByRole("button", { name: t.pick("问一问", "Ask us"), exact: true });
const kept = (page: Page) => page.evaluate(() => Object.keys(localStorage).sort());

test("a page with a strict policy, and a frame without storage: everything works, the page keeps one sealed secret", {
  tag: ["@en", "@must"],
}, async ({ people, host, server, t }) => {
  const { attribute } = demo(t);
  const { page, chat } = await people.visitor(host.at("/strict"));

  await test.step("nothing is loaded, stored or moved before the visitor acts", async () => {
    const asked: string[] = [];
    const context = await people.context("passer-by");
    context.on("request", (request) => {
      if (request.url().startsWith(server.url)) asked.push(new URL(request.url()).pathname);
    });
    const passing = await context.newPage();
    await watchShifts(passing);
    await passing.goto(host.at("/strict"), { waitUntil: "networkidle" });
    await expect(launcher(passing, t)).toBeVisible();
    expect(asked).toEqual(["/w.js"]);
    expect(await context.cookies()).toEqual([]);
    expect(await kept(passing)).toEqual([]);
    expect(await passing.evaluate(() => sessionStorage.length)).toBe(0);
    const { sum, moved } = await shiftsOf(passing);
    expect(sum, moved).toBe(0);
  });

  await launcher(page, t).click();
  await expect(chat.log.getByText(demo(t).greeting)).toBeVisible();
  await expect(chat.composer).toBeFocused();
  await chat.composer.fill("not sent yet");
  await expect(chat.composer).toHaveValue("not sent yet");
  expect(await kept(page), "nothing is kept before the first message").toEqual([]);

  await chat.say(attribute.question);
  await expect(chat.bot(/./).nth(1)).toBeVisible();
  await expect.poll(() => kept(page)).toEqual(["yingda.demo.sealed"]);
  expect(await page.context().cookies()).toEqual([]);

  await page.reload();
  await expect(chat.said).toHaveText([attribute.question]);
  await chat.human.click();
  await expect(chat.root.getByText(t.widget("queue.unstaffed"))).toBeVisible();
});

test("a frame with storage of its own: the page keeps that there is a conversation, and its next tab shows what was answered", {
  tag: "@en",
}, async ({ people, host, t }) => {
  const desk = await people.agent();
  const browser = await chromium.launch(launchWhole("storage-partitioned"));
  const context = await people.context(
    "customer",
    { locale: t.pick("zh-CN", "en-GB"), viewport: { width: 1440, height: 900 } },
    browser,
  );
  const page = await context.newPage();
  const chat = people.framed(page);
  await page.goto(host.at("/plain"));
  await launcher(page, t).click();
  await chat.say("hello");
  await expect(chat.bot(/./).nth(1)).toBeVisible();
  await page.reload();
  await expect(chat.said).toHaveText(["hello"]);
  expect(await kept(page)).toEqual(["yingda.demo.known"]);
  expect(await context.cookies()).toEqual([]);
  await chat.human.click();
  await expect(chat.joined(desk.name)).toBeVisible();
  await page.close();
  await desk.openFirst();
  await desk.say("back in a minute");
  const next = await context.newPage();
  await next.goto(host.at("/plain"));
  await expect(next.getByRole("button", { name: t.pick("问一问，1 条未读", "Ask us, 1 unread") })).toBeVisible();
  await expect(people.framed(next).composer).toBeHidden();
  await browser.close();
});

test("the chat stays while a single-page site moves on, and the agent sees where the customer is", {
  tag: "@zh-CN",
}, async ({ people, host, t }) => {
  const desk = await people.agent();
  const { page, chat } = await people.visitor(host.at("/spa"));
  await launcher(page, t).click();
  await chat.composer.fill("half a");
  await page.getByRole("link", { name: "Cart" }).click();
  await expect(page.getByRole("heading", { name: "Cart" })).toBeVisible();
  await expect(chat.composer).toHaveValue("half a");
  await chat.composer.click();
  await chat.composer.pressSequentially(" question");
  await chat.composer.press("Enter");
  await expect(chat.mine("half a question")).toBeVisible();
  await chat.agree();
  await page.getByRole("link", { name: "Help" }).click();
  await page.goBack();
  await expect(page.getByRole("heading", { name: "Cart" })).toBeVisible();
  await expect(chat.mine("half a question")).toBeVisible();
  await chat.human.click();
  await expect(chat.joined(desk.name)).toBeVisible();
  await desk.openFirst();
  await expect(desk.customer.getByRole("link", { name: "Cart" })).toBeVisible();
});

test("the chat opens again on the next page of the same tab", { tag: "@en" }, async ({ people, host, t }) => {
  const { page, chat } = await people.visitor(host.at("/plain"));
  await launcher(page, t).click();
  await chat.say("before the next page");
  await expect(chat.bot(/./).nth(1)).toBeVisible();
  let show = (): void => undefined;
  const held = new Promise<void>((resolve) => (show = resolve));
  await page.route("**/widget/frame.html*", async (route) => {
    await held;
    await route.fallback();
  });
  await page.getByRole("link", { name: "Next page" }).click();
  const search = page.getByRole("textbox", { name: "Search the shop" });
  await search.click();
  show();
  await expect(chat.said).toHaveText(["before the next page"]);
  await page.keyboard.type("a cable");
  await expect(search).toHaveValue("a cable");
  await chat.root.getByRole("button", { name: t.widget("chat.minimise") }).click();
  await page.getByRole("link", { name: "Back to the first page" }).click();
  await expect(launcher(page, t)).toBeVisible();
  await expect(chat.composer).toBeHidden();
});

test("on a phone the chat fills the screen, and Back closes it", { tag: "@zh-CN" }, async ({ people, host, t }) => {
  const { page, chat } = await people.visitor(host.at("/plain"), {
    viewport: { width: 390, height: 844 },
    hasTouch: true,
    isMobile: true,
  });
  await launcher(page, t).tap();
  await expect(chat.composer).toBeVisible();
  await expect.poll(() => page.locator("iframe").boundingBox()).toEqual({ x: 0, y: 0, width: 390, height: 844 });
  await expect(page.locator("body")).toHaveJSProperty("inert", true);
  await chat.say("from a phone");
  await expect(chat.bot(/./).nth(1)).toBeVisible();
  const sideways = await chat.root.locator("html").evaluate((root) => root.scrollWidth - root.clientWidth);
  expect(sideways).toBe(0);
  await page.goBack();
  await expect(chat.composer).toBeHidden();
  await expect(page.getByRole("heading", { name: "Host page" })).toBeVisible();
  await expect(page.locator("body")).toHaveJSProperty("inert", false);
  await launcher(page, t).tap();
  await expect(chat.said).toHaveText(["from a phone"]);
  await chat.root.getByRole("button", { name: t.widget("chat.minimise") }).tap();
  await expect(chat.composer).toBeHidden();
  expect(new URL(page.url()).pathname).toBe("/plain");
});

/** How many launchers and chats there are, in all windows of a page. */
async function countIn(page: Page): Promise<{ launchers: number; chats: number }> {
  const frames = page.frames();
  // a frame may be about to show its next page
  const counts = await Promise.all(
    frames.map((frame) =>
      frame
        .locator("yingda-chat")
        .count()
        .catch(() => 0),
    ),
  );
  return {
    launchers: counts.reduce((sum, n) => sum + n, 0),
    chats: frames.filter((frame) => frame.url().includes("/widget/frame.html")).length,
  };
}
type Call = (...args: unknown[]) => void;
const call = (page: Page, ...args: unknown[]) =>
  (page.frame("menu") ?? page.mainFrame()).evaluate(
    (all) => (window as unknown as { yingda: Call }).yingda(...all),
    args,
  );

test("whatever a page does to its document, there is one launcher and one chat", {
  tag: "@en",
}, async ({ people, host, t }) => {
  for (const kind of ["plain", ...swaps, "frames"] as const)
    await test.step(kind, async () => {
      const { page } = await people.visitor(host.at(`/${kind}`));
      const shop = kind === "frames" ? page.frameLocator("[name=content]") : page;
      const chat = new Chat(page, shop.frameLocator("yingda-chat iframe"), t);
      const follow = async (link: string, heading: string): Promise<void> => {
        await shop.getByRole("link", { name: link }).click();
        await expect(shop.getByRole("heading", { name: heading })).toBeVisible();
      };
      await expect(launcher(shop, t)).toBeVisible();
      await follow("Next page", "Next page");
      await expect(launcher(shop, t)).toBeVisible();
      await expect.poll(() => countIn(page)).toEqual({ launchers: 1, chats: 0 });

      await launcher(shop, t).click();
      await chat.say("hello");
      await expect(chat.bot(/./).nth(1)).toBeVisible();
      await chat.composer.fill("half a");
      await follow("Back to the first page", "Host page");
      await expect(chat.said).toHaveText(["hello"]);
      // the chat itself stays, unless the page is loaded or written anew
      if (!/plain|written|frames/.test(kind)) await expect(chat.composer).toHaveValue("half a");
      await expect.poll(() => countIn(page)).toEqual({ launchers: 1, chats: 1 });

      // in the whole tab: a page of a frame may be the one that goes back and forward
      for (const [to, heading] of [
        ["back", "Next page"],
        ["forward", "Host page"],
      ] as const) {
        await page.evaluate((to) => history[to](), to);
        await expect(shop.getByRole("heading", { name: heading })).toBeVisible();
        await expect(chat.said).toHaveText(["hello"]);
        await expect.poll(() => countIn(page)).toEqual({ launchers: 1, chats: 1 });
      }
      await call(page, "close");
      await expect(chat.composer).toBeHidden();
      await call(page, "update", { label: "Need help?" });
      const help = shop.getByRole("button", { name: "Need help?" });
      await expect(help).toBeVisible();
      await call(page, "boot", { site: "demo" });
      await call(page, "open");
      await expect(chat.composer).toBeVisible();
      await expect.poll(() => countIn(page)).toEqual({ launchers: 1, chats: 1 });
      await page.close();
    });

  await test.step("on a phone, where the chat covers the page", async () => {
    const { page, chat } = await people.visitor(host.at("/turbo"), {
      viewport: { width: 390, height: 844 },
      hasTouch: true,
      isMobile: true,
    });
    const body = page.locator("body");
    const inNext = page.getByRole("heading", { name: "Next page", includeHidden: true });
    await launcher(page, t).tap();
    await expect(chat.composer).toBeVisible();
    await page.evaluate(() => (window as unknown as { visit: Call }).visit("/turbo/next"));
    await expect(inNext).toBeAttached();
    await expect(body).toHaveJSProperty("inert", true);
    await chat.root.getByRole("button", { name: t.widget("chat.minimise") }).tap();
    await expect(body).toHaveJSProperty("inert", false);
    await launcher(page, t).tap();
    await expect(chat.composer).toBeVisible();
    await page.goBack();
    await expect(chat.composer).toBeHidden();
    await expect(inNext).toBeVisible();
    expect(await page.evaluate(() => history.state as unknown)).toMatchObject({ visited: host.at("/turbo") });
    await page.goBack();
    await expect(page.getByRole("heading", { name: "Host page" })).toBeVisible();
    await expect(body).toHaveJSProperty("inert", false);
    await expect(launcher(page, t)).toBeVisible();
  });
});

test("an old page in GBK shows the launcher's Chinese right", { tag: "@zh-CN" }, async ({ people, host }) => {
  const { page } = await people.visitor(host.at("/gbk"));
  await expect(page.getByRole("heading", { name: "商城" })).toBeVisible();
  await expect(page.getByRole("button", { name: "问一问", exact: true })).toBeVisible();
});

test("the hosted page needs no host, sets no cookie and fits a phone", { tag: "@en" }, async ({ people, t }) => {
  const context = await people.context("customer", { viewport: { width: 390, height: 844 } });
  const page = await context.newPage();
  const chat = await people.hosted(page);
  await expect(page).toHaveTitle(new RegExp(t.pick("临空通信", "Linkong")));
  await expect(page.getByRole("main")).toBeVisible();
  await expect(page.getByRole("button", { name: t.widget("chat.minimise") })).toHaveCount(0);
  await chat.say("hello");
  await expect(chat.bot(/./).nth(1)).toBeVisible();
  await chat.agree();
  expect(await context.cookies()).toEqual([]);
  expect(await sideways(page)).toBe(0);
  const desk = await people.agent();
  await chat.human.click();
  await expect(chat.joined(desk.name)).toBeVisible();
  await desk.openFirst();
  await expect(desk.customer.getByRole("link", { name: t.pick("临空通信", "Linkong") })).toBeVisible();
});
