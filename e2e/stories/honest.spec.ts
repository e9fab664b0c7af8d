import type { Locator, Page } from "@playwright/test";
import type { Chat } from "../support/chat";
import type { Desk } from "../support/desk";
import { OldProxy } from "../support/old-proxy";
import type { People } from "../support/people";
import { FaultyLine, type Direction } from "../support/faulty-line";
import { isAccessible } from "../support/axe";
import { settled } from "../support/settled";
import { expect, test as base } from "../support/test";
import { slowness } from "../support/slowness";

/** Waits until the user is told, and prints when: the promise is ten seconds, but a busy machine may draw later. */
async function told(banner: Locator): Promise<void> {
  const since = performance.now();
  await expect(banner).toBeVisible();
  console.log(`told after ${((performance.now() - since) / 1000).toFixed(1)} s`);
}

const test = base.extend<{ line: FaultyLine; old: OldProxy }>({
  line: async ({ server }, use) => {
    const line = await FaultyLine.start(server.port);
    await use(line);
    await line.stop();
  },
  old: async ({ server }, use) => {
    const old = await OldProxy.start(server.port, "refused");
    await use(old);
    await old.stop();
  },
});

async function inConversation(
  people: People,
  customerBy?: string,
  agentBy?: string,
): Promise<{ page: Page; chat: Chat; desk: Desk }> {
  const desk = await people.agent("available", 0, agentBy);
  const { page, chat } = await people.customer(customerBy);
  await chat.human.click();
  await expect(chat.joined(desk.name)).toBeVisible();
  await desk.openFirst();
  await chat.say("before");
  await expect(desk.saidByCustomer).toHaveText(["before"]);
  return { page, chat, desk };
}

const losses: [string, Direction[]][] = [
  ["the server hears nothing", ["up"]],
  ["nothing arrives from the server", ["down"]],
  ["nothing passes either way", ["up", "down"]],
];

for (const [what, directions] of losses) {
  test(`the customer is told that ${what}`, { tag: "@zh-CN" }, async ({ people, line }) => {
    const { chat, desk } = await inConversation(people, line.url);
    line.silence(...directions);
    // frames that still arrive must not be taken for a working connection
    const talk = (async () => {
      for (let n = 1; n <= 4; n++) await desk.say(`meanwhile ${String(n)}`);
    })();
    await told(chat.banner);
    await talk;
    await chat.say("written while down");
    line.restore();
    await expect(desk.saidByCustomer).toHaveText(["before", "written while down"]);
    await expect(chat.log.locator("article.agent .bub")).toHaveText([1, 2, 3, 4].map((n) => `meanwhile ${String(n)}`));
    await expect(chat.banner).toBeHidden();
  });

  test(`the agent is told that ${what}`, { tag: "@en" }, async ({ people, line }) => {
    const { chat, desk } = await inConversation(people, undefined, line.url);
    line.silence(...directions);
    await chat.say("meanwhile");
    await told(desk.linkDown);
    await desk.say("written while down");
    line.restore();
    await expect(chat.log.locator("article.agent .bub")).toHaveText(["written while down"]);
    await expect(desk.saidByCustomer).toHaveText(["before", "meanwhile"]);
    await expect(desk.linkDown).toBeHidden();
  });
}

test("a slow line is no broken one: a second and a half each way, and nobody is alarmed", { tag: "@en" }, async ({
  people,
  line,
  t,
}) => {
  const { page, chat, desk } = await inConversation(people, line.url);
  let alarmed = 0;
  await page.exposeFunction("alarm", () => alarmed++);
  await page.evaluate(() => {
    new MutationObserver(
      () => document.querySelector(".banner") && (window as unknown as { alarm(): void }).alarm(),
    ).observe(document.body, { childList: true, subtree: true });
  });
  line.delayMs = 1500;
  for (const n of [1, 2, 3, 4]) {
    await chat.say(`slow ${String(n)}`);
    await desk.say(`answer ${String(n)}`);
    await expect(chat.agent(`answer ${String(n)}`)).toBeVisible();
    await expect(chat.tick(`slow ${String(n)}`)).toHaveText(t.widget("tick.read"));
  }
  await expect(desk.saidByCustomer).toHaveText(["before", "slow 1", "slow 2", "slow 3", "slow 4"]);
  expect(alarmed).toBe(0);
});

test("the banner says what is so, moves nothing, and goes when all is well", { tag: "@zh-CN" }, async ({
  people,
  line,
  t,
}) => {
  const { page, chat, desk } = await inConversation(people, line.url);
  const first = chat.said.first();
  const before = await first.boundingBox();
  await page.context().setOffline(true);
  await expect(chat.network).toHaveText(t.widget("net.offline"));
  expect(await first.boundingBox()).toEqual(before);
  await isAccessible(page, "the banner");
  line.cut();
  await page.context().setOffline(false);
  await expect(chat.network).toHaveText(t.widget("net.down"));
  await desk.say("meanwhile");
  line.restore();
  await chat.banner.click({ timeout: 3000 }).catch(() => undefined);
  await expect(chat.agent("meanwhile")).toBeVisible();
  await expect(chat.banner).toBeHidden();
  await expect(chat.network).toHaveText("");
});

test("the desk's strip says what is so, moves nothing, and goes when all is well", { tag: "@en" }, async ({
  people,
  line,
  t,
}) => {
  const { chat, desk } = await inConversation(people, undefined, line.url);
  const first = desk.saidByCustomer.first();
  // A new message slides in from below.
  await settled(desk.page);
  const before = await first.boundingBox();
  line.cut();
  await expect(desk.linkDown).toBeVisible();
  await expect(desk.pane.getByRole("status").filter({ hasText: t.console("desk.link.lost") })).toHaveCount(1);
  expect(await first.boundingBox()).toEqual(before);
  await isAccessible(desk.page, "the desk");
  await chat.say("meanwhile");
  line.restore();
  await expect(desk.saidByCustomer).toHaveText(["before", "meanwhile"]);
  await expect(desk.linkDown).toBeHidden();
});

test("what a closed tab left unsent is sent by the next, in order and once", { tag: ["@zh-CN", "@must"] }, async ({
  people,
  line,
}) => {
  const { page, chat, desk } = await inConversation(people, line.url);
  const other = await people.hosted(await page.context().newPage());
  await expect(other.said).toHaveText(["before"]);
  line.cut();
  await chat.say("one", "two");
  await expect(chat.banner).toBeVisible();
  // without a goodbye, as when the tab crashes
  await page.close({ runBeforeUnload: false });
  await expect(other.said).toHaveText(["before", "one", "two"]);
  await other.say("three");
  line.restore();
  await expect(desk.saidByCustomer).toHaveText(["before", "one", "two", "three"]);
  await expect(other.said).toHaveText(["before", "one", "two", "three"]);
});

test("what an agent wrote while offline outlives the tab", { tag: "@en" }, async ({ people, line }) => {
  const { chat, desk } = await inConversation(people, undefined, line.url);
  const { page } = desk;
  line.cut();
  await desk.say("one", "two");
  await desk.composer.fill("half a reply");
  await expect(desk.linkDown).toBeVisible();
  const address = page.url();
  const next = await page.context().newPage();
  await page.close({ runBeforeUnload: false });
  line.restore();
  await next.goto(address);
  await expect(chat.log.locator("article.agent .bub")).toHaveText(["one", "two"]);
  await expect(next.getByText("half a reply")).toBeVisible();
});

test("an agent out of reach loses an unanswered customer to a colleague, and is told everything on return", {
  tag: "@zh-CN",
}, async ({ people, line, t }) => {
  const desk = await people.agent("available", 0, line.url);
  const { chat } = await people.customer();
  await chat.human.click();
  await expect(chat.joined(desk.name)).toBeVisible();
  await desk.openFirst();
  await chat.say("are you there?");
  await expect(desk.saidByCustomer).toHaveText(["are you there?"]);
  line.cut();
  await desk.say("never arrives");
  await desk.composer.fill("half a reply");
  await expect(chat.log.getByText(t.widget("chat.returned"))).toBeVisible({ timeout: 70_000 * slowness });
  const colleague = await people.agent("available", 1);
  await expect(chat.joined(colleague.name)).toBeVisible();
  line.restore();
  await expect(desk.list.getByText(t.console("desk.left.taken", { count: 1 }))).toBeVisible();
  await expect(
    desk.pane.getByText(t.console("desk.tick.failed_why", { reason: t.console("problem.code.not_yours") })),
  ).toBeVisible();
  await expect(desk.pane.getByText("never arrives")).toBeVisible();
  await expect(desk.pane.getByText("half a reply")).toBeVisible();
  await isAccessible(desk.page, "the desk");
  await expect(chat.agent("never arrives")).toHaveCount(0);
});

test("an agent out of reach finds the customer back in the queue, says so, and can answer again", {
  tag: "@en",
}, async ({ people, line, t }) => {
  const desk = await people.agent("available", 0, line.url);
  const { chat } = await people.customer();
  await chat.human.click();
  await expect(chat.joined(desk.name)).toBeVisible();
  await expect(desk.rows).toHaveCount(1);
  await desk.become("break");
  line.silence("up", "down");
  await expect(chat.log.getByText(t.widget("chat.returned"))).toBeVisible({ timeout: 70_000 * slowness });
  line.restore();
  await expect(desk.list.getByText(t.console("desk.left.queued", { count: 1 }))).toBeVisible();
  await desk.list.locator(".left-notice").getByRole("link").click();
  await desk.pane.getByRole("button", { name: t.console("desk.take"), exact: true }).click();
  await expect(chat.joined(desk.name).last()).toBeVisible();
  await expect(desk.list.locator(".left-notice")).toHaveCount(0);
});

test("a page that had to do without WebSocket takes it when it passes, and nothing is lost or doubled", {
  tag: "@zh-CN",
}, async ({ people, old }) => {
  const { page, chat, desk } = await inConversation(people, old.url);
  await expect.poll(() => old.counts.polls).toBeGreaterThan(0);
  old.modern = true;
  const upgrades = old.counts.upgrades;
  // it would happen by itself after a minute; the browser's report of a network change makes it happen now
  await page.evaluate(() => dispatchEvent(new Event("online")));
  await chat.say("1", "2");
  await desk.say("3");
  await expect.poll(() => old.counts.upgrades).toBeGreaterThan(upgrades);
  await chat.say("4", "5");
  await expect(desk.saidByCustomer).toHaveText(["before", "1", "2", "4", "5"]);
  await expect(chat.agent("3")).toHaveCount(1);
  await expect(chat.banner).toBeHidden();
});

test("a server that is halted and started again is followed without losing a word", { tag: "@en" }, async ({
  people,
  server,
}) => {
  const { chat, desk } = await inConversation(people);
  await server.halt();
  await chat.say("one", "two");
  await desk.say("three");
  await server.run();
  await expect(desk.saidByCustomer).toHaveText(["before", "one", "two"]);
  await expect(chat.agent("three")).toHaveCount(1);
  await expect(chat.banner).toBeHidden();
  await expect(desk.linkDown).toBeHidden();
});
