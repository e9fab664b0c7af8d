import { demo } from "../support/demo";
import { expect, test } from "../support/test";

test("the bot offers a person after two misses, the agent reads what happened, hands back and undoes it", {
  tag: ["@zh-CN", "@must"],
}, async ({ people, t }) => {
  const { unknown } = demo(t);
  const again = t.pick("灯塔的看守人有多高？", "How tall is the lighthouse keeper?");
  const desk = await people.agent("offline");
  const { chat } = await people.customer();

  await test.step("two misses lead to an offer, and a plain yes accepts it", async () => {
    await chat.say(unknown);
    await expect(chat.bot(t.pick("没有可靠的答案", "no reliable answer"))).toBeVisible();
    await chat.say(again);
    await expect(chat.bot(t.pick("要不要转人工", "Shall I get a person"))).toBeVisible();
    await chat.say(t.pick("好的", "yes please"));
    await desk.page.getByRole("button", { name: t.console("desk.empty.start") }).click();
    await expect(chat.joined(desk.name)).toBeVisible();
  });

  await test.step("the packet stands above the conversation until the agent has written", async () => {
    await desk.openFirst();
    const packet = desk.page.getByRole("region", { name: t.console("desk.packet.title") });
    await expect(packet.getByText(t.console("desk.packet.reason.misses"))).toBeVisible();
    await expect(packet.getByText(again)).toBeVisible();
    await desk.composer.fill(t.pick("我来帮您看", "Let me look"));
    await desk.composer.press("Enter");
    await expect(chat.agent(t.pick("我来帮您看", "Let me look"))).toBeVisible();
    await expect(packet.getByText(again)).toBeHidden();
  });

  await test.step("the agent hands back with the keyboard, takes it back, and hands back again", async () => {
    await desk.page.keyboard.press("Alt+b");
    await expect(chat.log.getByText(t.widget("chat.back", { name: desk.name }))).toHaveCount(1);
    await desk.page.getByRole("button", { name: t.console("desk.undo") }).click();
    await expect(chat.joined(desk.name)).toHaveCount(2);
    await desk.page.getByRole("button", { name: t.console("desk.hand_back") }).click();
    await expect(chat.log.getByText(t.widget("chat.back", { name: desk.name }))).toHaveCount(2);
  });

  await test.step("the bot answers what is written next, and counts anew", async () => {
    const before = await chat.log.locator("article.bot").count();
    await chat.say(unknown);
    await expect(chat.log.locator("article.bot")).toHaveCount(before + 1);
    await expect(chat.log.locator("article.bot").last()).not.toContainText(t.pick("要不要转人工", "Shall I get"));
  });
});

test("despair is answered with where to find help, and alerts managers and agents on every page until somebody acts", {
  tag: ["@en", "@must"],
}, async ({ people, t }) => {
  const despair = t.pick("我不想活了", "I want to kill myself");
  const panel = await people.manager();
  const desk = await people.agent("offline");
  const { chat } = await people.customer();
  await chat.say(despair);
  await expect(chat.bot("110")).toBeVisible();
  for (const page of [panel.page, desk.page]) await expect(page.getByRole("link", { name: despair })).toBeVisible();
  await desk.page.getByRole("link", { name: despair }).click();
  await desk.page.getByRole("button", { name: t.console("desk.take"), exact: true }).click();
  await desk.composer.fill(t.pick("我在，您慢慢说", "I am here for you"));
  await desk.composer.press("Enter");
  await expect(chat.agent(t.pick("我在", "I am here"))).toBeVisible();
  await expect(panel.page.getByRole("link", { name: despair })).toHaveCount(0);
  await panel.page.goto(new URL("/console/inbox/alerts?done=true", panel.page.url()).href);
  await expect(panel.page.getByText(despair)).toBeVisible();
  await expect(panel.page.getByText(desk.name, { exact: false }).first()).toBeVisible();
});
