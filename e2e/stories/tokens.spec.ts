import { expect, test } from "../support/test";

test("a token is made, lets a program in, and shuts it out when it is revoked", {
  tag: ["@en", "@must"],
}, async ({ people, t }) => {
  const s = (key: string, values: Record<string, string | number> = {}): string => t.console(`tokens.${key}`, values);
  const { page } = await people.staff("administrator");
  await page.goto("/console/settings/tokens");
  await page.getByRole("button", { name: s("new") }).click();
  const form = page.getByRole("dialog", { name: s("new") });
  await form.getByRole("textbox", { name: s("field.name") }).fill("Order service");
  await form.getByRole("checkbox", { name: s("permission.desk") }).check();
  await form.getByRole("button", { name: s("make") }).click();
  const shown = page.getByRole("dialog", { name: s("secret.title") });
  const secret = await shown.getByLabel(s("secret"), { exact: true }).inputValue();
  await shown.getByRole("button", { name: t.console("kit.done") }).click();
  const me = () => page.request.get("/api/v1/me", { headers: { authorization: `Bearer ${secret}` } });
  const answer = await me();
  expect([answer.status(), (await answer.json()).name]).toEqual([200, "Order service"]);
  const card = page.getByRole("listitem", { name: "Order service" });
  await card.getByRole("button", { name: s("revoke") }).click();
  await page
    .getByRole("dialog")
    .getByRole("button", { name: s("revoke"), exact: true })
    .click();
  await expect(card.getByText(s("state.revoked"), { exact: true })).toBeVisible();
  expect((await me()).status()).toBe(401);
});
