import { readFileSync } from "node:fs";
import { expect, test } from "../support/test";

test("a conversation is found by what was said in it, in three acts, read at that line, and exported", {
  tag: ["@en", "@must"],
}, async ({ people, t }) => {
  const words = "Does the teal parcel locker on Harbour Street open on Sundays?";
  const { chat } = await people.customer();
  await chat.say(words);
  await expect(chat.bot(/./).nth(1)).toBeVisible();

  const { page } = await people.staff("manager");
  await page.goto("/console/inbox");
  await page.getByRole("link", { name: t.console("areas.area.records"), exact: true }).click();
  await page.getByRole("searchbox", { name: t.console("records.field.words") }).fill("sunday harbour");
  await expect(page).toHaveURL(/q=/);
  const row = page.getByRole("link", { name: /teal parcel locker/ });
  // What was said a moment ago may not be indexed yet.
  await expect(async () => {
    await page.reload();
    await expect(row).toBeVisible({ timeout: 2_000 });
  }).toPass();
  await expect(row.locator("mark").first()).toHaveText("Harbour");

  await row.click();
  const reader = page.getByRole("complementary", { name: t.console("records.reader") });
  await expect(reader.getByText(words)).toBeVisible();
  await expect(page).toHaveURL(/note=/);

  const saved = page.waitForEvent("download");
  await page.getByRole("button", { name: t.console("records.export"), exact: true }).click();
  await page.getByRole("link", { name: t.console("records.export.csv") }).click();
  const table = readFileSync(await (await saved).path(), "utf8");
  expect(table).toContain(`"${words}"`);
});
