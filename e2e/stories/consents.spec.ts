import { isAccessible } from "../support/axe";
import { Desk } from "../support/desk";
import { expect, test } from "../support/test";

test("a visitor is asked once; a no stores nothing, a yes shows the page, and a withdrawal takes it away; the staff downloads everything", {
  tag: ["@both"],
}, async ({ people, t }) => {
  const w = (key: string, values: Record<string, string | number> = {}): string => t.widget(`consent.${key}`, values);
  const h = (key: string): string => t.hall(`account.consent_${key}`);
  const { page, chat } = await people.customer();
  const asks = page.getByRole("region", { name: w("title") });
  const { page: office, name } = await people.staff("manager");
  const desk = new Desk(office, name, t);

  await test.step("the first message brings one question; a no ends it", async () => {
    await expect(asks).toHaveCount(0);
    await chat.say(t.pick("怎么查话费", "How do I check my bill"));
    await expect(asks).toBeVisible();
    await isAccessible(page, "the question about what may be kept");
    await asks.getByRole("button", { name: w("no"), exact: true }).click();
    await expect(asks).toHaveCount(0);
    await page.reload();
    await expect(chat.log.getByRole("article").first()).toBeVisible();
    await expect(asks).toHaveCount(0);
  });

  await test.step("the agent sees the refusal and no page", async () => {
    await chat.say(t.pick("转人工", "I want to talk to a person"));
    await desk.open();
    await desk.show("queue");
    await desk.rows.first().click();
    await expect(desk.customer.getByText(t.console("desk.consent"))).toBeVisible();
    await expect(desk.customer.getByRole("heading", { name: t.console("desk.customer.page") })).toHaveCount(0);
  });

  await test.step("the hall's page shows all purposes; a yes there counts in the chat, and the team sees the page", async () => {
    await page.goto("/privacy");
    const pages = page.getByRole("region", { name: h("pages"), exact: true });
    await expect(pages.getByRole("button", { name: h("give") })).toBeVisible();
    await isAccessible(page, "the page of what may be kept");
    await pages.getByRole("button", { name: h("give") }).click();
    await expect(pages.getByRole("button", { name: h("withdraw") })).toBeVisible();
    await page.goto("/c/demo");
    await expect(chat.log.getByRole("article").first()).toBeVisible();
    await expect(desk.customer.getByRole("heading", { name: t.console("desk.customer.page") })).toBeVisible({
      timeout: 25_000,
    });
  });

  await test.step("the chat's menu withdraws it, and the page is gone", async () => {
    await page.getByRole("button", { name: t.widget("chat.menu") }).click();
    await page.getByRole("button", { name: w("title") }).click();
    const pages = page.getByRole("group", { name: w("pages") });
    await pages.getByRole("button", { name: w("no"), exact: true }).click();
    await expect(pages.getByRole("button", { name: w("no"), exact: true })).toHaveAttribute("aria-pressed", "true");
    await expect(desk.customer.getByRole("heading", { name: t.console("desk.customer.page") })).toHaveCount(0, {
      timeout: 25_000,
    });
  });

  await test.step("who may erase the person downloads everything that is kept about them", async () => {
    const begun = office.waitForEvent("download");
    await office.getByRole("link", { name: t.console("desk.copy") }).click();
    const file = await begun;
    expect(file.suggestedFilename()).toBe("person.zip");
    expect(await file.failure()).toBeNull();
  });
});
