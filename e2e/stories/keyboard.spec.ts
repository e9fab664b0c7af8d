import type { Locator, Page } from "@playwright/test";
import { BEST_SCORE, WORST_SCORE } from "../../web/api/src/rating.ts";
import { allScores } from "../support/chat";
import { demo } from "../support/demo";
import { expect, test } from "../support/test";
import { focusIsSeen, press, tabTo } from "../support/keyboard";

test("the main flow by keyboard alone, on both sides", { tag: "@en" }, async ({ people, t }) => {
  const desk = await people.agent("offline");
  const keys = desk.page.keyboard;
  const { page, chat } = await people.visitor("/");
  const { attribute } = demo(t);

  await test.step("the agent begins to serve", async () => {
    await keys.press("Alt+s");
    const available = desk.page.getByRole("radio", { name: t.console("desk.state.available.means") });
    await tabTo(desk.page, available, { back: true });
    await keys.press("Enter");
    await expect(desk.state).toContainText(t.console("desk.state.available"));
  });

  await test.step("the customer opens the chat from the launcher and asks", async () => {
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    await tabTo(page, page.getByRole("button", { name: t.pick("问一问", "Ask us"), exact: true }).last(), {
      back: true,
    });
    await page.keyboard.press("Enter");
    await expect(chat.composer).toBeFocused();
    await page.keyboard.type(t.pick("澈岚 X9 Pro 有多少存储", "How much storage does the Trelan X9 Pro have"));
    await page.keyboard.press("Enter");
    await expect(chat.bot(attribute.answer)).toBeVisible();
    await expect(chat.composer).toBeFocused();
  });

  await test.step("and asks for a person", async () => {
    await tabTo(page, chat.human.first(), { back: true });
    await page.keyboard.press("Enter");
    await expect(chat.joined(desk.name)).toBeVisible();
  });

  await test.step("the agent opens, answers, notes", async () => {
    await expect(desk.rows).toHaveCount(1);
    await keys.press("Alt+n");
    await expect(desk.composer).toBeFocused();
    await keys.type("/wait");
    await expect(desk.page.getByRole("option").first()).toBeVisible();
    await keys.press("Enter");
    await expect(desk.composer).not.toHaveValue(/^\/wait/);
    await keys.press("Enter");
    await expect(chat.agent(/./).first()).toBeVisible();
    await keys.press("Alt+m");
    await expect(desk.note).toBeFocused();
    await keys.type("kept to ourselves");
    await keys.press("Enter");
    await expect(desk.said("kept to ourselves")).toBeVisible();
    await expect(desk.composer).toBeFocused();
  });

  await test.step("the customer answers", async () => {
    await tabTo(page, chat.composer);
    await page.keyboard.type("thank you");
    await page.keyboard.press("Enter");
    await expect(desk.saidByCustomer.last()).toHaveText("thank you");
  });

  await test.step("the agent resolves", async () => {
    // The customer spoke last.
    await keys.press("Alt+r");
    await keys.press("Alt+r");
    await expect(chat.sendRating).toBeVisible();
  });

  await test.step("the customer rates", async () => {
    await tabTo(page, chat.score(WORST_SCORE));
    for (const n of allScores.slice(1)) {
      await page.keyboard.press("ArrowRight");
      await expect(chat.score(n)).toBeChecked();
    }
    await page.keyboard.press("Tab");
    await page.keyboard.type("by keyboard");
    await tabTo(page, chat.sendRating);
    await page.keyboard.press("Enter");
    await expect(chat.rated(BEST_SCORE)).toBeVisible();
    await page.keyboard.press("Escape");
    await expect(chat.composer).toBeHidden();
    await expect(page.getByRole("button", { name: t.pick("问一问", "Ask us"), exact: true }).last()).toBeFocused();
  });
});

test("a manager's day by keyboard alone: goods, answers, settings", { tag: "@zh-CN" }, async ({ people, t }) => {
  const { page } = await people.staff("manager");
  const keys = page.keyboard;
  const dialog = page.getByRole("dialog");
  const button = (name: string | RegExp, root: Page | Locator = page): Locator =>
    root.getByRole("button", { name, exact: typeof name === "string" });
  const heading = (name: string): Locator => page.getByRole("heading", { level: 1, name });
  const rail = (name: string): Locator =>
    page
      .getByRole("navigation", { name: t.console("shell.rail.label") })
      .first()
      .getByRole("link", { name });
  const product = t.pick("键盘手机", "Keyboard phone");
  await page.goto("/console/inbox");

  await test.step("a product is begun, left, begun again and published; the focus comes back to the button", async () => {
    await press(page, rail(t.console("areas.area.goods")));
    await expect(heading(t.console("goods.title"))).toBeVisible();
    const add = button(new RegExp(`^${t.console("goods.new")}`));
    await press(page, add);
    await expect(dialog).toBeVisible();
    await keys.press("Escape");
    await expect(dialog).toHaveCount(0);
    await expect(add).toBeFocused();
    await keys.press("Enter");
    const name = dialog.getByLabel(t.console(`goods.field.name_${t.pick("zh", "en")}`), { exact: true });
    await tabTo(page, name);
    await keys.type(product);
    await tabTo(page, dialog.getByLabel(t.console("goods.field.category"), { exact: true }));
    await keys.press("ArrowDown");
    await tabTo(page, dialog.getByLabel(t.console("goods.field.price"), { exact: true }));
    await keys.type("899");
    await tabTo(page, dialog.getByLabel(t.console("goods.field.stock"), { exact: true }));
    await keys.press("Control+a");
    await keys.type("5");
    await press(page, button(t.console("goods.save.publish"), dialog), { back: true });
    await expect(dialog).toHaveCount(0);
    await expect(add).toBeFocused();
  });

  const row = page.getByRole("row").filter({ has: page.getByRole("link", { name: product, exact: true }) });
  await test.step("it is found, made cheaper where it stands, thrown away and brought back", async () => {
    await keys.press("/");
    await expect(page.getByRole("searchbox", { name: t.console("goods.search") })).toBeFocused();
    await keys.type(product);
    await expect(page.getByRole("row")).toHaveCount(2);
    await tabTo(page, row.getByRole("link", { name: product, exact: true }));
    await focusIsSeen(page, "the product");
    await keys.press("ArrowRight");
    const price = row.getByRole("button", {
      name: new RegExp(`^${t.console("goods.quick.price.label", { name: product })}`),
    });
    await expect(price).toBeFocused();
    await keys.press("Enter");
    await keys.type("799");
    await keys.press("Enter");
    await expect(price).toHaveText(/799/);
    await expect(price).toBeFocused();
    await press(page, button(t.console("goods.delete.one", { name: product })));
    await expect(row).toHaveCount(0);
    await press(
      page,
      page
        .locator(".toasts")
        .getByRole("button", { name: t.console("shell.undo") })
        .last(),
      { most: 60 },
    );
    await expect(row).toBeVisible();
  });

  await test.step("an answer is found, gets another phrasing, and is published", async () => {
    await press(page, rail(t.console("areas.area.bot")), { back: true, most: 60 });
    await expect(heading(t.console("knowledge.title"))).toBeVisible();
    const more = button(t.console("knowledge.acts"));
    await press(page, more);
    await expect(page.getByRole("dialog", { name: t.console("knowledge.acts") })).toBeVisible();
    await keys.press("Escape");
    await expect(more).toBeFocused();
    await keys.press("/");
    await expect(page.getByRole("searchbox", { name: t.console("knowledge.search") })).toBeFocused();
    await keys.type(t.pick("发票", "invoice"));
    const first = page
      .getByRole("region", { name: t.console("knowledge.list") })
      .getByRole("listitem")
      .first()
      .getByRole("button");
    await expect(first).toHaveText(t.pick(/发票/, /invoice/i));
    await press(page, first);
    await expect(page.getByRole("article").getByRole("heading", { level: 2 }).first()).toHaveText(
      t.pick(/发票/, /invoice/i),
    );
    await keys.press("Alt+q");
    await expect(page.getByRole("textbox", { name: t.console("knowledge.phrasings.add") })).toBeFocused();
    await keys.type(t.pick("键盘开发票怎么弄", "how do I get an invoice by keyboard"));
    await keys.press("Enter");
    await keys.press("Control+s");
    await expect(
      page
        .getByRole("article")
        .getByRole("status")
        .filter({ hasText: t.like(t.console("knowledge.saved")) }),
    ).toBeVisible();
    await keys.press("Control+Enter");
    const publish = page.getByRole("dialog", { name: t.console("knowledge.publish.title", { number: 2 }) });
    await expect(publish).toBeVisible();
    await press(page, button(t.console("knowledge.publish", { number: 2 }), publish));
    await expect(page.getByText(t.console("knowledge.published", { number: 2 }))).toBeVisible();
  });

  await test.step("a group is made, edited and deleted after a question; each time the focus is where it was", async () => {
    const s = (key: string, values: Record<string, string> = {}): string => t.console(`settings.${key}`, values);
    await press(page, rail(t.console("areas.area.settings")), { back: true, most: 60 });
    await press(page, page.getByRole("link", { name: s("side.groups"), exact: true }));
    await expect(heading(s("side.groups"))).toBeVisible();
    const add = button(s("group.new"));
    await press(page, add);
    await expect(dialog.getByRole("textbox", { name: s("field.group_name") })).toBeFocused();
    await keys.type(t.pick("夜班组", "Night shift"));
    await keys.press("Enter");
    await expect(dialog).toHaveCount(0);
    await expect(add).toBeFocused();
    const made = page.getByRole("listitem", { name: t.pick("夜班组", "Night shift"), exact: true });
    const edit = made.getByRole("button", { name: s("edit.one", { name: t.pick("夜班组", "Night shift") }) });
    await press(page, edit);
    await keys.press("Escape");
    await expect(edit).toBeFocused();
    const remove = made.getByRole("button", { name: s("delete"), exact: true });
    await press(page, remove);
    const ask = page.getByRole("dialog", { name: s("delete.ask", { name: t.pick("夜班组", "Night shift") }) });
    await expect(button(t.console("shell.cancel"), ask)).toBeFocused();
    await keys.press("Escape");
    await expect(remove).toBeFocused();
    await keys.press("Enter");
    await press(page, button(s("delete"), ask));
    await expect(made).toHaveCount(0);
  });
});
