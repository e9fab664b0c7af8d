import type { Locator, Page } from "@playwright/test";
import { isAccessible } from "../support/axe";
import { expect, test } from "../support/test";
import type { Words } from "../support/words";

const dialog = (page: Page): Locator => page.getByRole("dialog").filter({ visible: true });
const choose = (page: Page, t: Words, field: string, value: string): Promise<string[]> =>
  dialog(page)
    .getByLabel(t.console(`boards.field.${field}`), { exact: true })
    .selectOption(value);
const save = (page: Page, t: Words): Promise<void> =>
  dialog(page)
    .getByRole("button", { name: t.console("kit.save") })
    .click();
const number = async (place: Locator): Promise<number> =>
  Number(((await place.textContent()) ?? "").replace(/\D/g, ""));

test("a manager composes a board, shares it, and a colleague opens it and a number on it", {
  tag: ["@en", "@must"],
}, async ({ people, t }) => {
  const panel = await people.manager();
  const { page } = panel;
  const name = t.pick("夜班", "Night shift");
  const tile = (key: string): Locator => page.getByRole("region", { name: panel.nameOf(key), exact: true });

  await test.step("an empty board", async () => {
    await page.goto("/console/reports/boards");
    await page.getByRole("button", { name: t.console("boards.new") }).click();
    await dialog(page)
      .getByRole("textbox", { name: t.console("boards.field.name") })
      .fill(name);
    await dialog(page)
      .getByRole("switch", { name: t.console("boards.field.shared") })
      .click();
    await save(page, t);
    await expect(page.getByRole("heading", { level: 1, name })).toBeVisible();
    await expect(page.getByText(t.console("boards.board.empty"), { exact: true })).toBeVisible();
  });

  await test.step("two tiles: a number, and bars by channel", async () => {
    await page.getByRole("button", { name: t.console("boards.tile.add") }).click();
    await choose(page, t, "indicator", "dialogue");
    await choose(page, t, "range", "days_7");
    await save(page, t);
    await expect(tile("dialogue").getByRole("link")).toHaveText(/\d/);
    await page.getByRole("button", { name: t.console("boards.tile.add") }).click();
    await choose(page, t, "indicator", "session_created");
    await choose(page, t, "form", "bars");
    await save(page, t);
    await expect(dialog(page).getByText(t.console("boards.fault.split"))).toBeVisible();
    await choose(page, t, "split", "channel");
    await choose(page, t, "range", "days_7");
    await save(page, t);
    await expect(tile("session_created").getByRole("listitem").first()).toContainText(/\d/);
    await isAccessible(page, "a board");
  });

  await test.step("a tile is moved by the keyboard", async () => {
    const handles = page.locator(".tile-handle");
    await handles.first().focus();
    await page.keyboard.press("ArrowRight");
    await expect(page.getByRole("region").filter({ has: page.getByRole("heading", { level: 2 }) })).toHaveText([
      new RegExp(panel.nameOf("session_created")),
      new RegExp(panel.nameOf("dialogue")),
    ]);
    await expect(handles.nth(1)).toBeFocused();
  });

  await test.step("a colleague reopens it: a number opens its list, as long as it says", async () => {
    const other = (await people.staff("administrator")).page;
    await other.goto("/console/reports/boards");
    await other.getByRole("link", { name, exact: true }).click();
    const door = other.getByRole("region", { name: panel.nameOf("dialogue"), exact: true }).getByRole("link");
    await expect(door).toHaveText(/\d/);
    const value = await number(door);
    expect(value).toBeGreaterThan(0);
    await door.click();
    const count = dialog(other).locator(".behind-count b");
    await expect(count).toHaveText(/\d/);
    expect(await number(count)).toBe(value);
    await expect(other).toHaveURL(/open=dialogue/);
  });
});
