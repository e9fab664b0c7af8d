import { readFile } from "node:fs/promises";
import type { Locator, Page } from "@playwright/test";
import { consoleScale, isAccessible } from "../support/axe";
import { expect, test } from "../support/test";
import type { Words } from "../support/words";

const drawer = (page: Page): Locator => page.getByRole("dialog");
const button = (scope: Page | Locator, t: Words, key: string, values?: Record<string, string | number>): Locator =>
  scope.getByRole("button", { name: t.console(`goods.${key}`, values), exact: true });
const field = (page: Page, t: Words, key: string): Locator =>
  drawer(page).getByLabel(t.console(`goods.field.${key}`), { exact: true });
const row = (page: Page, name: string): Locator =>
  page.getByRole("row").filter({ has: page.getByRole("link", { name, exact: true }) });
const toast = (page: Page): Locator => page.locator(".toasts").getByRole("status").or(page.locator(".toasts"));

/** A picture of 600 by 400 pixels, made in the page. */
const picture = (page: Page): Promise<string> =>
  page.evaluate(() => {
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [600, 400];
    const pen = canvas.getContext("2d");
    if (!pen) return "";
    pen.fillStyle = "#2f9c8c";
    pen.fillRect(0, 0, 600, 400);
    pen.fillStyle = "#f2b46b";
    pen.fillRect(200, 100, 200, 200);
    return canvas.toDataURL("image/png").split(",")[1] ?? "";
  });

test("a product is added, published, seen and asked about, made cheaper, deleted and taken back", {
  tag: ["@en", "@must"],
}, async ({ people, t }) => {
  const { page } = await people.staff("manager");
  const name = t.pick("远帆 Z1 折叠机", "Farsail Z1 Fold");
  const question = t.pick("远帆 Z1 折叠机多少钱？", "How much is the Farsail Z1 Fold?");
  const keyless: string[] = [];
  page.on("request", (request) => {
    const changes =
      !["GET", "HEAD"].includes(request.method()) && new URL(request.url()).pathname.startsWith("/api/v1/");
    if (changes && !request.headers()["idempotency-key"]) keyless.push(`${request.method()} ${request.url()}`);
  });
  await page.goto("/console/goods");
  await expect(page.getByRole("row").nth(5)).toBeVisible();

  await test.step("what is wrong is said before it is sent, and nothing that was written is lost", async () => {
    await page.keyboard.press("n");
    await field(page, t, "name_zh").fill("远帆 Z1 折叠机");
    await field(page, t, "name_en").fill("Farsail Z1 Fold");
    await field(page, t, "price").fill("三千");
    await field(page, t, "stock").fill("-1");
    await button(drawer(page), t, "save.draft").click();
    await expect(drawer(page).getByText(t.console("goods.fault.price_not_a_number"))).toBeVisible();
    await expect(drawer(page).getByText(t.console("goods.fault.stock_rule"))).toBeVisible();
    await expect(drawer(page).getByText(t.console("goods.fault.category_missing"))).toBeVisible();
    await expect(field(page, t, "name_zh")).toHaveValue("远帆 Z1 折叠机");
    await isAccessible(page, "the form with faults");
  });

  await test.step("with picture and property it is kept as a draft that customers do not see", async () => {
    await field(page, t, "category").selectOption("phone");
    await field(page, t, "price").fill("6,999.00");
    await field(page, t, "stock").fill("8");
    await drawer(page)
      .locator("input[type=file]")
      .setInputFiles({ name: "z1.png", mimeType: "image/png", buffer: Buffer.from(await picture(page), "base64") });
    await expect(drawer(page).locator("img.product-photo")).toBeVisible();
    await drawer(page)
      .getByRole("tab", { name: t.console("goods.tab.properties") })
      .click();
    await button(drawer(page), t, "properties.add").click();
    await drawer(page)
      .getByLabel(t.console("goods.properties.label_zh", { n: 1 }))
      .fill("电池容量");
    await drawer(page)
      .getByLabel(t.console("goods.properties.label_en", { n: 1 }))
      .fill("Battery");
    await drawer(page)
      .getByLabel(t.console("goods.properties.value_zh", { n: 1 }))
      .fill("5200");
    await drawer(page)
      .getByLabel(t.console("goods.properties.value_en", { n: 1 }))
      .fill("5200");
    await drawer(page)
      .getByLabel(t.console("goods.properties.unit", { n: 1 }))
      .fill("mAh");
    await isAccessible(page, "properties");
    await button(drawer(page), t, "save.draft").click();
    await expect(page.getByText(t.console("goods.saved.draft", { name }))).toBeVisible();
    await expect(row(page, name)).toContainText(t.console("goods.state.draft"));
    const { page: hall } = await people.visitor("/goods");
    await expect(hall.getByRole("article").first()).toBeVisible();
    await expect(hall.getByRole("link", { name, exact: true })).toHaveCount(0);
  });

  await test.step("published, a visitor sees it with its picture and the bot knows its price", async () => {
    await button(page, t, "publish.one", { name }).click();
    await expect(page.getByText(t.console("goods.told.live", { name }))).toBeVisible();
    const { page: hall, chat } = await people.visitor("/goods");
    await hall.getByRole("link", { name, exact: true }).click();
    await expect(hall.getByRole("heading", { level: 1, name })).toBeVisible();
    const shown = hall.locator(".stage.big img");
    await expect.poll(() => shown.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBe(600);
    await isAccessible(hall, "a product with a picture");
    await hall.getByRole("button", { name: t.hall("product.ask"), exact: true }).click();
    await expect(chat.log.locator(".pcard img.photo")).toBeVisible();
    await chat.say(question);
    await expect(chat.bot(/6,999/)).toBeVisible();
  });

  await test.step("the price is changed where it stands, and the history tells", async () => {
    const cell = row(page, name).getByRole("button", {
      name: new RegExp(`^${t.console("goods.quick.price.label", { name })}`),
    });
    await cell.click();
    const input = row(page, name).getByRole("textbox", { name: t.console("goods.quick.price.label", { name }) });
    await input.fill("6,4999");
    await input.press("Enter");
    await expect(row(page, name).getByRole("alert")).toHaveText(t.console("goods.fault.price_not_a_number"));
    await input.fill("6,499.00");
    await input.press("Enter");
    await expect(
      toast(page)
        .getByText(/6,999\.00 → .*6,499\.00/)
        .first(),
    ).toBeVisible();
    await expect(cell).toContainText("6,499");
    await row(page, name).getByRole("link", { name, exact: true }).click();
    await drawer(page)
      .getByRole("tab", { name: t.console("goods.tab.prices") })
      .click();
    await expect(drawer(page).getByRole("row").nth(1)).toContainText(/6,999\.00.*6,499\.00/);
    await expect(drawer(page).getByRole("row").nth(2)).toContainText(t.console("goods.prices.first"));
    await isAccessible(page, "the price history");
    await page.keyboard.press("Escape");
  });

  await test.step("deleted it is gone, and it is taken back", async () => {
    await button(page, t, "delete.one", { name }).click();
    await expect(page.getByText(t.console("goods.told.deleted", { name }))).toBeVisible();
    await expect(row(page, name)).toHaveCount(0);
    await toast(page)
      .getByRole("button", { name: t.console("shell.undo") })
      .last()
      .click();
    await expect(row(page, name)).toContainText(t.console("goods.state.live"));
    const { chat } = await people.customer();
    await chat.say(question);
    await expect(chat.bot(/6,499/)).toBeVisible();
  });

  await test.step("deleted and forgotten about, it is found among what was deleted, and restored", async () => {
    await button(page, t, "delete.one", { name }).click();
    await expect(row(page, name)).toHaveCount(0);
    await page.reload();
    await page.getByRole("combobox", { name: t.console("goods.field.state") }).selectOption("deleted");
    const gone = page.getByRole("row").filter({ has: page.getByText(name, { exact: true }) });
    await expect(gone).toContainText("6,499");
    await expect(page.getByText(t.console("goods.deleted.about"))).toBeVisible();
    await expect(page.getByRole("columnheader", { name: t.console("goods.field.kept_until") })).toBeVisible();
    await isAccessible(page, "what was deleted");
    await page.setViewportSize({ width: 390, height: 844 });
    await expect(button(page, t, "restore.one", { name })).toBeVisible();
    expect(
      await page.evaluate(() => document.documentElement.scrollWidth > innerWidth),
      "nothing hangs over the edge of a phone",
    ).toBe(false);
    await isAccessible(page, "what was deleted on a phone");
    await page.setViewportSize({ width: 1440, height: 900 });
    await button(page, t, "restore.one", { name }).click();
    await expect(page.getByText(t.console("goods.told.restored", { name }))).toBeVisible();
    await expect(gone).toHaveCount(0);
    await page.getByRole("combobox", { name: t.console("goods.field.state") }).selectOption("");
    await expect(row(page, name)).toContainText(t.console("goods.state.live"));
    expect(keyless, "every change can be repeated").toEqual([]);
  });
});

test("of two editors the second is told what changed", { tag: "@zh-CN" }, async ({ people, t }) => {
  const { page } = await people.staff("agent");
  const { page: other } = await people.staff("manager");
  const name = t.pick("澈岚 X9 Pro", "Trelan X9 Pro");
  for (const one of [page, other]) {
    await one.goto("/console/goods?open=g-001");
    await expect(field(one, t, "stock")).toBeVisible();
  }
  await field(page, t, "stock").fill("77");
  await field(other, t, "stock").fill("66");
  await button(drawer(other), t, "save").click();
  await expect(other.getByText(t.console("goods.saved", { name }))).toBeVisible();
  await expect(drawer(page).getByText(t.console("goods.form.changed_meanwhile"))).toBeVisible();
  await button(drawer(page), t, "save").click();
  await expect(drawer(page).getByRole("alert")).toHaveText(t.console("kit.conflict.changed"));
  const versions = drawer(page).locator(".conflict-differs dd");
  await expect(versions).toHaveText(["77", "66"]);
  await isAccessible(page, "two versions");
  await drawer(page)
    .getByRole("button", { name: t.console("kit.conflict.take_mine"), exact: true })
    .click();
  await expect(row(page, name)).toContainText("77");
  await expect(row(other, name), "the other looks on and sees it").toContainText("77");
});

test(
  "a file with one wrong row changes nothing, the corrected one is taken, and an export holds the same",
  { tag: ["@en", "@must"] },
  async ({ people, t }, info) => {
    const { page } = await people.staff("manager");
    await page.goto("/console/goods");
    await expect(page.getByRole("row").nth(5)).toBeVisible();
    const total = page.locator(".goods-total");
    const before = (await total.textContent()) ?? "";
    const head = t.pick(
      "编号,分类,名称（中文）,名称（英文）,价格,库存,状态",
      "ID,Category,Name (Chinese),Name (English),Price,Stock,State",
    );
    const live = t.pick("在售", "Published");
    const category = t.pick("配件", "Accessories");
    const file = (price: string): string =>
      `\ufeff${head}\r\nimp-1,${category},导入一号,Import One,"1,299.50",5,${live}\r\nimp-2,${category},导入二号,Import Two,${price},6,${live}\r\n`;
    const give = (text: string): Promise<void> =>
      drawer(page)
        .locator("input[type=file]")
        .setInputFiles({ name: "goods.csv", mimeType: "text/csv", buffer: Buffer.from(text) });

    await test.step("the wrong row is named by line, column and reason", async () => {
      await button(page, t, "import").click();
      await give(file("12.345"));
      const fault = drawer(page).getByRole("row").nth(1);
      await expect(fault).toContainText("3");
      await expect(fault).toContainText(t.console("goods.column.price"));
      await expect(fault).toContainText("12.345");
      await expect(fault).toContainText(t.console("goods.bad.price_decimals"));
      await expect(
        drawer(page).getByRole("button", { name: new RegExp(t.pick("^导入 \\d", "^Import \\d")) }),
      ).toHaveCount(0);
      await isAccessible(page, "an import with a fault");
      await expect(total).toHaveText(before);
    });

    await test.step("what is no table of goods is said in words", async () => {
      await give("colour,size\nred,2\n");
      await expect(drawer(page).getByRole("alert")).toHaveText(t.console("problem.code.import_no_columns"));
    });

    await test.step("the corrected file is shown and done", async () => {
      await give(file("12.34"));
      await expect(drawer(page).getByText(t.console("goods.import.new", { count: 2, n: 2 }))).toBeVisible();
      await button(drawer(page), t, "import.confirm", { count: 2 }).click();
      await expect(page.getByText(t.console("goods.import.done", { added: 2, changed: 0 }))).toBeVisible();
      const { page: hall } = await people.visitor("/goods/imp-1");
      await expect(hall.getByRole("heading", { level: 1, name: t.pick("导入一号", "Import One") })).toBeVisible();
      await expect(hall.getByText("1,299.50").first()).toBeVisible();
    });

    await test.step("an export of the search holds the same rows, and taken in again it changes nothing", async () => {
      await page.getByRole("searchbox", { name: t.console("goods.search") }).fill(t.pick("导入", "Import"));
      await expect(total).toHaveText(t.console("goods.total", { count: 2, n: 2 }));
      await button(page, t, "export").click();
      const download = page.waitForEvent("download");
      await page.getByRole("link", { name: t.console("goods.export.csv") }).click();
      const path = info.outputPath("goods.csv");
      await (await download).saveAs(path);
      const text = await readFile(path, "utf8");
      expect(
        text
          .split("\r\n")
          .filter((line) => line.startsWith('"imp-'))
          .map((line) => line.split(",").slice(0, 6).join(",")),
      ).toEqual([
        `"imp-1","${category}","导入一号","Import One","1299.50","5"`,
        `"imp-2","${category}","导入二号","Import Two","12.34","6"`,
      ]);
      await button(page, t, "import").click();
      await give(text);
      await expect(drawer(page).getByText(t.console("goods.import.nothing"))).toBeVisible();
      await page.keyboard.press("Escape");
    });

    await test.step("a category that has goods stays, and says how many", async () => {
      await button(page, t, "categories").click();
      await button(drawer(page), t, "category.delete", { name: category }).click();
      await expect(drawer(page).getByRole("alert")).toContainText(category);
      await expect(drawer(page).getByRole("alert")).toContainText(/\d+/);
      await isAccessible(page, "categories");
    });
  },
);

test("how often a product was asked about leads to the conversations", { tag: "@zh-CN" }, async ({ people, t }) => {
  const name = t.pick("澈岚 X9 Pro", "Trelan X9 Pro");
  const question = t.pick("这台有现货吗？", "Is it in stock?");
  const { page: hall, chat } = await people.visitor("/goods");
  await hall.getByRole("link", { name, exact: true }).click();
  await hall.getByRole("button", { name: t.hall("product.ask"), exact: true }).click();
  await chat.say(question);
  // The page shows it immediately; it is counted once the server has it.
  await expect(chat.tick(question)).not.toHaveText(t.widget("tick.sending"));
  const { page } = await people.staff("manager");
  await page.goto("/console/goods");
  const asked = row(page, name).locator(".goods-asked-count button");
  await asked.click();
  const number = Number((await asked.textContent()) ?? "0");
  expect(number).toBeGreaterThan(0);
  await expect(drawer(page).getByRole("listitem")).toHaveCount(Math.min(number, 50));
  await isAccessible(page, "conversations about a product");
  await drawer(page).getByRole("listitem").first().getByRole("link").click();
  await expect(page.getByText(question).first()).toBeVisible();
  const { page: agent } = await people.staff("agent");
  await agent.goto("/console/goods");
  await expect(row(agent, name)).toBeVisible();
  await expect(agent.getByRole("columnheader", { name: t.console("goods.field.asked") })).toHaveCount(0);
  const price = new RegExp(`^${t.console("goods.quick.price.label", { name })}`);
  await page.goto("/console/goods");
  await expect(row(page, name).getByRole("button", { name: price })).toBeVisible();
  await expect(row(agent, name).getByRole("button", { name: price })).toHaveCount(0);
});

test("the list is worked by keyboard, on a phone, in the dark and at 200 %", { tag: "@zh-CN" }, async ({
  people,
  t,
}) => {
  const { page } = await people.staff("administrator");
  await page.goto("/console/goods");
  const first = page.getByRole("rowheader").first().getByRole("link");
  await first.focus();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowRight");
  await expect(page.getByRole("row").nth(2).locator("[data-cell]").nth(1)).toBeFocused();
  await page.keyboard.press("ArrowLeft");
  await page.keyboard.press("Space");
  await expect(page.getByRole("row").nth(2).getByRole("checkbox")).toBeChecked();
  await expect(page.getByText(t.console("goods.picked", { count: 1 }))).toBeVisible();
  await page.keyboard.press("e");
  await expect(drawer(page)).toBeVisible();
  await page.keyboard.press("Escape");
  await page.keyboard.press("/");
  await expect(page.getByRole("searchbox", { name: t.console("goods.search") })).toBeFocused();
  await isAccessible(page, "goods");
  await page.emulateMedia({ colorScheme: "dark" });
  await isAccessible(page, "goods in the dark");
  await page.setViewportSize({ width: 390, height: 844 });
  await expect(page.getByRole("row").nth(2)).toBeVisible();
  const wide = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
  expect(wide, "nothing hangs over the edge of a phone").toBe(false);
  await isAccessible(page, "goods on a phone");
  await page.setViewportSize({ width: 1440, height: 900 });
  await consoleScale(page, 200);
  await expect(page.getByRole("row").nth(2)).toBeVisible();
  await isAccessible(page, "goods at 200 %");
  await page.goto("/console/goods?open=g-001");
  await expect(field(page, t, "stock")).toBeVisible();
  await isAccessible(page, "a product at 200 %");
});
