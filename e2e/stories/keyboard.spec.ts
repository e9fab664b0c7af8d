import { demo } from "../support/demo";
import { expect, test } from "../support/test";
import { tabTo } from "../support/keyboard";

test("the main flow by keyboard alone, on both sides", async ({ people, t }) => {
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
    await tabTo(page, page.getByRole("button", { name: t.pick("问一问", "Ask us"), exact: true }).last(), { back: true });
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
    await keys.press("Alt+r");
    await expect(chat.sendRating).toBeVisible();
  });

  await test.step("the customer rates", async () => {
    await tabTo(page, chat.score(1));
    for (const n of [2, 3, 4, 5] as const) {
      await page.keyboard.press("ArrowRight");
      await expect(chat.score(n)).toBeChecked();
    }
    await page.keyboard.press("Tab");
    await page.keyboard.type("by keyboard");
    await tabTo(page, chat.sendRating);
    await page.keyboard.press("Enter");
    await expect(chat.rated(5)).toBeVisible();
    await page.keyboard.press("Escape");
    await expect(chat.composer).toBeHidden();
    await expect(page.getByRole("button", { name: t.pick("问一问", "Ask us"), exact: true }).last()).toBeFocused();
  });
});
