import type { Page } from "@playwright/test";
import { ask } from "../support/api";
import { isAccessible, sideways } from "../support/axe";
import { expect, test } from "../support/furnished";
import { consolePlaces, hallPlaces, ofOne, outsidePlaces } from "../support/places";

/** Examines what a page shows, on a screen and on a phone. */
async function look(page: Page, what: string): Promise<void> {
  for (const width of [1440, 390]) {
    await page.setViewportSize({ width, height: 900 });
    await isAccessible(page, `${what} at ${String(width)}`);
    expect.soft(await sideways(page), `${what} at ${String(width)} does not scroll sideways`).toBeLessThanOrEqual(0);
  }
  await page.setViewportSize({ width: 1440, height: 900 });
}

test("no page of the console has a fault that axe knows, on a screen or on a phone", { tag: "@zh-CN" }, async ({
  people,
  furnished,
  t,
}) => {
  const { page } = await people.staff("administrator");
  await page.goto("/console/sessions");
  const { items } = await ask<{ items: { id: string }[] }>(page, "GET", "/boards");
  const places = [
    ...consolePlaces.flatMap(([, , of]) => of(t).map(({ path }) => path)),
    ...[furnished.served, furnished.waiting, furnished.left, furnished.resolved].map((id) =>
      ofOne.conversation.replace("$conversation", id),
    ),
    ofOne.board.replace("$board", items[0]?.id ?? "there is no board"),
  ];
  for (const path of places) {
    await page.goto(`/console${path}`, { waitUntil: "networkidle" });
    await expect(page.getByRole("main")).not.toBeEmpty();
    await look(page, path);
  }
  for (const path of outsidePlaces) {
    await page.goto(`/console${path}`, { waitUntil: "networkidle" });
    await expect(page.getByRole("heading").first()).toBeVisible();
    await look(page, path);
  }
});

test("no page of the hall has a fault that axe knows, on a screen or on a phone", { tag: "@zh-CN" }, async ({
  people,
  furnished,
}) => {
  const context = await people.context("customer");
  const [name, value] = furnished.customer.split("=") as [string, string];
  const page = await context.newPage();
  const visit = async (path: string): Promise<void> => {
    await page.goto(path.replace("$conversation", furnished.served), { waitUntil: "networkidle" });
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    await look(page, path);
  };
  const { account, talk, ...open } = hallPlaces;
  for (const path of Object.values(open)) await visit(path);
  await context.addCookies([{ name, value, url: "https://127.0.0.1/", secure: true, httpOnly: true, sameSite: "Lax" }]);
  // Someone has signed in here before.
  await page.evaluate(() => localStorage.setItem("yingda-hall-account", "1"));
  for (const path of [account, talk]) await visit(path);
});
