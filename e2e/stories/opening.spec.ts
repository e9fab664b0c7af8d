import { Chat } from "../support/chat";
import { Outbox } from "../support/outbox";
import { password } from "../support/server";
import { expect, test } from "../support/test";

test("a stranger opens a company, and has its first conversation in eight steps", { tag: ["@en", "@must"] }, async ({
  people,
  server,
  t,
}) => {
  const s = (key: string): string => t.console(`signin.${key}`);
  const o = (key: string): string => t.console(`opening.${key}`);
  const start = (key: string): string => t.console(`start.${key}`);
  const email = "noor@muyu.example";
  const page = await (await people.context("stranger")).newPage();
  // The link names the installation's public address; here it is served at another one.
  await page.route("**/company-openings/confirm", async (route) => {
    const answer = await route.fetch();
    const text = (await answer.text()).replace(/https?:\/\/[^/"]+/g, server.url);
    await route.fulfill({ response: answer, body: text });
  });
  await page.goto("/console/sign-in");

  await test.step("1: they find where companies are opened", async () => {
    await page.getByRole("link", { name: s("open_company") }).click();
    // The page before it has a field of the same name.
    await expect(page.getByRole("heading", { name: o("title") })).toBeVisible();
  });
  await test.step("2: a code is sent to their address", async () => {
    await page.getByLabel(s("email")).fill(email);
    await page.getByRole("button", { name: o("send") }).click();
  });
  await test.step("3: with the code they name the company", async () => {
    await page.getByLabel(o("code")).fill(await new Outbox(server).code(email));
    await page.getByLabel(o("name")).fill(t.pick("木屿家居", "Muyu Home"));
    await page.getByLabel(o("slug")).fill("muyu-home");
    await page.getByRole("button", { name: o("submit") }).click();
  });
  await test.step("4: they choose a password, and are at the first steps", async () => {
    await page.getByLabel(s("welcome.new_password")).fill(password);
    await page.getByRole("button", { name: s("welcome.set_and_enter") }).click();
    await expect(page.getByRole("heading", { name: start("title") })).toBeVisible();
    expect(new URL(page.url()).pathname).toBe("/o/muyu-home/console/settings/start");
  });
  await test.step("5: they choose their trade", async () => {
    await page.getByRole("button", { name: start("trade.shop") }).click();
    await page.getByRole("button", { name: start("answers.add") }).click();
    await expect(page.getByRole("link", { name: start("answers.fill_in") })).toBeVisible();
  });
  const customer = await test.step("6: they open the page of their customers", async () => {
    const opened = page.waitForEvent("popup");
    await page.getByRole("link", { name: start("talk.open") }).click();
    const customer = await opened;
    return new Chat(customer, customer, t);
  });
  await test.step("7: they ask something, and are answered", async () => {
    await customer.say(t.pick("你好", "hello"));
    await expect(customer.bot(/./).nth(1)).toBeVisible();
  });
  await test.step("8: back at the first steps, the conversation is there", async () => {
    await page.bringToFront();
    await expect(page.getByText(start("talk.done"))).toBeVisible();
  });
});
