import { Receiver } from "../support/receiver";
import { expect, test } from "../support/test";

test("events reach a receiver signed; what was given up is seen and replayed from the page", {
  tag: ["@en", "@must"],
}, async ({ people, t }) => {
  const receiver = await Receiver.start();
  const { page } = await people.staff("administrator");
  const card = page.getByRole("listitem", { name: receiver.url });
  const deliveries = page.getByRole("region", { name: t.console("webhooks.deliveries.of", { url: receiver.url }) });

  await test.step("an endpoint is added; its secret is shown once", async () => {
    await page.goto("/console/settings/webhooks");
    await expect(page.getByText(t.console("webhooks.empty"), { exact: true })).toBeVisible();
    await page.getByRole("button", { name: t.console("webhooks.new") }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("textbox", { name: t.console("webhooks.field.url") }).fill("http:// nonsense");
    await dialog.getByRole("button", { name: t.console("kit.save") }).click();
    await expect(dialog.getByText(t.console("webhooks.fault.url"))).toBeVisible();
    await dialog.getByRole("textbox", { name: t.console("webhooks.field.url") }).fill(receiver.url);
    await dialog.getByRole("button", { name: t.console("webhooks.events.none") }).click();
    await dialog.getByRole("checkbox", { name: t.console("webhooks.event.opened") }).check();
    await dialog.getByRole("button", { name: t.console("kit.save") }).click();
    const shown = page.getByRole("dialog", { name: t.console("webhooks.secret.title") });
    receiver.secret = await shown.getByLabel(t.console("webhooks.secret"), { exact: true }).inputValue();
    expect(receiver.secret).toMatch(/^whsec_/);
    await shown.getByRole("button", { name: t.console("kit.done") }).click();
    await expect(card.getByText(t.console("webhooks.webhook.enabled"), { exact: true })).toBeVisible();
  });

  await test.step("a test shows that nobody answers, and then the answer", async () => {
    await card.getByRole("button", { name: t.console("webhooks.test") }).click();
    const drawer = page.getByRole("dialog", { name: t.console("webhooks.test.title") });
    await expect(drawer.getByText(t.console("webhooks.code.broken"))).toBeVisible();
    await drawer.getByRole("button", { name: t.console("webhooks.close") }).click();
    receiver.status = 200;
    await card.getByRole("button", { name: t.console("webhooks.test") }).click();
    await expect(drawer.getByText("answered with 200")).toBeVisible();
    await drawer.getByRole("button", { name: t.console("webhooks.close") }).click();
    expect(receiver.received.at(-1)).toMatchObject({ type: "test", signed: true });
  });

  await test.step("while the receiver is down an event waits; when it says that it is gone, the event is a dead letter", async () => {
    receiver.status = 0;
    const { chat } = await people.customer();
    await chat.say(t.pick("你好", "hello"));
    await expect(card.getByText(t.console("webhooks.pending", { count: 1, n: 1 }))).toBeVisible();
    await expect
      .poll(() => receiver.received.filter((one) => one.type === "conversation.opened").length)
      .toBeGreaterThan(0);
    receiver.status = 410;
    await expect(card.getByText(t.console("webhooks.webhook.gone"), { exact: true })).toBeVisible();
    await expect(card.getByText(t.console("webhooks.dead", { count: 1, n: 1 }))).toBeVisible();
    await expect(page.getByText(t.console("webhooks.gone.what"))).toBeVisible();
  });

  await test.step("it is switched on, and the dead letter is replayed under the same id", async () => {
    receiver.status = 200;
    await card.getByRole("button", { name: t.console("webhooks.enable") }).click();
    await expect(card.getByText(t.console("webhooks.webhook.enabled"), { exact: true })).toBeVisible();
    await card.getByRole("button", { name: t.console("webhooks.deliveries") }).click();
    await deliveries.getByRole("button", { name: new RegExp(`^${t.console("webhooks.event.opened")}`) }).click();
    const drawer = page.getByRole("dialog", { name: t.console("webhooks.delivery.title") });
    await expect(drawer.getByText("answered with 410")).toBeVisible();
    await drawer.getByRole("button", { name: t.console("webhooks.replay"), exact: true }).click();
    await expect(drawer.getByText("answered with 200")).toBeVisible();
    await expect(drawer.getByText(t.console("webhooks.state.delivered"), { exact: true })).toBeVisible();
    await drawer.getByRole("button", { name: t.console("webhooks.close") }).click();
    await expect(deliveries.getByText(t.console("webhooks.deliveries.empty.dead"))).toBeVisible();
    const opened = receiver.received.filter((one) => one.type === "conversation.opened");
    expect(new Set(opened.map((one) => one.id)).size).toBe(1);
    expect(opened.every((one) => one.signed)).toBe(true);
  });

  await test.step("a manager sees nothing of it", async () => {
    const manager = (await people.staff("manager")).page;
    await manager.goto("/console/settings/webhooks");
    await expect(manager.getByRole("alert")).toHaveText(t.console("failure.code.not_permitted"));
  });
  await receiver.stop();
});
