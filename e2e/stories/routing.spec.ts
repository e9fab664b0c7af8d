import { expect, test } from "../support/test";
import { slowness } from "../support/slowness";

test("a conversation goes to a colleague, back to the queue, and is taken from there", {
  tag: ["@en", "@must"],
}, async ({ people, t }) => {
  const first = await people.agent("available", 0);
  const { chat } = await people.customer();
  await chat.say("my order is late");
  await chat.human.click();
  await expect(chat.joined(first.name)).toBeVisible();
  const second = await people.agent("available", 1);
  await people.available(2);
  await first.openFirst();
  const queue = t.pick("综合服务", "General");

  await test.step("a colleague who has no time: it is said, and nothing happens", async () => {
    await second.become("break");
    await first.transfer(second.name, "");
    await expect(first.page.getByText(t.console("problem.code.transfer_target_not_free"))).toBeVisible();
    await expect(first.rows).toHaveCount(1);
    await expect(first.composer).toBeVisible();
    await second.become("available");
  });

  await test.step("to a colleague, with a note only they see", async () => {
    await first.transfer(second.name, "knows the order system");
    await expect(chat.log.getByText(t.widget("chat.transferred", { from: first.name, to: second.name }))).toBeVisible();
    await expect(first.rows).toHaveCount(0);
    await second.openFirst();
    await expect(second.said("my order is late").first()).toBeVisible();
    await expect(second.said("knows the order system")).toBeVisible();
    await expect(chat.root.getByText("knows the order system")).toHaveCount(0);
    await second.say("I have it");
    await expect(chat.agent("I have it")).toBeVisible();
  });

  await test.step("back to the queue while nobody takes new ones", async () => {
    await first.become("break");
    await second.become("break");
    await second.transfer(queue, "");
    await expect(chat.root.getByText(t.widget("queue.ways"))).toBeVisible();
    await expect(second.rows).toHaveCount(0);
  });

  await test.step("taken from the queue", async () => {
    await first.show("queue");
    await first.rows.first().click();
    await expect(first.said("I have it"), "what waits can be read without taking it").toBeVisible();
    await first.list.getByRole("button", { name: t.like(t.console("desk.take_who")) }).click();
    await expect(chat.joined(first.name).last()).toBeVisible();
    await first.say("here again");
    await expect(chat.agent("here again")).toBeVisible();
    await expect(second.said("here again")).toHaveCount(0);
  });
});

test("somebody waits; an agent who begins gets them", { tag: ["@zh-CN", "@must"] }, async ({ people, t }) => {
  const desk = await people.agent("offline");
  const { chat } = await people.customer();
  await chat.human.click();
  await expect(chat.root.getByText(t.widget("queue.unstaffed"))).toBeVisible();
  await desk.become("available");
  await expect(chat.joined(desk.name)).toBeVisible();
  await expect(desk.rows).toHaveCount(1);
});

test("a customer stops waiting, and the bot answers again", { tag: "@en" }, async ({ people, t }) => {
  const { chat } = await people.customer();
  await chat.human.click();
  await expect(chat.root.getByText(t.widget("queue.unstaffed"))).toBeVisible();
  await expect(chat.human).toBeHidden();
  await chat.root.getByRole("button", { name: t.widget("queue.leave") }).click();
  await expect(chat.log.getByText(t.widget("chat.left"))).toBeVisible();
  await expect(chat.human).toBeVisible();
  await chat.say("hello");
  await expect(chat.bot(/./).nth(1)).toBeVisible();
});

test("an agent's browser is closed: after the lease an unanswered customer waits again, at the front", {
  tag: "@en",
}, async ({ people, t }) => {
  const desk = await people.agent();
  const { chat } = await people.customer();
  await chat.human.click();
  await expect(chat.joined(desk.name)).toBeVisible();
  await desk.openFirst();
  await chat.say("are you there?");
  await expect(desk.saidByCustomer).toHaveText(["are you there?"]);
  await desk.page.context().close();
  await expect(chat.log.getByText(t.widget("chat.returned"))).toBeVisible({ timeout: 70_000 * slowness });
  const colleague = await people.agent("available", 1);
  await expect(chat.joined(colleague.name)).toBeVisible();
  await colleague.openFirst();
  await expect(colleague.said("are you there?").first()).toBeVisible();
});
