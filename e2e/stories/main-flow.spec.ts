import { BEST_SCORE } from "../../web/api/src/rating.ts";
import { allScores } from "../support/chat";
import { demo } from "../support/demo";
import { expect, test } from "../support/test";

test("a customer asks from a product, is served by a person and rates; the panel shows every step", {
  tag: ["@both", "@must"],
}, async ({ people, t }) => {
  const { product, attribute, unknown } = demo(t);
  const panel = await people.manager();
  const desk = await people.agent("offline");
  const { page: hall, chat } = await people.visitor("/");
  const before = await panel.values(
    "session_created",
    "session_used",
    "dialogue",
    "no_answer",
    "transfer_request",
    "session_transferred",
    "session_rated",
    "rating_good",
    "wait_ended",
    "answered",
    "waiting",
    "active",
  );
  const shows = async (since: number, ...expected: [key: keyof typeof before, by: number][]): Promise<void> => {
    for (const [key, by] of expected) console.log(await panel.changed(key, before[key] + by, since));
  };

  await test.step("look at a product in the hall and ask from there", async () => {
    await hall
      .getByRole("navigation", { name: t.hall("shell.main_nav") })
      .getByRole("link", { name: t.hall("shell.store") })
      .click();
    await hall.getByRole("link", { name: product.name, exact: true }).click();
    await expect(hall.getByRole("heading", { level: 1, name: product.name })).toBeVisible();
    await hall.getByRole("button", { name: t.hall("product.ask"), exact: true }).click();
    await expect(chat.log.getByText(t.widget("chat.looking"))).toBeVisible();
    await expect(chat.composer).toBeFocused();
    const since = Date.now();
    await chat.say(attribute.question);
    await shows(since, ["session_created", 1], ["session_used", 1], ["dialogue", 1]);
    await expect(chat.bot(attribute.answer)).toBeVisible();
  });

  await test.step("ask what nobody can know", async () => {
    const since = Date.now();
    await chat.say(unknown);
    await shows(since, ["no_answer", 1], ["dialogue", 2]);
    await expect(chat.log.getByRole("button", { name: t.widget("chat.human") })).toBeVisible();
  });

  await test.step("ask for a person while nobody is there: wait in the queue", async () => {
    const since = Date.now();
    await chat.human.click();
    await shows(since, ["transfer_request", 1], ["session_transferred", 1], ["waiting", 1]);
    await expect(chat.root.getByText(t.widget("queue.unstaffed"))).toBeVisible();
    expect(await panel.countBehind("waiting")).toEqual({ count: before.waiting + 1, rows: before.waiting + 1 });
  });

  await test.step("an agent begins to serve and is given the conversation", async () => {
    await desk.page.getByRole("button", { name: t.console("desk.empty.start") }).click();
    await expect(chat.joined(desk.name)).toBeVisible();
    await desk.openFirst();
    await shows(await desk.assignedAt(), ["waiting", 0], ["active", 1], ["wait_ended", 1], ["answered", 1]);
    await expect(desk.said(attribute.question).first()).toBeVisible();
    await expect(desk.customer.getByText(product.name).first()).toBeVisible();
    expect(await panel.countBehind("active")).toEqual({ count: before.active + 1, rows: before.active + 1 });
  });

  await test.step("the agent answers with a canned reply and keeps a private note", async () => {
    await desk.composer.press("/");
    await desk.page.keyboard.type("hi");
    await desk.page.getByRole("option").first().and(desk.page.locator("[aria-selected=true]")).waitFor();
    await desk.composer.press("Enter");
    await expect(desk.composer).toHaveValue(new RegExp(desk.name));
    await desk.composer.press("Enter");
    await expect(chat.agent(desk.name)).toBeVisible();
    await desk.keepNote("VIP, handle with care");
    await expect(desk.said("VIP, handle with care")).toBeVisible();
    await chat.say(t.pick("好的，谢谢", "Good, thank you"));
    await expect(desk.saidByCustomer.last()).toHaveText(t.pick("好的，谢谢", "Good, thank you"));
    await expect(chat.tick(t.pick("好的，谢谢", "Good, thank you"))).toHaveText(t.widget("tick.read"));
    await expect(chat.root.getByText("VIP")).toHaveCount(0);
  });

  await test.step("the agent resolves", async () => {
    const since = Date.now();
    await desk.resolve("customer");
    await shows(since, ["active", 0]);
    await expect(chat.log.getByText(t.widget("resolved.agent", { name: desk.name }))).toBeVisible();
  });

  await test.step("the customer rates", async () => {
    for (const score of allScores) await expect(chat.score(score)).not.toBeChecked();
    await chat.fillRating(BEST_SCORE, t.pick("很快，说得清楚", "Quick and clear"));
    const since = Date.now();
    await chat.sendRating.click();
    await shows(since, ["session_rated", 1], ["rating_good", 1]);
    await expect(chat.rated(BEST_SCORE)).toBeVisible();
    await expect(chat.composer).toBeVisible();
    await desk.show("resolved");
    await desk.rows.first().click();
    await expect(desk.log.getByText(t.pick("很快，说得清楚", "Quick and clear"))).toBeVisible();
  });

  await test.step("every number opens as many as it says", async () => {
    for (const key of [
      "session_created",
      "session_used",
      "dialogue",
      "no_answer",
      "transfer_request",
      "session_transferred",
      "session_rated",
      "rating_good",
      "wait_ended",
      "answered",
    ] as const) {
      const value = await panel.value(key);
      expect({ key, ...(await panel.countBehind(key)) }).toEqual({ key, count: value, rows: value });
    }
  });
});

test("the customer ends the service, and both sides are told who did", { tag: "@en" }, async ({ people, t }) => {
  const desk = await people.agent();
  const { chat } = await people.customer();
  await chat.human.click();
  await expect(chat.joined(desk.name)).toBeVisible();
  await desk.openFirst();
  await chat.root.getByRole("button", { name: t.widget("chat.menu"), exact: true }).click();
  await chat.root.getByRole("button", { name: t.widget("menu.end"), exact: true }).click();
  await expect(chat.log.getByText(t.widget("resolved.customer"))).toBeVisible();
  await expect(desk.log.getByText(t.console("desk.line.resolved.customer"))).toBeVisible();
});
