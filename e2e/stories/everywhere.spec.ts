import type { Page } from "@playwright/test";
import { ask } from "../support/api";
import { isAccessible, sideways } from "../support/axe";
import { expect, test } from "../support/furnished";
import { asked, consolePlaces, hallPlaces, isAsked, isBelow, ofOne, outsidePlaces } from "../support/places";

/** Opens a page, and examines what it shows once it has everything, on a screen and on a phone. */
async function look(page: Page, path: string, what = path): Promise<void> {
  await page.goto(path);
  await expect(page.getByRole("heading", { level: 1 }).first()).toBeVisible();
  await expect(page.locator(".skeleton, .bone")).toHaveCount(0);
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
  const addresses = [...places, ...outsidePlaces].map((path) => `/console${path}`);
  const nowhere = asked.filter(
    (one) => ![...addresses, ...Object.values(hallPlaces)].some((address) => isBelow(address, one)),
  );
  expect(nowhere, "PAGES names addresses such as /console/goods or /account").toEqual([]);
  for (const address of addresses.filter(isAsked)) await look(page, address);
});

test("no page of the hall has a fault that axe knows, on a screen or on a phone", { tag: "@zh-CN" }, async ({
  people,
  furnished,
}) => {
  const context = await people.context("customer");
  const [name, value] = furnished.customer.split("=") as [string, string];
  const page = await context.newPage();
  const { account, talk, ...open } = hallPlaces;
  for (const path of Object.values(open).filter(isAsked)) await look(page, path);
  if (![account, talk].some(isAsked)) return;
  await page.goto(hallPlaces.home);
  await context.addCookies([{ name, value, url: "https://127.0.0.1/", secure: true, httpOnly: true, sameSite: "Lax" }]);
  // Someone has signed in here before.
  await page.evaluate(() => localStorage.setItem("yingda-hall-account", "1"));
  if (isAsked(account)) await look(page, account);
  if (isAsked(talk)) await look(page, talk.replace("$conversation", furnished.served), talk);
});
