import { isAccessible } from "../support/axe";
import { expect, test } from "../support/test";

test("goods are recommended with a reason each, until the customer stops it; a manager sees how good that is", {
  tag: "@en",
}, async ({ people, t }) => {
  const { page: office } = await people.staff("manager");
  const { page } = await people.visitor("/goods/g-001");
  const main = page.getByRole("main");
  const section = (key: "for_you" | "also") => main.getByRole("region", { name: t.hall(`recommend.${key}`) });
  const button = (key: "agree" | "refuse") => main.getByRole("button", { name: t.hall(`recommend.${key}`) });

  await test.step("it is learned at once when a manager wants that, and measured against popularity", async () => {
    await office.goto("/console/bot/recommendations");
    const card = office.getByRole("region", { name: t.console("recommendations.learned"), exact: true });
    await expect(async () => {
      await office.getByRole("button", { name: t.console("recommendations.learn.do") }).click();
      await expect(card.getByRole("meter").first()).toBeVisible();
    }).toPass();
    await isAccessible(office, "recommendations for managers");
  });

  await test.step("beside a product stands what others looked at too, and why", async () => {
    await page.reload();
    await expect(section("also")).toBeVisible();
    const reasons = await section("also").locator(".why").allTextContents();
    expect(reasons.length).toBeGreaterThan(0);
    expect(reasons.filter((reason) => reason.trim() === "")).toEqual([]);
    await expect(section("also").locator('a[href="/goods/g-001"]')).toHaveCount(0);
  });

  await test.step("who agrees is shown what fits what they looked at", async () => {
    await button("agree").click();
    await expect(main.getByText(t.hall("recommend.learns"))).toBeVisible();
    await page.goto("/");
    await expect(section("for_you")).toBeVisible();
    await isAccessible(page, "the hall with recommendations");
  });

  await test.step("who stops it is shown nothing more, here, on a product's page and after a reload", async () => {
    await button("refuse").click();
    await expect(main.getByText(t.hall("recommend.refused"))).toBeVisible();
    await expect(section("for_you")).toHaveCount(0);
    for (const path of ["/", "/goods/g-001"]) {
      const answered = page.waitForResponse((response) => response.url().includes("/recommendations?"));
      await page.goto(path);
      await answered;
      await expect(main.getByRole("heading", { level: 1 })).toBeVisible();
      await expect(main.locator(".recommended")).toHaveCount(0);
    }
  });

  await test.step("the settings say so, and bring them back", async () => {
    await page.goto("/recommendations");
    await expect(main.getByText(t.hall("recommend.state_off"))).toBeVisible();
    await isAccessible(page, "the settings");
    await button("agree").click();
    await expect(main.getByText(t.hall("recommend.state_on"))).toBeVisible();
  });
});
