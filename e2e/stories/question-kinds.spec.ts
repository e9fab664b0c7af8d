import { isAccessible } from "../support/axe";
import { memberOf, type Api } from "../support/api";
import { changeQueue } from "../support/routing";
import { expect, test } from "../support/test";

/** A kind of question with a detail, which the demo's site asks for. */
async function asksAbout(administrator: Api): Promise<void> {
  const kind = await administrator.post("/question-kinds", {
    name: { zh: "退款", en: "Refund" },
    details: [{ label: { zh: "订单号", en: "Order number" }, required: true }],
  });
  const site = (await administrator.get("/company/sites")).items[0];
  await administrator.patch(`/company/sites/${site?.id ?? ""}`, {
    asks_about: { on: true, may_skip: false, questions: [kind.id] },
    seen: site?.updated_at,
  });
}

test("a customer says what it is about before a person, a macro does the usual, and an abusive one is blocked until that is lifted", {
  tag: ["@en", "@must"],
}, async ({ people, server, seed, t }) => {
  const administrator = memberOf(server, seed, "administrator");
  await asksAbout(administrator);
  const label = await administrator.post("/labels", { name: { zh: "退款", en: "Refunds" }, colour: "hot" });
  await administrator.post("/macros", {
    own: false,
    name: { zh: "退款受理", en: "Refund taken" },
    acts: [
      { type: "label", label: label.id },
      { type: "reply", text: { zh: "退款已受理", en: "Your refund is on its way" } },
      { type: "note", text: "checked against the list" },
    ],
  });
  await changeQueue(server, seed, "General", { rules: { accept_within_s: 120 } });
  const desk = await people.agent();
  const { page, chat } = await people.customer();

  await test.step("what it is about is asked before a person, with a detail that may not be missing", async () => {
    await chat.human.click();
    const form = chat.root.getByRole("form", { name: t.widget("about.title") });
    await form.getByText("Refund", { exact: true }).click();
    const go = form.getByRole("button", { name: t.widget("about.go") });
    await go.click();
    await expect(form.getByRole("textbox", { name: "Order number" })).toBeFocused();
    await isAccessible(page, "the chat that asks what it is about");
    await form.getByRole("textbox", { name: "Order number" }).fill("A-1029");
    await go.click();
    await expect(chat.log.getByText(t.widget("about.told", { kind: "Refund" }))).toBeVisible();
  });

  await test.step("the offer names it, and the packet and the customer's pane have it with the detail", async () => {
    const offer = desk.page.getByRole("region", { name: t.console("desk.offer.title") });
    await expect(offer).toContainText("Refund");
    await desk.page.keyboard.press("Alt+a");
    await expect(chat.joined(desk.name)).toBeVisible();
    const packet = desk.page.getByRole("region", { name: t.console("desk.packet.title") });
    await expect(packet.getByText("Refund", { exact: true })).toBeVisible();
    await expect(desk.customer.getByText("A-1029")).toBeVisible();
    await expect(desk.said(/A-1029/)).toBeVisible();
  });

  await test.step("a macro from / does its acts in order", async () => {
    await desk.composer.pressSequentially("/taken");
    const option = desk.page.getByRole("option", { name: "Refund taken" });
    await expect(option).toContainText("Refunds");
    await isAccessible(desk.page, "the desk with a macro");
    await desk.composer.press("Enter");
    await expect(desk.page.getByText(t.console("desk.macro.done", { name: "Refund taken" }))).toBeVisible();
    await expect(chat.agent("Your refund is on its way")).toBeVisible();
    await expect(chat.root.getByText("checked against the list")).toHaveCount(0);
    await expect(desk.pane.locator(".conversation-head").getByText("Refunds")).toBeVisible();
    const log = await desk.log.innerText();
    const places = ["Refunds", "Your refund is on its way", "checked against the list"].map((one) => log.indexOf(one));
    expect(places).toEqual([...places].sort((one, other) => one - other));
    expect(places).not.toContain(-1);
    await expect(desk.composer).toHaveValue("");
  });

  await test.step("the visitor is blocked with a reason: what they send is refused, and they are told what to do", async () => {
    await desk.pane.getByRole("button", { name: t.like(t.console("shell.acts.of")) }).click();
    await desk.page.getByRole("button", { name: t.console("desk.block"), exact: true }).click();
    const dialog = desk.page.getByRole("dialog");
    await dialog.getByRole("textbox", { name: t.console("desk.block.reason") }).fill("Threatens the staff");
    await dialog.getByRole("button", { name: t.console("desk.block.week") }).click();
    await isAccessible(desk.page, "the dialog that blocks");
    await dialog.getByRole("button", { name: t.console("desk.block"), exact: true }).click();
    await expect(desk.said(t.console("desk.system.you_blocked", { reason: "Threatens the staff" }))).toBeVisible();
    await chat.say("You will be sorry");
    await expect(chat.log.getByText(t.widget("code.visitor_blocked"), { exact: false })).toBeVisible();
    await expect(chat.root.getByText("Threatens the staff")).toHaveCount(0);
    await expect(desk.said("You will be sorry")).toHaveCount(0);
  });

  await test.step("whoever sets up the queues reads who is blocked, and lifts it: the visitor writes again", async () => {
    const { page: manager } = await people.staff("manager");
    await manager.goto("/console/settings/blocks");
    const one = manager.getByRole("listitem", { name: "Threatens the staff" });
    await expect(one).toBeVisible();
    await isAccessible(manager, "the blocked visitors");
    await one.getByRole("button", { name: t.console("settings.blocks.lift") }).click();
    await manager
      .getByRole("dialog")
      .getByRole("button", { name: t.console("settings.blocks.lift") })
      .click();
    await expect(manager.getByText(t.console("settings.blocks.none"))).toBeVisible();
    await chat.root.getByRole("button", { name: t.widget("chat.resend") }).click();
    await expect(desk.said("You will be sorry")).toBeVisible();
  });
});
