import type { Locator, Page } from "@playwright/test";
import { isAccessible } from "../support/axe";
import { expect, test } from "../support/test";

const button = (root: Page | Locator, name: string): Locator => root.getByRole("button", { name, exact: true });

test("a word that customers use gets synonyms, which the bot hears at once, and loses them again", {
  tag: "@zh-CN",
}, async ({ people, t }) => {
  const s = (key: string, values: Record<string, string | number> = {}): string => t.console(`curate.${key}`, values);
  const word = t.pick("小钱钱", "pocket dough");
  const known = t.pick("话费", "balance");
  const { page } = await people.staff("agent");
  await page.goto("/console/bot/synonyms");
  const groups = page.getByRole("list", { name: s("synonyms.title") });
  await expect(groups.getByRole("listitem").nth(5)).toBeVisible();
  await isAccessible(page, "the synonyms");
  const sentence = page.getByRole("textbox", { name: s("synonyms.try.words") });
  await sentence.fill(t.pick("小钱钱还剩多少", "how much pocket dough is left"));
  await expect(page.getByRole("status").filter({ hasText: /\S/ }).first()).toBeVisible();
  await expect(page.locator("mark", { hasText: word })).toHaveCount(0);

  await test.step("a word of another group is saved only if that is meant", async () => {
    await button(page, s("synonyms.new")).click();
    const form = page.getByRole("dialog");
    if (t.lang === "en") await button(form, s("lang.en")).click();
    await form.getByRole("textbox", { name: s("field.words") }).fill(word);
    await button(form, t.console("kit.save")).click();
    await expect(form.getByText(s("synonyms.fault.too_few"))).toBeVisible();
    await form.getByRole("textbox", { name: s("field.words") }).fill(`${word}\n${known}`);
    await button(form, t.console("kit.save")).click();
    await expect(form.getByText(s("synonyms.elsewhere", { words: known }))).toBeVisible();
    await button(form, s("synonyms.anyway")).click();
    await expect(page.getByText(s("synonyms.saved"))).toBeVisible();
  });

  await test.step("the bot reads it as the others", async () => {
    await expect(page.locator("mark", { hasText: word })).toBeVisible();
  });

  await test.step("deleted, it means nothing again; that is undone", async () => {
    await page.getByRole("searchbox", { name: s("synonyms.search") }).fill(word);
    await expect(groups.getByRole("listitem")).toHaveCount(1);
    await groups.getByRole("listitem").hover();
    await button(groups, s("synonyms.delete.one", { word })).click();
    await expect(page.locator("mark", { hasText: word })).toHaveCount(0);
    await button(page, t.console("shell.undo")).click();
    await expect(groups.getByRole("listitem")).toHaveCount(1);
    await expect(page.locator("mark", { hasText: word })).toBeVisible();
  });
});

test("a product gets another name and a relation, which others see at once", { tag: ["@en", "@must"] }, async ({
  people,
  t,
}) => {
  const s = (key: string, values: Record<string, string | number> = {}): string => t.console(`curate.${key}`, values);
  const name = t.pick("澈岚 X9 折叠版", "Trelan X9 Fold");
  const other = t.pick("澈岚 X9", "Trelan X9");
  const { page } = await people.staff("agent");
  await page.goto("/console/bot/graph");
  await page.getByRole("searchbox", { name: s("graph.search") }).fill("g-003");
  await expect(page.getByRole("row")).toHaveCount(2);
  await isAccessible(page, "the product graph");
  await page.getByRole("link", { name: s("graph.edit", { name }), exact: true }).click();
  const form = page.getByRole("dialog", { name: s("graph.edit", { name }) });
  await expect(form).toBeVisible();
  await isAccessible(page, "an item of the graph");

  await test.step("names are written, a relation is found and added", async () => {
    const names = form.getByRole("textbox", { name: s(t.pick("graph.aliases.zh", "graph.aliases.en")) });
    await names.fill(`${await names.inputValue()}\n${t.pick("大金刚", "the big gorilla")}`);
    await form.getByRole("searchbox", { name: s("graph.relations.add") }).fill("g-002");
    await form
      .getByRole("list", { name: t.console("kit.found") })
      .getByRole("button")
      .first()
      .click();
    await expect(form.getByRole("group", { name: s("graph.kind.of", { name: other }) })).toBeVisible();
    await button(form, t.console("kit.save")).click();
    await expect(page.getByText(s("graph.saved", { name }))).toBeVisible();
  });

  await test.step("the list shows the name, and the other product what refers to it", async () => {
    await expect(page.getByRole("row").getByText(t.pick("大金刚", "the big gorilla"))).toBeVisible();
    await page.goto("/console/bot/graph?item=g-002");
    const referred = page.getByRole("region", { name: s("graph.referred") });
    await expect(referred.getByRole("link", { name, exact: true })).toBeVisible();
  });

  await test.step("a customer who uses the name is answered", async () => {
    const { chat } = await people.customer();
    await chat.say(t.pick("大金刚多少钱？", "How much is the big gorilla?"));
    await expect(chat.bot("7,999")).toBeVisible();
  });
});

test("a plan is added, published, seen in the hall, and withdrawn", { tag: "@zh-CN" }, async ({ people, t }) => {
  const s = (key: string, values: Record<string, string | number> = {}): string => t.console(`plans.${key}`, values);
  const name = t.pick("远帆 45", "Farsail 45");
  const { page } = await people.staff("manager");
  await page.goto("/console/goods/plans");
  await expect(page.getByRole("row").nth(5)).toBeVisible();
  await isAccessible(page, "the plans");
  await button(page, s("new")).click();
  const form = page.getByRole("dialog", { name: s("form.new") });
  await button(form, s("save.publish")).click();
  await expect(form.getByText(s("fault.name"))).toBeVisible();
  await isAccessible(page, "the form of a plan with faults");
  for (const language of ["zh", "en"] as const)
    await form
      .getByRole("textbox", {
        name: t.console("kit.lang.of", { label: s("field.name"), language: t.console(`kit.lang.${language}`) }),
      })
      .fill(language === "zh" ? "远帆 45" : "Farsail 45");
  await form.getByRole("textbox", { name: s("field.fee") }).fill("45.00");
  await form.getByRole("textbox", { name: s("field.data_gb"), exact: true }).fill("25");
  await button(form, s("save.publish")).click();
  await expect(page.getByText(s("saved", { name }))).toBeVisible();

  const { page: hall } = await people.visitor("/plans");
  await expect(hall.getByRole("heading", { name })).toBeVisible();
  await page.getByRole("row").filter({ hasText: name }).hover();
  await button(page, s("take_off.one", { name })).click();
  await expect(page.getByText(s("told.off", { name }))).toBeVisible();
  await hall.reload();
  await expect(hall.getByRole("heading", { level: 2 }).first()).toBeVisible();
  await expect(hall.getByRole("heading", { name })).toHaveCount(0);
});
