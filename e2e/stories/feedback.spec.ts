import { expect, test } from "../support/test";

test("what a customer says with a rating is found in the feedback, taken, handled and taken back", {
  tag: ["@en"],
}, async ({ people, t }) => {
  const q = (key: string, values: Record<string, string | number> = {}): string => t.console(`queues.${key}`, values);
  const words = "Nobody told me about the fee";
  const { chat } = await people.customer();
  await chat.say("What does the plan cost");
  await expect(chat.mine("What does the plan cost")).toBeVisible();
  await chat.root.getByRole("button", { name: t.widget("chat.menu"), exact: true }).click();
  await chat.root.getByRole("button", { name: t.widget("menu.end"), exact: true }).click();
  await chat.fillRating(2, words);
  await chat.sendRating.click();
  await expect(chat.rated(2)).toBeVisible();

  const { page } = await people.staff("manager");
  await page.goto("/console/inbox");
  await page.getByRole("link", { name: t.console("areas.page.feedback") }).click();
  await page.getByText(q("feedback.kind.rating"), { exact: true }).click();
  const card = page.getByRole("listitem").filter({ hasText: words });
  await expect(card).toContainText(q("rating.by_bot"));
  await card.getByRole("button", { name: q("left.mine"), exact: true }).click();
  await expect(card.getByRole("button", { name: q("left.give_back"), exact: true })).toBeVisible();
  await card.getByRole("button", { name: q("left.mark_handled"), exact: true }).click();
  await expect(card).toHaveCount(0);
  await page.getByText(q("left.done"), { exact: true }).click();
  await expect(card).toBeVisible();
  await card.getByRole("button", { name: q("left.take_back"), exact: true }).click();
  await expect(card).toHaveCount(0);
  await page.getByText(q("left.open"), { exact: true }).click();
  await card.getByRole("link", { name: q("left.read"), exact: true }).click();
  await expect(page.getByRole("log").getByText(words)).toBeVisible();
});
