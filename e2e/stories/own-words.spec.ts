import type { Locator } from "@playwright/test";
import { isAccessible } from "../support/axe";
import { expect, test } from "../support/test";

test("what was said is quoted, corrected and taken back at the desk and in the chat; each side reads what became of it", {
  tag: ["@zh-CN", "@must"],
}, async ({ people, t }) => {
  const desk = await people.agent();
  const { page, chat } = await people.customer();
  const question = t.pick("宽带什么时候能修好？", "When is my line repaired?");
  await chat.say(question);
  await chat.human.click();
  await expect(chat.joined(desk.name)).toBeVisible();
  await desk.openFirst();
  /** The buttons of a message at the desk. */
  const acts = (words: string): Locator => desk.log.getByRole("group", { name: words });
  const press = async (words: string, what: string): Promise<void> => {
    await desk.said(words).last().hover();
    await acts(words)
      .getByRole("button", { name: t.console(`desk.message.${what}`) })
      .click();
  };
  const monday = t.pick("周一上午修好", "On Monday morning");
  const tuesday = t.pick("周二上午修好", "On Tuesday morning");

  await test.step("an agent quotes the customer; a press on the quote leads there", async () => {
    await press(question, "quote");
    await expect(desk.pane.getByRole("status").filter({ hasText: question })).toBeVisible();
    await desk.say(monday);
    const quote = chat.agent(monday).getByRole("button", { name: question });
    await expect(quote).toBeVisible();
    await quote.click();
    await expect(chat.mine(question).first()).toBeFocused();
  });

  await test.step("an agent corrects their last words with ↑; the customer reads the new ones, colleagues also the first", async () => {
    await desk.composer.press("ArrowUp");
    const dialog = desk.page.getByRole("dialog", { name: t.console("desk.correct.title") });
    await dialog.getByRole("textbox", { name: t.console("desk.correct.words") }).fill(tuesday);
    await dialog.getByRole("button", { name: t.console("desk.correct.save") }).click();
    await expect(chat.agent(tuesday)).toContainText(t.widget("chat.edited"));
    await expect(chat.root.getByText(monday)).toHaveCount(0);
    const corrected = desk.log.getByText(t.console("desk.message.corrected"));
    await corrected.click();
    await expect(desk.log.getByRole("list", { name: t.console("desk.message.before") })).toContainText(monday);
    await isAccessible(desk.page, "a conversation with a correction");
    await corrected.click();
  });

  await test.step("an agent takes words back: they are gone for both", async () => {
    const slip = t.pick("发错人了", "This was for somebody else");
    await desk.say(slip);
    await expect(chat.agent(slip)).toBeVisible();
    await press(slip, "recall");
    await expect(chat.log.getByText(t.widget("gone.recalled"))).toHaveCount(1);
    await expect(chat.root.getByText(slip)).toHaveCount(0);
    await expect(desk.said(slip)).toHaveCount(0);
    await expect(desk.said(t.console("desk.message.recalled"))).toHaveCount(1);
  });

  await test.step("the customer quotes from the keyboard, and Esc drops it", async () => {
    await chat.agent(tuesday).focus();
    await page.keyboard.press("Tab");
    await page.keyboard.press("Tab");
    await expect(chat.root.getByRole("button", { name: t.widget("own.quote"), exact: true })).toBeFocused();
    await isAccessible(page, "the chat with the buttons of a message");
    await page.keyboard.press("Enter");
    const strip = chat.root.getByRole("status").filter({ hasText: tuesday });
    await expect(strip).toBeVisible();
    await expect(chat.composer).toBeFocused();
    await page.keyboard.press("Escape");
    await expect(strip).toHaveCount(0);
    await expect(chat.composer).toBeVisible();
    await chat.agent(tuesday).hover();
    await chat.root.getByRole("button", { name: t.widget("own.quote"), exact: true }).click();
    await chat.say(t.pick("上午几点？", "At what time?"));
    await expect(strip).toHaveCount(0);
    await expect(desk.log.getByRole("button", { name: tuesday })).toBeVisible();
  });

  await test.step("the customer takes their own back by holding it; the agent no longer reads it", async () => {
    const secret = t.pick("我的密码是 1234", "My password is 1234");
    await chat.say(secret);
    await expect(desk.said(secret).first()).toBeVisible();
    await chat.mine(secret).dispatchEvent("pointerdown", { pointerType: "touch", bubbles: true });
    await chat.root.getByRole("button", { name: t.widget("own.recall"), exact: true }).click();
    await expect(chat.log.getByText(t.widget("gone.recalled"))).toHaveCount(2);
    await expect(chat.root.getByText(secret)).toHaveCount(0);
    await expect(desk.page.getByText(secret)).toHaveCount(0);
  });

  await test.step("in calm mode, all of it can still be read", async () => {
    await desk.state.click();
    await desk.page.getByRole("switch", { name: t.console("desk.calm") }).click();
    await desk.page.keyboard.press("Escape");
    for (const colorScheme of ["light", "dark"] as const) {
      await desk.page.emulateMedia({ colorScheme });
      await isAccessible(desk.page, `the desk in calm mode, ${colorScheme}`);
    }
  });
});
