import type { Page } from "@playwright/test";
import { consoleScale, isAccessible, sideways } from "../support/axe";
import { consolePlaces, isAsked } from "../support/places";
import { expect, readOnly, test } from "../support/test";

/** Elements that stick out of a dialog or of the page's own body. */
const hanging = (page: Page): Promise<string[]> =>
  page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>("dialog[open], dialog[open] .y-dialog-content, .page-body")]
      .filter((box) => box.scrollWidth > box.clientWidth + 1)
      .map((box) => `${box.className}: ${String(box.scrollWidth)} > ${String(box.clientWidth)}`),
  );

for (const [name, role, places] of consolePlaces) {
  readOnly(
    `${name}: pages and forms hold letters of 200 %, on a screen and on a phone`,
    { tag: "@both" },
    async ({ people, t }) => {
      const { page } = await people.staff(role);
      await page.goto("/console/sessions");
      await consoleScale(page, 200);
      for (const { path, form } of places(t).filter((place) => isAsked(`/console${place.path}`))) {
        await page.setViewportSize({ width: 1440, height: 900 });
        await page.goto(`/console${path}`, { waitUntil: "networkidle" });
        await expect(page.getByRole("main")).not.toBeEmpty();
        if (form !== undefined) {
          await page.getByRole("button", { name: form }).first().click();
          await expect(page.getByRole("dialog").first()).toBeVisible();
        }
        await isAccessible(page, `${path} at 200 %`);
        for (const width of [1440, 820, 390]) {
          await page.setViewportSize({ width, height: 844 });
          expect
            .soft(await sideways(page), `${path} at 200 % and ${String(width)} does not scroll sideways`)
            .toBeLessThanOrEqual(0);
          // plots are redrawn a moment after their pane changes width
          await expect
            .poll(() => hanging(page), { message: `${path} at 200 % and ${String(width)}: nothing hangs over an edge` })
            .toEqual([]);
        }
      }
    },
  );
}

test("the layout follows the size of the text at once, without a reload", { tag: "@en" }, async ({ people, t }) => {
  await test.step("in the hall", async () => {
    const { page } = await people.visitor("/");
    // What is recommended arrives after the rest, once something has been learned: here it would change the height by itself.
    await page.route("**/recommendations?*", (route) => route.abort());
    await page.reload();
    const bottom = page.getByRole("navigation", { name: t.hall("shell.bottom_nav") });
    await expect(page.getByRole("heading", { name: t.hall("home.featured") })).toBeVisible();
    await expect(bottom).toBeHidden();
    await page.getByRole("button", { name: t.hall("shell.display_label") }).click();
    await page.getByRole("radio", { name: t.hall("shell.scale_value", { n: 200 }) }).check({ force: true });
    await expect(bottom).toBeVisible();
    const height = (): Promise<number> => page.locator("main").evaluate((main) => main.scrollHeight);
    const narrow = await height();
    await page.reload();
    await expect(page.getByRole("heading", { name: t.hall("home.featured") })).toBeVisible();
    await expect.poll(height, { message: "a reload changes nothing more" }).toBe(narrow);
  });

  await test.step("in the console, in every pane", async () => {
    const desk = await people.agent();
    const { page } = desk;
    await page.setViewportSize({ width: 1280, height: 900 });
    const rail = page.getByRole("navigation", { name: t.console("shell.rail.label") });
    await expect(rail.first()).toBeVisible();
    const foot = page.locator(".foot");
    await expect(foot).toBeVisible();
    // what a browser does when its reader asks for larger text
    await page.evaluate(() => (document.documentElement.style.fontSize = "32px"));
    await expect(foot).toBeHidden();
    await page.evaluate(() => (document.documentElement.style.fontSize = ""));
    await expect(foot).toBeVisible();
  });
});
