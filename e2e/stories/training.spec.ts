import { isAccessible } from "../support/axe";
import { expect, test } from "../support/test";

test("a tour leads over the pages to its end, the help stands beside the page, and a manager sees who has finished", {
  tag: ["@both"],
}, async ({ people, t }) => {
  const said = (key: string, values: Record<string, string | number> = {}): string => t.console(key, values);
  const { page, name } = await people.staff("agent");
  await page.goto("/console/sessions");
  await page.getByRole("button", { name: said("shell.help"), exact: true }).click();
  const help = page.getByRole("complementary", { name: said("help.title") });
  await expect(help.getByRole("heading", { name: said("help.section.sign_in"), exact: true })).toBeVisible();
  await page.keyboard.press("F1");
  await expect(help).toBeHidden();

  await page
    .getByRole("button", { name: said("shell.avatar.open", { name }) })
    .first()
    .click();
  await page.getByRole("button", { name: said("shell.avatar.tour") }).click();
  const tour = page.getByRole("dialog");
  const next = tour.getByRole("button", { name: said("tour.next") });
  const light = page.locator(".tour-light");
  for (const id of ["rail", "search", "desk", "state", "canned", "answers", "me", "help"]) {
    await expect(tour.getByRole("heading", { name: said(`tour.step.${id}.title`) })).toBeVisible();
    await expect(light, id).not.toHaveClass(/tour-dark/);
    const [spot, card] = [await light.boundingBox(), await page.locator(".tour-card").boundingBox()];
    const size = page.viewportSize();
    expect(card && size && card.x >= 0 && card.x + card.width <= size.width, `${id} is on the screen`).toBe(true);
    expect(spot && spot.width > 0, `${id} is shown`).toBe(true);
    if (id === "desk") await isAccessible(page, "a step of the tour");
    if (id !== "help") await next.click();
  }
  await tour.getByRole("button", { name: said("tour.finish") }).click();
  await expect(page.getByText(said("tour.finished", { tour: said("tour.name.agent") }))).toBeVisible();

  const { page: lead } = await people.staff("manager");
  await lead.goto("/console/training?lesson=tour:agent&show=finished");
  const row = lead.getByRole("row", { name: new RegExp(name) });
  await expect(row).toBeVisible();
  await lead.getByLabel(said("training.filter.show")).selectOption("open");
  await expect(row).toBeHidden();
});
