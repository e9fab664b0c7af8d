import type { Page } from "@playwright/test";
import { consoleScale, isAccessible, sideways } from "../support/axe";
import { expect, readOnly, test } from "../support/test";
import type { Words } from "../support/words";

/** Elements that stick out of a dialog or of the page's own body. */
const hanging = (page: Page): Promise<string[]> =>
  page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>("dialog[open], dialog[open] .y-dialog-content, .page-body")]
      .filter((box) => box.scrollWidth > box.clientWidth + 1)
      .map((box) => `${box.className}: ${String(box.scrollWidth)} > ${String(box.clientWidth)}`),
  );

/** A page of the console, and the form that a button on it opens. */
interface Place {
  path: string;
  form?: string;
}

/** All pages, one story per group. */
const groups: [name: string, role: "manager" | "administrator", places: (t: Words) => Place[]][] = [
  [
    "desk, queues and goods",
    "manager",
    (t) => [
      { path: "/inbox" },
      { path: "/inbox/queues" },
      { path: "/inbox/left" },
      { path: "/inbox/alerts" },
      { path: "/goods", form: t.console("goods.import") },
      { path: "/goods?open=g-001" },
      { path: "/goods/plans", form: t.console("plans.new") },
    ],
  ],
  [
    "answers and canned replies",
    "manager",
    (t) => [
      { path: "/bot/answers", form: t.console("knowledge.new") },
      { path: "/bot/answers?entry=kb-002" },
      { path: "/bot/answers?view=proposed" },
      { path: "/bot/answers?view=suspects" },
      { path: "/bot/answers?view=tests" },
      { path: "/bot/recommendations" },
      { path: "/bot/synonyms", form: t.console("curate.synonyms.new") },
      { path: "/bot/graph", form: t.console("curate.graph.units") },
      { path: "/bot/graph?item=g-003" },
      { path: "/bot/canned-replies", form: t.console("canned.new") },
    ],
  ],
  [
    "panels and handbook",
    "manager",
    (t) => [
      { path: "/floor/live" },
      { path: "/reports/history" },
      { path: "/reports/boards", form: t.console("boards.new") },
      { path: "/reports/bot?days=30" },
      { path: "/reports/bot/sample" },
      { path: "/settings/response-times" },
      { path: "/settings/jobs" },
      { path: "/floor/wall", form: t.console("panel.wall.new") },
      { path: "/handbook" },
    ],
  ],
  [
    "settings and sessions",
    "administrator",
    (t) => [
      { path: "/settings/people", form: t.console("settings.person.invite") },
      { path: "/settings/groups", form: t.console("settings.group.new") },
      { path: "/settings/queues", form: t.console("settings.queue.new") },
      { path: "/settings/company" },
      { path: "/settings/sites", form: t.console("settings.site.new") },
      { path: "/bot/embeddings" },
      { path: "/settings/webhooks", form: t.console("webhooks.new") },
      { path: "/sessions" },
    ],
  ],
];

for (const [name, role, places] of groups) {
  readOnly(
    `${name}: pages and forms hold letters of 200 %, on a screen and on a phone`,
    { tag: "@both" },
    async ({ people, t }) => {
      const { page } = await people.staff(role);
      await page.goto("/console/sessions");
      await consoleScale(page, 200);
      for (const { path, form } of places(t)) {
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
