import type { Locator, Page } from "@playwright/test";
import { expect, readOnly } from "../support/test";

const box = async (place: Locator): Promise<{ x: number; y: number; width: number; height: number }> => {
  const found = await place.boundingBox();
  if (!found) throw new Error("it is not drawn");
  return found;
};
/** The fonts in which an element's text is actually drawn. */
async function facesOf(page: Page, selector: string): Promise<string[]> {
  const browser = await page.context().newCDPSession(page);
  await browser.send("DOM.enable");
  await browser.send("CSS.enable");
  const { root } = await browser.send("DOM.getDocument", { depth: -1 });
  const { nodeId } = await browser.send("DOM.querySelector", { nodeId: root.nodeId, selector });
  const { fonts } = await browser.send("CSS.getPlatformFontsForNode", { nodeId });
  await browser.detach();
  return fonts.map((font) => font.familyName);
}

readOnly(
  "tables are quiet and keep their place: rows of 48 px, acts that show when pointed at, the chosen where the filters were",
  { tag: "@en" },
  async ({ people, t }) => {
    const { page } = await people.staff("administrator");

    await rowsAreLow(page, "/console/settings/people", ".settings-table tbody tr");
    const row = page.locator(".settings-table tbody tr").filter({ hasText: "0317" });
    const near = row.locator(".row-acts-near");
    await expect(near).toHaveCSS("opacity", "0");
    await row.hover();
    await expect(near).toHaveCSS("opacity", "1");
    const disable = row.getByRole("button", { name: t.console("settings.person.disable") });
    expect(await disable.evaluate((button) => getComputedStyle(button).color)).not.toBe(
      await page.evaluate(() => getComputedStyle(document.documentElement).getPropertyValue("--y-hot").trim()),
    );
    await disable.click();
    const ask = page.locator(".ask:popover-open");
    await expect(ask).toHaveCSS("white-space", "normal");
    await expect(ask).toHaveCSS("text-align", "start");
    const words = ask.locator("p").nth(1);
    expect(
      await words.evaluate((element) => element.scrollWidth <= element.clientWidth),
      "nothing of the question is cut off",
    ).toBe(true);
    expect((await box(words)).width).toBeLessThanOrEqual((await box(ask)).width);
    await page.keyboard.press("Escape");

    await rowsAreLow(page, "/console/goods", ".goods-table tbody tr");
    const table = page.locator(".goods-table");
    const before = await box(table);
    await table.getByRole("checkbox").nth(1).check();
    await expect(page.getByRole("group", { name: t.console("goods.picked", { count: 1 }) })).toBeVisible();
    expect((await box(table)).y, "the second tick lands where it was aimed at").toBe(before.y);
  },
);

async function rowsAreLow(page: Page, path: string, rows: string): Promise<void> {
  await page.goto(path);
  await expect(page.locator(rows).first()).toBeVisible();
  const heights = await page
    .locator(rows)
    .evaluateAll((all) => all.slice(0, 12).map((one) => Math.round(one.getBoundingClientRect().height)));
  expect(Math.max(...heights), `rows of ${path}`).toBeLessThanOrEqual(50);
}

readOnly(
  "code is drawn as code, English in a Latin face, plots from left to right in a page from right to left",
  { tag: "@en" },
  async ({ people }) => {
    const { page } = await people.staff("administrator");
    await page.goto("/console/handbook?chapter=administrator");
    await expect(page.locator(".handbook pre").first()).toBeVisible();
    for (const code of [".handbook pre", ".handbook code"])
      expect(
        await page
          .locator(code)
          .first()
          .evaluate((element) => getComputedStyle(element).fontFamily),
        code,
      ).toMatch(/mono/i);
    await page.evaluate(() => {
      const words = document.createElement("p");
      words.id = "quoted";
      words.textContent = "“It’s here,” she said.";
      document.querySelector(".handbook")?.append(words);
    });
    expect((await facesOf(page, "#quoted")).filter((face) => /CJK|PingFang|YaHei|Han Sans/.test(face))).toEqual([]);

    await page.goto("/console/reports/history");
    const tick = page.locator('.history-plot .plot-drawing svg text[text-anchor="end"]').first();
    await expect(tick).toBeVisible();
    await page.evaluate(() => {
      document.documentElement.dir = "rtl";
    });
    await expect(tick).toHaveCSS("direction", "ltr");
    const plot = page.locator(".history-plot").first();
    const drawn = await plot.locator(".plot-drawing svg path").evaluateAll((all) =>
      Math.min(
        ...all
          .map((one) => one.getBoundingClientRect())
          .filter(({ width }) => width > 0)
          .map(({ left }) => left),
      ),
    );
    const label = await box(tick);
    expect(label.x + label.width, "the numbers of the axis stand before its lines").toBeLessThanOrEqual(drawn + 1);
  },
);

readOnly(
  "a door is as wide as a finger, and a message stands above the foot",
  { tag: "@zh-CN" },
  async ({ people, t }) => {
    const { page } = await people.staff("manager");
    await page.goto("/console/floor/live");
    const door = page.locator(".dimension .num").first();
    await expect(door).toBeVisible();
    const { x, y, width, height } = await box(door);
    const hit = await page.evaluate(
      ([left = 0, top = 0]) =>
        [-11, 11].every((off) => document.elementFromPoint(left, top + off)?.closest(".num") !== null),
      [x + width / 2, y + height / 2],
    );
    expect(hit, "24 px high").toBe(true);
    for (const small of [".foot-keys", ".board .definition"])
      expect((await box(page.locator(small).first())).height, small).toBeGreaterThanOrEqual(23.5);
    const toasts = page.locator(".toasts");
    const [foot, place] = [
      await box(page.locator(".foot")),
      await toasts.evaluate((element) => ({
        bottom: innerHeight - Number.parseFloat(getComputedStyle(element).bottom),
        start: Number.parseFloat(getComputedStyle(element).left),
      })),
    ];
    expect(place.bottom).toBeLessThanOrEqual(foot.y);
    expect(place.start).toBeLessThan(120);
    await expect(
      page.getByRole("img", { name: new RegExp(`^${t.console("panel.sign.service_level")}`) }),
      "the radar says its six ratios",
    ).toBeVisible();
  },
);
