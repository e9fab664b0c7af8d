import { expect, test } from "../support/test";

test("a customer types the rating in the form and says why, and as a message after skipping it", {
  tag: ["@zh-CN"],
}, async ({ people, t }) => {
  const { chat } = await people.customer();
  const end = async (words: string) => {
    await chat.say(words);
    await expect(chat.mine(words)).toBeVisible();
    await chat.root.getByRole("button", { name: t.widget("chat.menu"), exact: true }).click();
    await chat.root.getByRole("button", { name: t.widget("menu.end"), exact: true }).click();
    await expect(chat.sendRating).toBeVisible();
  };

  await end("我的宽带为什么断了");
  const comment = chat.root.getByRole("textbox", { name: t.widget("rate.comment") });
  await comment.fill("4分");
  await expect(chat.score(4)).toBeChecked();
  await chat.root.getByText("回复及时", { exact: true }).click();
  await expect(chat.root.getByText("等得太久", { exact: true })).toHaveCount(0);
  await chat.sendRating.click();
  await expect(chat.rated(4)).toBeVisible();
  await expect(chat.rated(4)).toContainText("回复及时");

  await end("还有一个问题");
  await chat.root.getByRole("button", { name: t.widget("rate.skip") }).click();
  await chat.say("五分");
  await expect(chat.rated(5)).toBeVisible();
  await expect(chat.mine("五分")).toHaveCount(0);
});
