import { Chat } from "../support/chat";
import { Panel } from "../support/panel";
import { password } from "../support/server";
import { expect, test } from "../support/test";

test("the shop sells its own goods in its own currency, beside the operator in the same browser", {
  tag: ["@both", "@must"],
}, async ({ people, server, t }) => {
  const desk = t.pick("栖木 书桌 120", "Perch Desk 120");
  // A manager of the operator, who is a manager of the shop as well.
  const { page } = await people.staff("manager");
  const manager = (await server.members("shop")).find(({ role }) => role === "manager");
  await page.goto(manager?.link ?? "");
  await page.getByLabel(t.console("signin.welcome.new_password")).fill(password);
  await page.getByRole("button", { name: t.console("signin.welcome.set_and_enter") }).click();
  await page
    .getByRole("navigation", { name: t.console("shell.rail.label") })
    .first()
    .waitFor();

  await test.step("its pages have prices in its currency", async () => {
    const customer = await (await people.context("customer of the shop")).newPage();
    await customer.goto("/o/muyu/goods/g-033");
    await expect(customer.getByRole("heading", { level: 1, name: desk })).toBeVisible();
    await expect(customer.getByRole("main")).toContainText("S$229");
  });

  await test.step("its bot finds its goods by what they are, and answers in its currency", async () => {
    const customer = await (await people.context("customer of the shop")).newPage();
    await customer.goto("/o/muyu/c/muyu");
    const chat = new Chat(customer, customer, t);
    await chat.composer.waitFor();
    await chat.say(t.pick("最便宜的书桌", "cheapest desk"));
    await expect(chat.bot(t.pick("229 新元", "S$229"))).toBeVisible();
    await chat.say(t.pick("100 新元以内的家具", "furniture under S$100"));
    await expect(chat.bot(t.pick("栖木 矮凳：45 新元", "Perch Stool: S$45"))).toBeVisible();
    await expect(chat.bot(/¥|\d 元/)).toHaveCount(0);
  });

  await test.step("its console has them in its currency, and its panel has a past", async () => {
    await page.goto("/o/muyu/console/goods");
    await expect(page.getByRole("row").filter({ hasText: desk })).toContainText("S$229.00");
    const panel = new Panel(page, t, "/o/muyu");
    await panel.open();
    await expect.poll(() => panel.value("session_created")).toBeGreaterThan(0);
  });

  await test.step("the operator's pages stay as they are", async () => {
    await page.goto("/console/goods");
    await expect(
      page
        .getByRole("row")
        .filter({ hasText: t.pick("澈岚 X9 Pro", "Trelan X9 Pro") })
        .first(),
    ).toContainText("¥4,999.00");
    await expect(page.getByRole("main")).not.toContainText("S$");
    const { page: customer, chat } = await people.customer();
    await chat.say(t.pick("澈岚 X9 Pro 多少钱", "How much is the Trelan X9 Pro"));
    await expect(chat.bot(t.pick("4999 元", "¥4,999"))).toBeVisible();
    await customer.goto("/goods/g-001");
    await expect(customer.getByRole("main")).toContainText("¥4,999");
  });
});
