import type { Chat } from "../support/chat";
import type { Desk } from "../support/desk";
import type { People } from "../support/people";
import { FaultyLine } from "../support/faulty-line";
import { expect, test as base } from "../support/test";

/** The customer reaches the server through a connection that can be cut, the agent directly. */
const test = base.extend<{ line: FaultyLine }>({
  line: async ({ server }, use) => {
    const line = await FaultyLine.start(server.port);
    await use(line);
    await line.stop();
  },
});

/** A customer and an agent in a conversation that has begun. */
async function inConversation(people: People, base: string): Promise<{ chat: Chat; desk: Desk }> {
  const desk = await people.agent();
  const { chat } = await people.customer(base);
  await chat.human.click();
  await expect(chat.joined(desk.name)).toBeVisible();
  await desk.openFirst();
  await chat.say("1 before");
  await expect(desk.saidByCustomer).toHaveText(["1 before"]);
  return { chat, desk };
}

for (const lost of ["message", "answer"] as const) {
  test(`the connection is reset while a message leaves, and the ${lost} is lost`, { tag: ["@zh-CN", "@must"] }, async ({
    people,
    line,
    t,
  }) => {
    const { chat, desk } = await inConversation(people, line.url);
    const cut = line.cutAtNextSend(lost);
    await chat.say("2 during");
    await cut;
    await chat.say("3 after", "4 last");
    await expect(chat.banner).toBeVisible();
    await expect(chat.said).toHaveText(["1 before", "2 during", "3 after", "4 last"]);
    await expect(chat.tick("4 last")).toHaveText(t.widget("tick.waiting"));
    await desk.say("5 from the agent meanwhile");
    line.restore();
    await expect(chat.agent("5 from the agent meanwhile")).toBeVisible();
    await expect(chat.banner).toBeHidden();
    await expect(desk.saidByCustomer).toHaveText(["1 before", "2 during", "3 after", "4 last"]);
    await expect(chat.said).toHaveText(["1 before", "2 during", "3 after", "4 last"]);
    await expect(chat.tick("4 last")).toHaveText(t.widget("tick.read"));
    await chat.page.reload();
    await expect(chat.said).toHaveText(["1 before", "2 during", "3 after", "4 last"]);
  });
}

test("the line falls silent in one direction, then the other, and nothing is lost or doubled", { tag: "@en" }, async ({
  people,
  line,
  t,
}) => {
  const { chat, desk } = await inConversation(people, line.url);

  await test.step("the server hears the customer, the customer hears nothing", async () => {
    line.silence("down");
    await chat.say("2 half", "3 open");
    await expect(desk.saidByCustomer).toHaveText(["1 before", "2 half", "3 open"]);
    await expect(chat.banner).toBeVisible();
    await expect(chat.said).toHaveText(["1 before", "2 half", "3 open"]);
    line.restore();
    await expect(chat.tick("3 open")).toHaveText(t.widget("tick.read"));
    await expect(chat.banner).toBeHidden();
  });

  await test.step("the server hears nothing", async () => {
    line.silence("up");
    await chat.say("4 into the void");
    await desk.say("5 meanwhile");
    await expect(chat.agent("5 meanwhile")).toBeVisible();
    await expect(chat.banner).toBeVisible();
    line.restore();
    await expect(desk.saidByCustomer).toHaveText(["1 before", "2 half", "3 open", "4 into the void"]);
    await expect(chat.said).toHaveText(["1 before", "2 half", "3 open", "4 into the void"]);
  });
});

test("the agent's connection is reset while a reply leaves", { tag: "@en" }, async ({ people, line, t }) => {
  const desk = await people.agent("available", 0, line.url);
  const { chat } = await people.customer();
  await chat.human.click();
  await expect(chat.joined(desk.name)).toBeVisible();
  await desk.openFirst();
  const cut = line.cutAtNextSend("answer");
  await desk.say("A first");
  await cut;
  await desk.say("B second");
  await expect(desk.linkDown).toBeVisible();
  await chat.say("C from the customer meanwhile");
  line.restore();
  await expect(desk.saidByCustomer).toHaveText(["C from the customer meanwhile"]);
  await expect(chat.log.locator("article.agent .bub")).toHaveText(["A first", "B second"]);
  await expect(desk.linkDown).toBeHidden();
  await expect(desk.page.getByText(t.console("desk.foot.nothing_unsent"))).toBeVisible();
});

test("the server is killed and started again: both sides go on, and everything said is there", {
  tag: ["@zh-CN", "@must"],
}, async ({ people, server, t }) => {
  const { chat, desk } = await inConversation(people, server.url);
  await desk.say("2 the agent");
  await chat.say("3 just before");
  await expect(desk.saidByCustomer).toHaveText(["1 before", "3 just before"]);
  await server.kill();
  await chat.say("4 while it is away");
  await desk.say("5 the agent too");
  await expect(chat.banner).toBeVisible();
  await expect(desk.linkDown).toBeVisible();
  await server.run();
  await expect(desk.saidByCustomer).toHaveText(["1 before", "3 just before", "4 while it is away"]);
  await expect(chat.log.locator("article.agent .bub")).toHaveText(["2 the agent", "5 the agent too"]);
  await chat.say("6 and on");
  await expect(desk.saidByCustomer.last()).toHaveText("6 and on");
  await expect(chat.tick("6 and on")).toHaveText(t.widget("tick.read"));
  await chat.page.reload();
  await expect(chat.said).toHaveText(["1 before", "3 just before", "4 while it is away", "6 and on"]);
});

test("drafts survive a reload on both sides", { tag: "@en" }, async ({ people, server }) => {
  const { chat, desk } = await inConversation(people, server.url);
  const page = chat.page;
  await chat.composer.fill("half a sentence");
  await expect.poll(() => page.evaluate(() => Object.values(localStorage).includes("half a sentence"))).toBe(true);
  await page.reload();
  await expect(chat.composer).toHaveValue("half a sentence");
  await chat.composer.press("Enter");
  await expect(desk.saidByCustomer.last()).toHaveText("half a sentence");
  await expect(chat.composer).toHaveValue("");

  await desk.composer.fill("half a reply");
  await desk.page.reload();
  await expect(desk.composer).toHaveValue("half a reply");
  await desk.composer.press("Enter");
  await expect(chat.agent("half a reply")).toBeVisible();
});

test("two tabs of one customer are one conversation", { tag: "@zh-CN" }, async ({ people, server }) => {
  const desk = await people.agent();
  const { page, chat: one } = await people.customer();
  await one.say("from the first tab");
  await expect(one.bot(/./).nth(1)).toBeVisible();
  const two = await people.hosted(await page.context().newPage());
  await expect(two.said).toHaveText(["from the first tab"]);
  await two.human.click();
  await expect(one.joined(desk.name)).toBeVisible();
  await desk.openFirst();
  await two.say("from the second tab");
  await expect(one.said).toHaveText(["from the first tab", "from the second tab"]);
  await desk.say("to both");
  await expect(one.agent("to both")).toHaveCount(1);
  await expect(two.agent("to both")).toHaveCount(1);
  await page.close();
  await two.say("one is closed");
  await expect(desk.saidByCustomer).toHaveText(["from the first tab", "from the second tab", "one is closed"]);
  expect(server.log).not.toContain("ERROR");
});
