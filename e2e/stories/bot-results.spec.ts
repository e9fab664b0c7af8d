import type { Locator, Page } from "@playwright/test";
import { isAccessible, sideways } from "../support/axe";
import { expect, test } from "../support/test";

/** The number above the list that is open, which is then closed. */
async function behind(page: Page, close: string): Promise<number> {
  const drawer = page.getByRole("dialog");
  const count = drawer.locator(".behind-count b");
  await expect(count).toHaveText(/\d/);
  const total = Number(((await count.textContent()) ?? "").replace(/\D/g, ""));
  await drawer.getByRole("button", { name: close }).click();
  await expect(drawer).toBeHidden();
  return total;
}

test("a manager opens what is behind a percentage, finds a poor answer and mends it, and judges a sample", {
  tag: ["@en", "@must"],
}, async ({ people, t }) => {
  const s = (key: string, values: Record<string, string | number> = {}): string =>
    t.console(`botreport.${key}`, values);
  // Its panel has counted everything that is past.
  const { page } = await people.manager();
  const region = (name: string): Locator => page.getByRole("region", { name: s(name), exact: true });

  await test.step("the list behind a percentage is as long as the count beside it", async () => {
    await page.goto("/console/reports/bot?days=30");
    const rates = region("resolving").locator(".bot-rates > div");
    await expect(rates).toHaveCount(5);
    const first = rates.first().locator("dd");
    await expect(first.getByRole("link")).toHaveText(/%$/);
    const told = Number(((await first.locator(".s1").textContent()) ?? "").trim().split(/\s/)[0]?.replace(/\D/g, ""));
    expect(told).toBeGreaterThan(0);
    await first.getByRole("link").click();
    expect(await behind(page, t.console("panel.close"))).toBe(told);
    await isAccessible(page, "the bot's results");
  });

  await test.step("the poorest answers come first, and that of an entry is one press from it and is mended there", async () => {
    const rows = region("poor").getByRole("row");
    await expect(rows.nth(1)).toBeVisible();
    const counts = (await rows.locator("td .dimension-value").allTextContents()).map(Number);
    expect(counts).toEqual([...counts].sort((one, other) => other - one));
    await rows.nth(1).locator("td .dimension-value").click();
    expect(await behind(page, t.console("panel.close"))).toBe(counts[0]);
    // What is answered from a product or a plan is changed elsewhere.
    await rows
      .getByRole("link", { name: t.like(s("poor.edit_this")) })
      .first()
      .click();
    const answer = page.getByRole("textbox", { name: t.console("knowledge.answer.en"), exact: true });
    await answer.fill("Ask in any shop, or press the button below to talk to a person.");
    await expect(
      page
        .getByRole("article")
        .getByRole("status")
        .filter({ hasText: t.like(t.console("knowledge.saved")) }),
    ).toBeVisible();
  });

  await test.step("answers are judged, and the sample says how many are right", async () => {
    await page.goto("/console/reports/bot/sample");
    const question = page.locator(".judge-question");
    for (const verdict of ["right", "wrong", "right"]) {
      const before = (await question.textContent()) ?? "";
      await page.getByRole("button", { name: s(`judge.${verdict}`) }).click();
      await expect(question).not.toHaveText(before);
    }
    await isAccessible(page, "judging answers");
    await page.getByRole("link", { name: s("judge.back") }).click();
    await page.getByRole("combobox", { name: s("range") }).selectOption("days-30");
    await expect(region("sample").getByRole("link", { name: "3", exact: true }).first()).toBeVisible();
    await expect(region("sample").locator(".bot-value").first()).toHaveText("66.7%");
  });

  await test.step("on a phone", async () => {
    await page.setViewportSize({ width: 390, height: 800 });
    expect(await sideways(page)).toBeLessThanOrEqual(0);
    await isAccessible(page, "the bot's results on a phone");
  });
});
