import { isAccessible, sideways } from "../support/axe";
import { expect, test } from "../support/test";

test("how long a customer waited is measured in the browser and on the server, and a manager sees it", {
  tag: ["@en", "@must"],
}, async ({ people, t }) => {
  const s = (key: string, values: Record<string, string | number> = {}): string =>
    t.console(`panel.responses.${key}`, values);
  const { page: customer, chat } = await people.customer();

  await test.step("a customer asks, is answered, and leaves", async () => {
    await chat.say(t.pick("你好", "hello"));
    await expect(chat.bot(/./).nth(1)).toBeVisible();
    // the part that measures may have come too late for the first question
    await chat.say(t.pick("谢谢", "thank you"));
    await expect(chat.bot(/./).nth(2)).toBeVisible();
    await customer.goto("about:blank");
  });

  const { page } = await people.staff("manager");
  const card = (kind: string) => page.getByRole("region", { name: s(kind), exact: true });

  await test.step("the manager finds the times of the last hour, with their targets", async () => {
    await page.goto("/console/settings/response-times?range=hour");
    await expect(page.getByRole("heading", { level: 1, name: s("title") })).toBeVisible();
    for (const kind of ["send_to_ack", "question_to_answer", "page", "server_send_to_ack", "server_question_to_answer"])
      await expect(async () => {
        await expect(card(kind).getByRole("listitem").last()).toContainText(new RegExp(`${s("count")}\\s*[1-9]`));
      }, kind).toPass();
    await expect(
      card("question_to_answer")
        .getByText(s("target", { target: "1 s" }))
        .first(),
    ).toBeVisible();
    await isAccessible(page, "response times");
  });

  await test.step("by keyboard, as a table, and on a phone", async () => {
    await page.keyboard.press("v");
    await expect(card("page").getByRole("row")).toHaveCount(61);
    await expect(page).toHaveURL(/table=true/);
    await page.keyboard.press("[");
    await expect(page).toHaveURL(/until=/);
    await page.keyboard.press("]");
    await expect(page).not.toHaveURL(/until=/);
    await page.setViewportSize({ width: 360, height: 740 });
    expect(await sideways(page)).toBeLessThanOrEqual(0);
    await isAccessible(page, "response times on a phone");
  });
});
