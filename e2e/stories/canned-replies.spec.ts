import type { Locator, Page } from "@playwright/test";
import { expect, test } from "../support/test";
import type { Words } from "../support/words";

const field = (page: Page, t: Words, name: string): Locator =>
  page.getByRole("dialog").getByRole("textbox", { name: t.console(`canned.field.${name}`), exact: true });
const save = (page: Page, t: Words): Promise<void> =>
  page
    .getByRole("dialog")
    .getByRole("button", { name: t.console("kit.save") })
    .click();
const row = (page: Page, shortcode: string): Locator =>
  page.getByRole("row").filter({ has: page.getByRole("rowheader", { name: `/${shortcode}`, exact: true }) });

test("a canned reply is written, refused, changed, in conflict, used at the desk and deleted", {
  tag: ["@en", "@must"],
}, async ({ people, t }) => {
  const { page } = await people.staff("manager");
  const desk = await people.agent();
  const { chat } = await people.customer();
  const title = t.pick("门店地址", "Shop address");

  await test.step("write", async () => {
    await page.goto("/console/bot/canned-replies");
    await page.getByRole("button", { name: t.console("canned.new") }).click();
    await field(page, t, "title").fill(title);
    await save(page, t);
    await expect(page.getByText(t.console("canned.fault.shortcode_rule"))).toBeVisible();
    await expect(page.getByText(t.console("canned.fault.body_missing")).first()).toBeVisible();
    await field(page, t, "shortcode").fill("hi");
    await field(page, t, "zh").fill("我们在人民路 8 号，找");
    await field(page, t, "zh").press("End");
    await page.getByRole("button", { name: t.console("canned.variable.agent.name"), exact: true }).click();
    await expect(field(page, t, "zh")).toHaveValue("我们在人民路 8 号，找{{agent.name}}");
    await field(page, t, "en").fill("We are at 8 Renmin Road; ask for {{agent.name}}.");
    await save(page, t);
    await expect(page.getByText(t.console("problem.code.canned_reply_shortcode_taken"))).toBeVisible();
    await expect(field(page, t, "zh"), "nothing that was written is lost").toHaveValue(/人民路/);
    await field(page, t, "shortcode").fill("shop-address");
    await save(page, t);
    await expect(page.getByText(t.console("canned.saved", { name: title }))).toBeVisible();
    await expect(row(page, "shop-address")).toContainText(title);
  });

  await test.step("search", async () => {
    await page.getByRole("searchbox", { name: t.console("canned.search") }).fill("Renmin");
    await expect(page.getByRole("rowheader")).toHaveText(["/shop-address"]);
    await expect(page).toHaveURL(/q=Renmin/);
  });

  await test.step("two people change it at once: both versions are shown, one is chosen", async () => {
    await row(page, "shop-address")
      .getByRole("button", { name: t.console("canned.edit.one", { name: title }) })
      .click();
    await field(page, t, "zh").fill("我们在解放路 9 号。");
    const other = (await people.staff("administrator")).page;
    await other.goto("/console/bot/canned-replies?q=shop-address");
    await row(other, "shop-address")
      .getByRole("button", { name: t.console("canned.edit.one", { name: title }) })
      .click();
    await field(other, t, "en").fill("We moved to 9 Jiefang Road.");
    await save(other, t);
    await expect(other.getByText(t.console("canned.saved", { name: title }))).toBeVisible();
    await save(page, t);
    const dialog = page.getByRole("dialog");
    await expect(dialog.getByRole("alert")).toHaveText(t.console("kit.conflict.changed"));
    await expect(dialog.getByText("We moved to 9 Jiefang Road.")).toBeVisible();
    await expect(dialog.getByText("我们在解放路 9 号。")).toBeVisible();
    await dialog.getByRole("button", { name: t.console("kit.conflict.take_mine") }).click();
    await expect(dialog).toBeHidden();
    await expect(row(page, "shop-address")).toContainText("我们在解放路 9 号。");
    await expect(row(page, "shop-address")).toContainText("We are at 8 Renmin Road");
  });

  await test.step("use it at the desk, in the customer's language", async () => {
    await chat.human.click();
    await expect(chat.joined(desk.name)).toBeVisible();
    await desk.openFirst();
    await desk.composer.pressSequentially("/shop");
    await expect(desk.page.getByRole("option").first()).toContainText("/shop-address");
    await desk.composer.press("Enter");
    const words = t.pick("我们在解放路 9 号。", `We are at 8 Renmin Road; ask for ${desk.name}.`);
    await expect(desk.composer).toHaveValue(words);
    await desk.composer.press("Enter");
    await expect(chat.agent(words)).toBeVisible();
  });

  await test.step("delete", async () => {
    await row(page, "shop-address")
      .getByRole("button", { name: t.console("canned.delete.one", { name: title }) })
      .click();
    const ask = page.getByRole("dialog", { name: t.console("canned.delete.ask", { name: title }) });
    await ask.getByRole("button", { name: t.console("canned.delete"), exact: true }).click();
    await expect(
      page
        .getByText(t.console("canned.empty.search", { q: "shop-address" }))
        .or(page.getByText(t.console("canned.empty.search", { q: "Renmin" }))),
    ).toBeVisible();
    await desk.composer.pressSequentially("/shop");
    await expect(desk.pane.getByRole("status").filter({ hasText: t.console("desk.canned.none") })).toBeVisible();
  });
});
