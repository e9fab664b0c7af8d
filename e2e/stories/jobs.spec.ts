import { isAccessible, sideways } from "../support/axe";
import { expect, test } from "../support/test";

test("an administrator sees that nothing was given up and every day was checked, and has one of them run again", {
  tag: ["@en", "@must"],
}, async ({ people, t }) => {
  const s = (key: string, values: Record<string, string | number> = {}): string => t.console(`jobs.${key}`, values);
  const { page } = await people.staff("administrator");
  const days = page.getByRole("region", { name: s("days"), exact: true });

  await test.step("the jobs, what feeds what, and the days are there", async () => {
    // A former address.
    await page.goto("/console/reports/jobs");
    await expect(page).toHaveURL(/\/console\/settings\/jobs$/);
    await expect(page.getByText(s("dead.none"))).toBeVisible();
    await expect(page.getByRole("heading", { level: 1, name: s("title") })).toBeVisible();
    const jobs = page.getByRole("region", { name: s("jobs"), exact: true });
    for (const job of ["feed", "rebuild", "verify", "recount"])
      await expect(jobs.getByRole("rowheader", { name: s(`job.${job}`) }).first()).toBeVisible();
    const layers = page.getByRole("region", { name: s("layers"), exact: true });
    await expect(layers.getByRole("listitem")).toHaveCount(5);
    await expect(days.getByRole("row").nth(1)).toBeVisible();
    await isAccessible(page, "jobs");
  });

  await test.step("yesterday is run again: it asks first, and ends without a change", async () => {
    const yesterday = days.getByRole("row").nth(1);
    const day = (await yesterday.getByRole("rowheader").textContent())?.slice(0, 10) ?? "";
    await yesterday.getByRole("button", { name: s("again.one", { day }) }).click();
    await expect(page.getByText(s("again.ask", { day }))).toBeVisible();
    await page
      .getByRole("button", { name: s("again"), exact: true })
      .last()
      .click();
    await expect(page.getByText(s("again.begun", { day }))).toBeVisible();
    await expect(yesterday.getByText(/, 0 changes$/)).toBeVisible();
    await expect(yesterday.getByText(s("state.fine"), { exact: true })).toBeVisible();
  });

  await test.step("on a phone", async () => {
    await page.setViewportSize({ width: 360, height: 740 });
    expect(await sideways(page)).toBeLessThanOrEqual(0);
    await isAccessible(page, "jobs on a phone");
  });
});
