import { isAccessible, sideways } from "../support/axe";
import { demo } from "../support/demo";
import { press } from "../support/keyboard";
import { expect, test } from "../support/test";

test("pages, actions and goods are found from anywhere, by the keyboard alone", { tag: ["@zh-CN", "@must"] }, async ({
  people,
  t,
}) => {
  const { page } = await people.staff("manager");
  const keys = page.keyboard;
  const field = page.getByRole("combobox", { name: t.console("palette.title") });
  const options = page.getByRole("listbox", { name: t.console("palette.results") }).getByRole("option");
  await page.goto("/console/inbox");

  await test.step("the search opens from the rail, and the focus comes back", async () => {
    const rail = page.getByRole("navigation", { name: t.console("shell.rail.label") }).first();
    const search = rail.getByRole("button", { name: t.console("shell.search") });
    await press(page, search);
    await expect(field).toBeFocused();
    await isAccessible(page, "the palette");
    await keys.press("Escape");
    await expect(field).toBeHidden();
    await expect(search).toBeFocused();
  });

  await test.step("a page is found by its first letters in pinyin, or by its name", async () => {
    await keys.press("Control+k");
    await expect(field).toBeFocused();
    await keys.type(t.pick("sssj", "live"));
    await expect(options.first()).toContainText(t.console("areas.page.live"));
    await keys.press("Enter");
    await expect(page).toHaveURL(/\/console\/floor\/live$/);
    await expect(page.getByRole("navigation", { name: t.console("areas.area.floor") })).toBeVisible();
  });

  await test.step("a product is found in its list and opened", async () => {
    const { product } = demo(t);
    await keys.press("Control+k");
    await expect(field).toBeFocused();
    await keys.type(product.name);
    const found = options.filter({ hasText: product.name }).first();
    await expect(found).toBeVisible();
    await found.click();
    await expect(page).toHaveURL(new RegExp(`/console/goods\\?open=${product.id}$`));
  });

  await test.step("what was picked last comes first, and the theme changes at once", async () => {
    await page.goto("/console/inbox/queues");
    await page.getByRole("heading", { level: 1, name: t.console("queues.title") }).waitFor();
    await keys.press("Control+k");
    await expect(options.first()).toContainText(demo(t).product.name);
    await keys.type(t.console("palette.act.theme_dark"));
    await expect(options.first()).toContainText(t.console("palette.act.theme_dark"));
    await keys.press("Enter");
    await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
    await keys.press("Control+k");
    await expect(field).toBeFocused();
    await isAccessible(page, "the palette in the dark");
  });
});

test("on a phone four things are at the foot, and the rest is under one's own name", { tag: "@en" }, async ({
  people,
  t,
}) => {
  const { page } = await people.staff("manager");
  await page.setViewportSize({ width: 390, height: 844 });
  // a former address
  await page.goto("/console/panel");
  await expect(page).toHaveURL(/\/console\/floor\/live$/);
  const bar = page.getByRole("navigation", { name: t.console("shell.rail.label") });
  await expect(bar).toHaveCount(1);
  await expect(bar.getByRole("link")).toHaveText([
    t.console("areas.area.floor"),
    new RegExp(t.console("areas.area.inbox")),
  ]);
  await bar.getByRole("button", { name: t.console("shell.avatar.me") }).click();
  const sheet = page.getByRole("dialog", { name: t.console("shell.avatar.label") });
  await isAccessible(page, "one's own menu on a phone");
  await sheet.getByRole("link", { name: t.console("areas.area.settings") }).click();
  await expect(page.getByRole("heading", { level: 1, name: t.console("settings.side.people") })).toBeVisible();
  // There are too many for links: they are in a list.
  const pages = page.getByRole("navigation", { name: t.console("areas.area.settings") }).getByRole("combobox");
  await pages.selectOption({ label: t.console("areas.page.queue_settings") });
  await expect(page.getByRole("heading", { level: 1, name: t.console("settings.side.queues") })).toBeVisible();
  expect.soft(await sideways(page)).toBeLessThanOrEqual(0);
  await bar.getByRole("button", { name: t.console("shell.search") }).click();
  await expect(page.getByRole("combobox", { name: t.console("palette.title") })).toBeFocused();
  await isAccessible(page, "the palette on a phone");
});

for (const [role, path] of [
  ["agent", "/console/inbox"],
  ["manager", "/console/floor/live"],
] as const) {
  test(`the first page of a signed-in ${role} asks little`, { tag: "@zh-CN" }, async ({ people, t }) => {
    const { page } = await people.staff(role);
    const asked: Promise<{ url: string; bytes: number; script: boolean }>[] = [];
    page.on("requestfinished", (request) => {
      const url = request.url();
      const bytes = request.sizes().then(({ responseBodySize }) => responseBodySize);
      asked.push(bytes.then((n) => ({ url, bytes: n, script: request.resourceType() === "script" })));
    });
    let sockets = 0;
    page.on("websocket", () => {
      sockets += 1;
    });
    await page.goto(path);
    await page
      .getByRole("navigation", { name: t.console("shell.rail.label") })
      .first()
      .waitFor();
    await page.waitForLoadState("networkidle");
    const all = await Promise.all(asked);
    const urls = all.map(({ url, bytes }) => `${String(bytes)} ${url}`).join("\n");
    expect(all.length + sockets, urls).toBeLessThanOrEqual(25);
    const scripts = all.filter(({ script }) => script).reduce((sum, { bytes }) => sum + bytes, 0);
    expect(scripts, urls).toBeGreaterThan(0);
    expect(scripts, urls).toBeLessThanOrEqual(330 * 1024);
    const api = all.map(({ url }) => url).filter((url) => url.includes("/api/"));
    expect(new Set(api).size, `nothing is read twice: ${api.join(" ")}`).toBe(api.length);
  });
}

test("the second level is narrowed to icons, stays so, and is a list where it has no room", { tag: "@en" }, async ({
  people,
  t,
}) => {
  const { page } = await people.staff("administrator");
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.goto("/console/settings/people");
  const second = page.getByRole("navigation", { name: t.console("areas.area.settings") });
  const sites = second.getByRole("link", { name: t.console("areas.page.sites") });
  await expect(second.getByRole("group", { name: t.console("areas.group.people") })).toBeVisible();
  await isAccessible(page, "a column by group");
  const full = (await second.boundingBox())?.width ?? 0;
  await second.getByRole("button", { name: t.console("areas.second.close") }).click();
  await expect.poll(async () => (await second.boundingBox())?.width ?? 0).toBeLessThan(full / 3);
  await isAccessible(page, "a column of icons");
  await page.reload();
  await sites.click();
  await expect(page).toHaveURL(/\/console\/settings\/sites$/);
  await expect(second.getByRole("button", { name: t.console("areas.second.open") })).toBeVisible();
  await expect(page).toHaveTitle(`${t.console("areas.page.sites")} – ${t.console("shell.product")}`);
  await page.setViewportSize({ width: 1000, height: 800 });
  await second.getByRole("combobox").selectOption("jobs");
  await expect(page).toHaveURL(/\/console\/settings\/jobs$/);
  await isAccessible(page, "a list of pages");
  expect.soft(await sideways(page)).toBeLessThanOrEqual(0);
});
