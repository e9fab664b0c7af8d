import { isAccessible } from "../support/axe";
import { memberOf } from "../support/api";
import { caller } from "../support/crowd";
import { expect, test } from "../support/test";

test("a conversation is put on hold, and snoozed until the customer writes or its time has come", {
  tag: ["@en", "@must"],
}, async ({ people, server, seed, t }) => {
  const desk = await people.agent();
  const { page } = desk;
  const { chat } = await people.customer();
  await chat.human.click();
  await expect(chat.joined(desk.name)).toBeVisible();
  await desk.openFirst();
  await desk.say("I will find out");
  await expect(chat.agent("I will find out")).toBeVisible();
  /** The open conversation keeps its place, and says where it belongs now. */
  const isLater = desk.rows.filter({ hasText: t.console("desk.group.later") });
  const goOn = desk.pane.getByRole("button", { name: t.console("desk.wake"), exact: true });

  await test.step("on hold with Alt H: the customer is told, and their words end it", async () => {
    await page.keyboard.press("Alt+h");
    await expect(desk.pane.getByText(t.console("desk.hold.here"))).toBeVisible();
    await expect(chat.log.getByText(t.widget("chat.held", { name: desk.name }))).toBeVisible();
    await expect(isLater).toHaveCount(1);
    await isAccessible(page, "a conversation on hold");
    await chat.say("Thank you for looking");
    await expect(desk.said("Thank you for looking")).toBeVisible();
    await expect(goOn).toHaveCount(0);
    await expect(isLater).toHaveCount(0);
  });

  await test.step("snoozed with Alt Z for an hour: it is set aside, unseen by the customer, until they write", async () => {
    await desk.say("I call you back");
    await page.keyboard.press("Alt+z");
    await page.getByRole("button", { name: new RegExp(`^${t.console("desk.snooze.hour")}`) }).click();
    await expect(desk.pane.getByText(t.like(t.console("desk.snooze.here")))).toBeVisible();
    await expect(isLater).toHaveCount(1);
    await expect(desk.said(t.console("desk.system.you_snoozed"))).toBeVisible();
    await expect(chat.root.getByText(t.console("desk.system.you_snoozed"))).toHaveCount(0);
    await chat.say("Any news?");
    await expect(isLater).toHaveCount(0);
    await expect(goOn).toHaveCount(0);
    await expect(desk.rows).toHaveCount(1);
  });

  await test.step("snoozed to a time that comes: it is back by itself, first of those who wait", async () => {
    await desk.say("One moment more");
    await expect(chat.agent("One moment more")).toBeVisible();
    const conversation = new URL(page.url()).pathname.split("/").at(-1) ?? "";
    await memberOf(server, seed, "agent").send(conversation, { type: "snooze", until: Date.now() + 2000 });
    await expect(goOn).toBeVisible();
    await expect(desk.said(t.console("desk.system.woken"))).toBeVisible();
    await expect(goOn).toHaveCount(0);
    await expect(
      desk.list.getByRole("region", { name: t.console("desk.group.waiting_for_me") }).getByRole("link"),
    ).toHaveCount(1);
  });
});

test("a conversation is labelled with Alt L, and the next one by key 1 when it is resolved", { tag: "@zh-CN" }, async ({
  people,
  server,
  seed,
  t,
}) => {
  const administrator = memberOf(server, seed, "administrator");
  for (const [zh, en, colour] of [
    ["退费", "Refund", "hot"],
    ["咨询", "Question", "plain"],
  ] as const)
    await administrator.post("/labels", { name: { zh, en }, colour });
  const refund = t.pick("退费", "Refund");
  const desk = await people.agent();
  const { page } = desk;
  await caller(server, "多扣了 30 块");
  await desk.openFirst();
  await desk.say(t.pick("我来查一下", "Let me look"));

  await test.step("a few letters find it, Enter gives it, Enter again saves it", async () => {
    await page.keyboard.press("Alt+l");
    const dialog = page.getByRole("dialog", { name: t.console("desk.label.title") });
    await expect(dialog.getByRole("checkbox")).toHaveCount(2);
    await isAccessible(page, "the labels of a conversation");
    await page.keyboard.type(t.pick("退", "ref"));
    await expect(dialog.getByRole("checkbox")).toHaveCount(1);
    await page.keyboard.press("Enter");
    await page.keyboard.press("Enter");
    await expect(dialog).toHaveCount(0);
    await expect(desk.pane.locator(".conversation-head").getByText(refund)).toBeVisible();
    await expect(desk.said(t.console("desk.system.you_label_added", { added: refund }))).toBeVisible();
    await page.keyboard.press("Alt+r");
    await expect(desk.rows).toHaveCount(0);
  });

  await test.step("the next one has none: what is likely is offered, and 1 resolves it with the first", async () => {
    await caller(server, "又多扣了");
    await desk.openFirst();
    await desk.say(t.pick("我来查一下", "Let me look"));
    await page.keyboard.press("Alt+r");
    await expect(page.getByRole("dialog").getByRole("button", { name: refund })).toBeVisible();
    await page.keyboard.press("1");
    await expect(desk.rows).toHaveCount(0);
    await desk.show("resolved");
    await expect(desk.rows.filter({ hasText: refund })).toHaveCount(2);
  });
});

test("a note calls a colleague, who is told, opens the conversation at the note, and has seen it", {
  tag: ["@en", "@must"],
}, async ({ people, server, t }) => {
  const desk = await people.agent();
  const colleague = await people.agent("offline", 1);
  const one = await caller(server, "my bill is wrong");
  await desk.openFirst();
  await desk.toNote();
  await desk.note.pressSequentially(`who knows? @${colleague.name.slice(0, 1)}`);
  await expect(desk.page.getByRole("option", { name: colleague.name })).toBeVisible();
  await desk.note.press("Enter");
  await desk.note.pressSequentially("can you look?");
  await expect(desk.note).toHaveValue(`who knows? @${colleague.name} can you look?`);
  await desk.note.press("Enter");
  // What is said afterwards is below the note, which is what the colleague came for.
  await one.say(...Array.from({ length: 30 }, (_, n) => `line ${String(n)}`));

  const notice = colleague.list.getByText(t.console("desk.mention.unseen", { count: 1 }));
  await expect(notice).toBeVisible();
  await isAccessible(colleague.page, "the desk with a note that calls");
  await colleague.list.getByRole("link", { name: /can you look/ }).click();
  await expect(colleague.said(/can you look/)).toBeInViewport();
  await expect(notice).toHaveCount(0);
  await colleague.note.fill("It is the roaming of May");
  await colleague.note.press("Enter");
  await expect(desk.said("It is the roaming of May")).toBeVisible();
});
