import { isAccessible } from "../support/axe";
import { caller } from "../support/crowd";
import { FloorView } from "../support/floor";
import { expect, test } from "../support/test";

test("a supervisor listens, whispers, joins and takes over by keys; the customer sees only who speaks to them", {
  tag: ["@zh-CN", "@must"],
}, async ({ people, t }) => {
  const desk = await people.agent();
  const { chat } = await people.customer();
  const question = t.pick("宽带三天没网了", "No network for three days");
  await chat.say(question);
  await chat.human.click();
  await expect(chat.joined(desk.name)).toBeVisible();
  await desk.openFirst();
  const { page, name } = await people.staff("manager");
  const floor = new FloorView(page, name, t);
  await floor.open();
  const { keyboard } = page;

  await test.step("what is served is in the list; nothing of it is read before the supervisor listens", async () => {
    await expect(floor.served.getByRole("button", { name: desk.name })).toBeVisible();
    await keyboard.press("j");
    await expect(floor.pane).toBeVisible();
    await expect(floor.log).toHaveCount(0);
    await keyboard.press("l");
    await expect(floor.log.getByText(question).first()).toBeVisible();
    await expect(desk.said(t.console("desk.system.listened", { name }))).toBeVisible();
    await isAccessible(page, "the floor with a conversation");
  });

  await test.step("a whisper is the agent's alone, and Esc leaves what is being written in sight", async () => {
    const words = t.pick("先查一下是不是区域故障", "Check for an outage first");
    await keyboard.press("Shift+W");
    await floor.whisper(desk.name, words);
    await expect(desk.said(words)).toBeVisible();
    const field = floor.pane.getByRole("textbox");
    await field.fill(t.pick("还有", "And"));
    await field.press("Escape");
    await expect(field).toHaveValue(t.pick("还有", "And"));
    await expect(field).not.toBeFocused();
    await desk.say(t.pick("我先查一下", "Let me check"));
    await expect(chat.agent(t.pick("我先查一下", "Let me check"))).toBeVisible();
    await expect(chat.root.getByText(words)).toHaveCount(0);
    await expect(chat.root.getByText(name)).toHaveCount(0);
  });

  await test.step("who joins is named to the customer, speaks, and leaves; the agent still serves", async () => {
    await keyboard.press("b");
    await floor.pane.getByRole("button", { name: t.console("floor.join.begin") }).click();
    await expect(chat.log.getByText(t.widget("chat.entered", { name }))).toBeVisible();
    const words = t.pick("我是主管，已经在协调抢修", "I am the supervisor; a team is on its way");
    const field = floor.pane.getByRole("textbox", { name: t.console("floor.join.label") });
    await field.fill(words);
    await field.press("Control+Enter");
    await expect(chat.agent(words)).toBeVisible();
    await expect(desk.said(words)).toBeVisible();
    await floor.pane.getByRole("button", { name: t.console("floor.join.leave") }).click();
    await expect(chat.log.getByText(t.widget("chat.exited", { name }))).toBeVisible();
    await expect(desk.rows).toHaveCount(1);
    await expect(desk.composer).toBeVisible();
  });

  await test.step("taken over with a reason: the agent reads who and why, and the customer goes on with the supervisor", async () => {
    const why = t.pick("客户是重要客户", "An important customer");
    await floor.mode("take_over").click();
    await floor.pane.getByRole("textbox", { name: t.console("floor.take_over.reason") }).fill(why);
    await floor.pane.getByRole("button", { name: t.console("floor.mode.take_over"), exact: true }).click();
    await expect(page).toHaveURL(/\/console\/inbox\/cnv_/);
    await expect(desk.rows).toHaveCount(0);
    await expect(desk.page.getByText(why, { exact: false }).first()).toBeVisible();
    await expect(desk.composer).toHaveCount(0);
    const reply = page.getByRole("combobox", { name: t.console("desk.composer.label") });
    await reply.fill(t.pick("接下来由我为您处理", "I take it from here"));
    await reply.press("Enter");
    await expect(chat.agent(t.pick("接下来由我为您处理", "I take it from here"))).toBeVisible();
    await expect(chat.root.getByText(why)).toHaveCount(0);
  });
});

test("a supervisor changes an agent's state with a reason, which the agent reads", { tag: "@en" }, async ({
  people,
  t,
}) => {
  const desk = await people.agent();
  const { page, name } = await people.staff("manager");
  const floor = new FloorView(page, name, t);
  await floor.open();
  const row = floor.agents.getByRole("row", { name: desk.name });
  await row.getByRole("button", { name: t.console("floor.standing.available"), exact: true }).click();
  const dialog = page.getByRole("dialog", { name: t.console("floor.state.title", { name: desk.name }) });
  await dialog.getByRole("radio", { name: t.console("floor.standing.break") }).click();
  await dialog.getByRole("textbox", { name: t.console("floor.state.reason") }).fill("You have not had lunch");
  await dialog.getByRole("button", { name: t.console("floor.state.change") }).click();
  await expect(desk.state).toContainText(t.console("desk.state.set_by", { name, reason: "You have not had lunch" }));
  await expect(row.getByRole("button", { name: t.console("floor.standing.break"), exact: true })).toBeVisible();
  await row.getByRole("button", { name: t.like(t.console("floor.agents.history", { name: desk.name })) }).click();
  await expect(page.getByRole("dialog").getByRole("listitem").first()).toContainText("You have not had lunch");
});

test("somebody who waits is dropped on a queue, and then on an agent who is free", { tag: "@en" }, async ({
  people,
  server,
  t,
}) => {
  await caller(server, "No signal since this morning");
  const { page, name } = await people.staff("manager");
  const floor = new FloorView(page, name, t);
  await floor.open();
  const lines = page.getByRole("region", { name: t.console("floor.lines"), exact: true });
  const lane = lines.getByRole("listitem").filter({ hasText: "Broadband faults" });
  await lines.getByRole("button").first().dragTo(lane);
  await expect(lane.getByRole("button")).toHaveCount(1);
  const desk = await people.agent();
  const row = floor.agents.getByRole("row", { name: desk.name });
  await expect(row).toContainText(t.console("floor.standing.available"));
  await expect(desk.rows).toHaveCount(0);
  await lane.getByRole("button").dragTo(row);
  await expect(desk.rows).toHaveCount(1);
  await desk.openFirst();
  await expect(desk.said("No signal since this morning").first()).toBeVisible();
  await expect(lane.getByRole("button")).toHaveCount(0);
});

test("a supervisor tells everybody something from the floor", { tag: "@zh-CN" }, async ({ people, t }) => {
  const desk = await people.agent("offline");
  const { page, name } = await people.staff("manager");
  await new FloorView(page, name, t).open();
  await page.getByRole("button", { name: t.console("floor.announce"), exact: true }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("textbox", { name: t.console("announcements.field.title") }).fill("北区断网，抢修中");
  await dialog.getByRole("button", { name: t.console("announcements.publish") }).click();
  await expect(desk.page.getByText("北区断网，抢修中")).toBeVisible();
});
