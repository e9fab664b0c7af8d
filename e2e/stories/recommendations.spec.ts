import { isAccessible } from "../support/axe";
import { expect, test } from "../support/test";

test("goods are recommended with a reason each, until the customer stops it; a manager sees how good that is", {
  tag: ["@en", "@must"],
}, async ({ people, t }) => {
  const { page: office } = await people.staff("manager");
  const { page } = await people.visitor("/");
  const main = page.getByRole("main");
  const popular = main.getByRole("region", { name: t.hall("recommend.hot"), exact: true });
  const section = main.locator(".recommended");
  const button = (key: "agree" | "refuse" | "resume") => main.getByRole("button", { name: t.hall(`recommend.${key}`) });

  await test.step("it is learned at once when a manager wants that, and measured against popularity", async () => {
    await office.goto("/console/bot/recommendations");
    const card = office.getByRole("region", { name: t.console("recommendations.learned"), exact: true });
    // What interested visitors in the past is noted beside: until that is done, too little is learned.
    await expect(async () => {
      await office.getByRole("button", { name: t.console("recommendations.learn.do") }).click();
      await expect(card.getByRole("meter").first()).toBeVisible();
      await page.reload();
      await expect(popular).toBeVisible({ timeout: 5_000 });
    }).toPass();
    await isAccessible(office, "recommendations for managers");
  });

  await test.step("the first page has some, each with its reason; who agrees has what they look at noted", async () => {
    // of somebody new, nothing is known
    await expect(popular).toBeVisible();
    const reasons = await section.locator(".why").allTextContents();
    expect(reasons.filter((reason) => reason.trim() === "")).toEqual([]);
    await isAccessible(page, "the hall with recommendations");
    await button("agree").click();
    await expect(main.getByText(t.hall("recommend.learns"))).toBeVisible();
    for (const [address, id] of [
      ["/goods/g-001", "g-001"],
      ["/plans?plan=cloud-59", "cloud-59"],
    ] as const) {
      const noted = page.waitForResponse((response) => response.url().endsWith("/widget/views"));
      await page.goto(address);
      expect((await noted).status()).toBe(204);
      expect((await noted).request().postDataJSON()).toMatchObject({ id });
    }
    await page.goto("/");
    await expect(section).toBeVisible();
  });

  await test.step("who stops it is shown nothing more, here, on a product's page and after a reload", async () => {
    await button("refuse").click();
    await expect(main.getByText(t.hall("recommend.refused"))).toBeVisible();
    await expect(section).toHaveCount(0);
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
    await button("resume").click();
    await expect(main.getByText(t.hall("recommend.state_on"))).toBeVisible();
  });
});
