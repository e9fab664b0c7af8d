import { IdentityProvider } from "../support/identity-provider";
import { password } from "../support/server";
import { expect, test } from "../support/test";

test("an administrator connects an identity provider, a colleague comes in by way of it, and a password does not any more", {
  tag: ["@en", "@must"],
}, async ({ people, server, t }) => {
  const s = (key: string, values: Record<string, string | number> = {}): string => t.console(`sso.${key}`, values);
  const said = { email_verified: true, groups: ["desk"] };
  const { page } = await people.staff("administrator");
  await page.goto("/console/settings/single-sign-on");
  const redirectUri = await page.getByRole("group", { name: s("redirect") }).innerText();
  expect(redirectUri).toMatch(new RegExp(`^${server.url}/console/single-sign-on/tnt_[0-9a-f]{32}$`));
  const provider = await IdentityProvider.start(redirectUri, {
    lin: { ...said, email: "linxia@linkong.example", name: "Lin Xia" },
    mallory: { ...said, email: "zhoumin@linkong.example", name: "Mallory", email_verified: false },
  });
  const card = page.getByRole("listitem", { name: provider.issuer });
  const dialog = page.getByRole("dialog");

  await test.step("the connection is set up, and a test finds the mistake in it", async () => {
    await expect(page.getByText(s("empty"), { exact: true })).toBeVisible();
    await page.getByRole("button", { name: s("new") }).click();
    await dialog.getByRole("button", { name: t.console("kit.save") }).click();
    await expect(dialog.getByText(s("fault.issuer"))).toBeVisible();
    await dialog.getByRole("textbox", { name: s("field.issuer") }).fill(provider.issuer);
    await dialog.getByRole("textbox", { name: s("field.client_id") }).fill(IdentityProvider.client);
    await dialog.getByLabel(s("field.client_secret")).fill("a wrong one");
    await dialog.getByRole("textbox", { name: s("field.domains") }).fill("linkong.example");
    await dialog.getByRole("textbox", { name: s("field.groups_claim") }).fill("groups");
    await dialog.getByRole("button", { name: s("group.add") }).click();
    await dialog.getByRole("textbox", { name: s("field.group", { n: 1 }) }).fill("desk");
    await dialog.getByText(s("field.creates"), { exact: true }).click();
    await dialog.getByRole("button", { name: t.console("kit.save") }).click();
    await expect(card.getByText(s("proved.not"))).toBeVisible();
    await card.getByRole("button", { name: s("test"), exact: true }).click();
    await expect(card.getByText(s("fault.of.credentials_refused"))).toBeVisible();
    await card.getByRole("button", { name: s("edit"), exact: true }).click();
    await dialog.getByLabel(s("field.client_secret")).fill(IdentityProvider.secret);
    await dialog.getByRole("button", { name: t.console("kit.save") }).click();
    await expect(dialog).toHaveCount(0);
    await card.getByRole("button", { name: s("test"), exact: true }).click();
    await expect(card.getByText(s("test.well"))).toBeVisible();
  });

  await test.step("somebody new comes in as an agent, at the page that was asked for", async () => {
    const door = await (await people.context("Lin Xia")).newPage();
    await door.goto("/console/bot/canned-replies");
    await door.getByRole("textbox", { name: t.console("signin.email") }).fill("linxia@linkong.example");
    await expect(door.getByText(t.console("signin.sso.yours"))).toBeVisible();
    await door.getByRole("button", { name: t.console("signin.sso.enter") }).click();
    await provider.signIn(door, "lin");
    await expect(door).toHaveURL(`${server.url}/console/bot/canned-replies`);
    await expect(door.getByRole("button", { name: t.console("shell.avatar.open", { name: "Lin Xia" }) })).toBeVisible();
  });

  await test.step("an address that nobody verified lets nobody in", async () => {
    const door = await (await people.context("Mallory")).newPage();
    await door.goto("/console/sign-in");
    await door.getByRole("button", { name: t.console("signin.sso.enter") }).click();
    await provider.signIn(door, "mallory");
    await expect(door.getByRole("alert")).toHaveText(t.console("failure.code.single_sign_on_address_unverified"));
    await door.getByRole("link", { name: t.console("signin.sso.back") }).click();
    await expect(door.getByRole("heading", { name: t.console("signin.title") })).toBeVisible();
  });

  await test.step("it is required: a password is not enough, an administrator keeps a link", async () => {
    await page.reload();
    await expect(card.getByText(t.like(s("proved")))).toBeVisible();
    await card.getByRole("button", { name: s("link"), exact: true }).click();
    const shown = page.getByRole("dialog", { name: s("link.title") });
    const link = await shown.getByLabel(s("link.label")).inputValue();
    await shown.getByRole("button", { name: t.console("kit.done") }).click();
    await card.getByRole("button", { name: s("edit"), exact: true }).click();
    await dialog.getByText(s("field.required"), { exact: true }).click();
    await dialog.getByRole("button", { name: t.console("kit.save") }).click();
    await expect(card.getByText(s("required"), { exact: true })).toBeVisible();
    const door = await (await people.context("at the door")).newPage();
    await door.goto("/console/sign-in");
    await expect(door.getByText(t.console("signin.sso.required"))).toBeVisible();
    await door.getByRole("textbox", { name: t.console("signin.email") }).fill("zhoumin@linkong.example");
    await door.getByLabel(t.console("signin.password"), { exact: true }).fill(password);
    await door.getByRole("button", { name: t.console("signin.submit") }).click();
    await expect(door.getByRole("alert")).toHaveText(t.console("failure.code.single_sign_on_required"));
    await door.goto(link);
    await door.getByRole("button", { name: t.console("signin.welcome.enter") }).click();
    await expect(door).toHaveURL(/\/console\/(floor|inbox)/);
  });

  await test.step("removed, it is not offered any more", async () => {
    await card.getByRole("button", { name: s("remove"), exact: true }).click();
    await page
      .getByRole("dialog")
      .getByRole("button", { name: s("remove"), exact: true })
      .click();
    await expect(page.getByText(s("empty"), { exact: true })).toBeVisible();
    const door = await (await people.context("at the door again")).newPage();
    await door.goto("/console/sign-in");
    await expect(door.getByRole("button", { name: t.console("signin.submit") })).toBeVisible();
    await expect(door.getByRole("button", { name: t.console("signin.sso.enter") })).toHaveCount(0);
  });
  await provider.stop();
});
