import { isAccessible } from "../support/axe";
import { expect, test } from "../support/test";

test("what other rules would erase is counted before anything goes, and a rule that is set is there for everybody", {
  tag: ["@en"],
}, async ({ people, t }) => {
  const p = (key: string, values: Record<string, string | number> = {}): string => t.console(`privacy.${key}`, values);
  const { page } = await people.staff("administrator");
  await page.goto("/console/settings/privacy");
  const field = (kind: string) => page.getByRole("textbox", { name: p(`kept.${kind}`) });

  await test.step("no rule is zero days", async () => {
    await field("conversations").fill("0");
    await page.getByRole("button", { name: p("kept.try") }).click();
    await expect(page.getByText(p("kept.fault"))).toBeVisible();
  });

  await test.step("a dry run names what would go, and nothing goes", async () => {
    await field("conversations").fill("2");
    await page.getByRole("button", { name: p("kept.try") }).click();
    await expect(page.getByText(p("kept.would"))).toBeVisible();
    await isAccessible(page, "what would go");
    await page.getByRole("button", { name: t.console("kit.save") }).click();
    await page.getByRole("button", { name: t.console("shell.cancel") }).click();
    await page.reload();
    await expect(field("conversations")).toHaveValue("");
  });

  await test.step("a rule under which nothing goes yet is saved at once, and the manager reads it", async () => {
    await field("files").fill("3650");
    await page.getByRole("button", { name: t.console("kit.save") }).click();
    await expect(page.getByText(p("kept.saved")).first()).toBeVisible();
    const manager = await people.staff("manager");
    await manager.page.goto("/console/settings/privacy");
    await expect(manager.page.getByText(p("kept.term", { count: 3650, n: "3,650" }))).toBeVisible();
    await field("files").fill("");
    await page.getByRole("button", { name: t.console("kit.save") }).click();
    await expect(field("files")).toHaveValue("");
  });
});
