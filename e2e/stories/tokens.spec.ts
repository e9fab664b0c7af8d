import { ask, patiently } from "../support/api";
import { isAccessible } from "../support/axe";
import { answerWithSdk } from "../support/program";
import { expect, test } from "../support/test";

test("a token is made, a program answers a customer with it, and is shut out when it is revoked; the audit says who made and revoked it", {
  tag: ["@en", "@must"],
}, async ({ people, server, t }) => {
  const s = (key: string, values: Record<string, string | number> = {}): string => t.console(`tokens.${key}`, values);
  const settings = (key: string, values: Record<string, string | number> = {}): string =>
    t.console(`settings.${key}`, values);
  const reaches = [settings("reach.own"), settings("reach.queue")];
  const { page, name } = await people.staff("administrator");
  const card = page.getByRole("listitem", { name: "Order service" });

  const { chat } = await people.customer();

  const secret = await test.step("it is made with one permission, and its secret is shown once", async () => {
    await page.goto("/console/settings/tokens");
    await page.getByRole("button", { name: s("new") }).click();
    const form = page.getByRole("dialog", { name: s("new") });
    await form.getByRole("textbox", { name: s("field.name") }).fill("Order service");
    const desk = form.getByRole("group", { name: settings("permission.desk") });
    for (const reach of reaches) await desk.getByRole("checkbox", { name: reach, exact: true }).check();
    await isAccessible(page, "a new token");
    await form.getByRole("button", { name: s("make") }).click();
    const shown = page.getByRole("dialog", { name: s("secret.title") });
    const made = await shown.getByLabel(s("secret"), { exact: true }).inputValue();
    await shown.getByRole("button", { name: t.console("kit.done") }).click();
    return made;
  });
  const call = (path: string): Promise<Response> =>
    patiently(`${server.url}/api/v1${path}`, { headers: { authorization: `Bearer ${secret}` } });

  await test.step("the program is let in as itself, to what it may do", async () => {
    await expect(card.getByText(s("unused"))).toBeVisible();
    const answer = await call("/me");
    expect([answer.status, ((await answer.json()) as { name: string }).name]).toEqual([200, "Order service"]);
    expect((await call("/webhooks")).status).toBe(403);
  });

  await test.step("with the SDK, it reads what a customer waits with, and answers", async () => {
    const [question, answer] = ["Where is my parcel?", "It left today"];
    await chat.say(question);
    await chat.human.click();
    await expect
      .poll(async () => (await ask<{ items: unknown[] }>(page, "GET", "/conversations?list=queue")).items.length)
      .toBe(1);
    expect(await answerWithSdk(server, secret, answer)).toEqual({ said: [question] });
    await expect(chat.joined("Order service")).toBeVisible();
    await expect(chat.agent(answer)).toBeVisible();
  });

  await test.step("the list says that it was used; revoked, it is refused", async () => {
    await page.reload();
    const reach = reaches.join(settings("list.comma"));
    await expect(card.getByText(settings("role.grant", { what: settings("permission.desk"), reach }))).toBeVisible();
    await expect(card.getByText(t.like(s("used")))).toBeVisible();
    await card.getByRole("button", { name: s("revoke") }).click();
    await page
      .getByRole("dialog")
      .getByRole("button", { name: s("revoke"), exact: true })
      .click();
    await expect(card.getByText(s("state.revoked"), { exact: true })).toBeVisible();
    expect(await answerWithSdk(server, secret, "Too late")).toEqual({ refused: "token_revoked" });
  });

  await test.step("the audit says who made and revoked it, and that it was refused", async () => {
    const a = (verb: string): RegExp =>
      new RegExp(`^${t.console(`audit.verb.${verb}`, { thing: t.console("audit.thing.tokens") })}`);
    await page.goto("/console/settings/audit");
    const row = (verb: string) => page.getByRole("row").filter({ has: page.getByRole("button", { name: a(verb) }) });
    for (const verb of ["add", "revoke"]) await expect(row(verb).getByText(name, { exact: true })).toBeVisible();
    await isAccessible(page, "the audit");
  });
});
