import { isAccessible } from "../support/axe";
import { expect, test } from "../support/test";

test("an administrator tells the staff something; an agent finds it above every page and reads it, and is among the readers", {
  tag: ["@en", "@must"],
}, async ({ people, t }) => {
  const { page } = await people.staff("administrator");
  const desk = await people.agent("offline");
  const { page: reader } = desk;
  const told = (key: string, values: Record<string, string | number> = {}): string =>
    t.console(`announcements.${key}`, values);
  const title = "Outage in the north until four";

  await test.step("it is written, with a title that may not be missing", async () => {
    await page.goto("/console/announcements");
    await page.getByRole("button", { name: told("new") }).click();
    const form = page.getByRole("dialog", { name: told("new") });
    await form.getByRole("button", { name: told("publish") }).click();
    await expect(form.getByText(told("fault.title"))).toBeVisible();
    await form.getByRole("textbox", { name: told("field.title") }).fill(title);
    await form.getByRole("textbox", { name: told("field.text") }).fill("Say so before you look at the line.");
    await form.getByRole("button", { name: told("publish") }).click();
    await expect(page.getByText(told("made"))).toBeVisible();
  });

  await test.step("an agent finds it above the desk, opens it and confirms it", async () => {
    const banner = reader.getByRole("status").filter({ hasText: title });
    await expect(banner).toBeVisible();
    await isAccessible(reader, "the desk below an announcement");
    await banner.getByRole("link", { name: title }).click();
    const one = reader.getByRole("listitem").filter({ hasText: title });
    await expect(one).toContainText("Say so before you look at the line.");
    await expect(one).toContainText(told("unread"));
    await one.getByRole("button", { name: told("confirm") }).click();
    await expect(one.getByText(told("unread"))).toHaveCount(0);
    await desk.open();
    await expect(banner).toHaveCount(0);
  });

  await test.step("the number of readers opens the list, as long as the number; withdrawn, it is gone for everybody", async () => {
    const count = page.getByRole("button", { name: t.like(told("read_by")) });
    await expect(count).toHaveText(/1/);
    const all = Number(/(\d+)\D*$/.exec(await count.innerText())?.[1]);
    await count.click();
    const readers = page.getByRole("list", { name: told("readers") });
    await expect(readers.getByRole("listitem")).toHaveCount(all);
    await expect(readers.getByRole("listitem").filter({ hasNotText: told("readers.not") })).toHaveText(
      new RegExp(`^${desk.name}`),
    );
    await isAccessible(page, "an announcement and its readers");
    await page.getByRole("button", { name: new RegExp(told("withdraw")) }).click();
    await page
      .getByRole("dialog", { name: told("withdraw.ask", { title }) })
      .getByRole("button", { name: told("withdraw") })
      .click();
    await expect(page.getByText(told("none.may"))).toBeVisible();
    await reader.goto("/console/announcements");
    await expect(reader.getByText(told("none"))).toBeVisible();
  });
});
