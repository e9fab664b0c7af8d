import type { Page } from "@playwright/test";
import { ask } from "../support/api";
import { isAccessible } from "../support/axe";
import { Outbox } from "../support/outbox";
import { password } from "../support/server";
import { expect, test } from "../support/test";
import { codeOf } from "../support/totp";

test("an invited agent sets up two-step verification before anything else, and then is at the desk", {
  tag: ["@en", "@must"],
}, async ({ people, server, t }) => {
  const s = (key: string, values: Record<string, string | number> = {}): string => t.console(`signin.${key}`, values);
  const { page: admin } = await people.staff("administrator");
  await test.step("the company requires it of agents", async () => {
    await admin.goto("/console/settings/sign-in");
    await admin.getByRole("checkbox", { name: t.console("shell.role.agent"), exact: true }).check();
    await expect(admin.getByText(t.console("settings.saved.now"))).toBeVisible();
    await isAccessible(admin, "the second step");
  });

  const link = await test.step("a member is invited, and the link is shown once", async () => {
    const settings = (key: string): string => t.console(`settings.${key}`);
    await admin.goto("/console/settings/people");
    await admin.getByRole("button", { name: settings("person.invite"), exact: true }).click();
    const form = admin.getByRole("dialog", { name: settings("person.invite") });
    await form.getByRole("textbox", { name: settings("field.email") }).fill("dingning@linkong.example");
    await form.getByRole("textbox", { name: settings("field.name") }).fill("丁宁");
    await form.getByRole("button", { name: settings("person.make_link") }).click();
    const shown = admin.getByRole("dialog", { name: t.console("settings.link.title", { name: "丁宁" }) });
    const made = await shown.getByLabel(settings("link"), { exact: true }).inputValue();
    await shown.getByRole("button", { name: t.console("kit.done") }).click();
    return made;
  });
  const agent = await (await people.context("the new agent")).newPage();
  const key = await test.step("the link sets the password, and the app is set up", async () => {
    await agent.goto(link);
    await agent.getByLabel(s("welcome.new_password")).fill(password);
    await agent.getByRole("button", { name: s("welcome.set_and_enter") }).click();
    await expect(agent.getByRole("heading", { name: s("setup.title") })).toBeVisible();
    await expect(agent.getByRole("img", { name: s("setup.qr") })).toBeVisible();
    await isAccessible(agent, "the second step");
    const shown = (await agent.locator("code").textContent()) ?? "";
    await agent.getByLabel(s("second.code")).fill("000000");
    await agent.getByRole("button", { name: s("setup.submit") }).click();
    await expect(agent.getByRole("alert")).toHaveText(t.console("failure.code.second_step_wrong"));
    await agent.getByLabel(s("second.code")).fill(codeOf(shown));
    await agent.getByRole("button", { name: s("setup.submit") }).click();
    return shown;
  });

  const codes = await test.step("the recovery codes are shown once, and the desk opens", async () => {
    const list = agent.getByRole("list", { name: s("codes.label") }).getByRole("listitem");
    await expect(list).toHaveCount(10);
    await isAccessible(agent, "the second step");
    const shown = await list.allTextContents();
    await agent.getByRole("button", { name: s("codes.enter") }).click();
    await expect(agent).toHaveURL(`${server.url}/console/inbox`);
    return shown;
  });

  const signIn = async (who: string): Promise<Page> => {
    const page = await (await people.context(who)).newPage();
    await page.goto("/console/sign-in");
    await page.getByRole("textbox", { name: s("email") }).fill("dingning@linkong.example");
    await page.getByLabel(s("password"), { exact: true }).fill(password);
    await page.getByRole("button", { name: s("submit"), exact: true }).click();
    await expect(page.getByRole("heading", { name: s("second.title") })).toBeVisible();
    return page;
  };
  await test.step("later, a code that was used is refused and a recovery code lets in", async () => {
    const page = await signIn("at home");
    await isAccessible(page, "the second step");
    await page.getByLabel(s("second.code")).fill("000000");
    await page.getByRole("button", { name: s("second.submit") }).click();
    await expect(page.getByRole("alert")).toHaveText(t.console("failure.code.second_step_wrong"));
    await page.getByRole("button", { name: s("second.to_recovery") }).click();
    await page.getByLabel(s("second.recovery")).fill(codes[0] ?? "");
    await page.getByRole("button", { name: s("second.submit") }).click();
    await expect(page).toHaveURL(`${server.url}/console/inbox`);
    await page.goto("/console/sessions");
    await expect(page.getByText(t.console("account.codes.left_other", { count: 9 }))).toBeVisible();
  });

  await test.step("an administrator resets it, and it is set up anew", async () => {
    const { items } = await ask<{ items: { id: string; email: string }[] }>(admin, "GET", "/staff?q=dingning");
    await ask(admin, "DELETE", `/staff/${items[0]?.id ?? ""}/second-step`);
    await expect(agent.getByRole("heading", { name: s("title") })).toBeVisible();
    const page = await (await people.context("with a new phone")).newPage();
    await page.goto("/console/sign-in");
    await page.getByRole("textbox", { name: s("email") }).fill("dingning@linkong.example");
    await page.getByLabel(s("password"), { exact: true }).fill(password);
    await page.getByRole("button", { name: s("submit"), exact: true }).click();
    await expect(page.getByRole("heading", { name: s("setup.title") })).toBeVisible();
    expect(await page.locator("code").textContent()).not.toBe(key);
  });
});

test("a passkey is added, signs in without a password, and is removed", { tag: ["@zh-CN", "@must"] }, async ({
  people,
  server,
  t,
}) => {
  const a = (key: string, values: Record<string, string | number> = {}): string => t.console(`account.${key}`, values);
  // Browsers make passkeys for a name, not for an address.
  const base = server.url.replace("127.0.0.1", "localhost");
  const context = await people.context("a member with a passkey", { baseURL: base });
  const page = await context.newPage();
  const devtools = await context.newCDPSession(page);
  await devtools.send("WebAuthn.enable");
  await devtools.send("WebAuthn.addVirtualAuthenticator", {
    options: {
      protocol: "ctap2",
      transport: "internal",
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  await page.goto("/console/sign-in");
  await page.getByRole("textbox", { name: t.console("signin.email") }).fill("zhoumin@linkong.example");
  await page.getByLabel(t.console("signin.password"), { exact: true }).fill(password);
  await page.getByRole("button", { name: t.console("signin.submit"), exact: true }).click();
  await page
    .getByRole("navigation", { name: t.console("shell.rail.label") })
    .first()
    .waitFor();

  const card = page.getByRole("region", { name: a("passkeys"), exact: true });
  const listed = card.getByRole("listitem");
  await test.step("it is added on the account page", async () => {
    await page.goto("/console/sessions");
    await card.getByRole("button", { name: a("passkey.add") }).click();
    await expect(page.getByText(a("passkey.added"))).toBeVisible();
    await expect(listed).toHaveCount(1);
    await expect(listed.getByText(a("passkey.unused"))).toBeVisible();
    await isAccessible(page, "the second step");
  });

  await test.step("it signs in, and says who it is", async () => {
    await context.clearCookies();
    await page.goto("/console/sign-in?next=%2Fsessions");
    await page.getByRole("button", { name: t.console("signin.passkey") }).click();
    await expect(page).toHaveURL(`${base}/console/sessions`);
    await expect(listed.getByText(a("passkey.unused"))).toHaveCount(0);
  });

  await test.step("removed, it signs in no more", async () => {
    await listed.getByRole("button", { name: a("passkey.remove") }).click();
    const question = page.getByRole("dialog", { name: /.+/ }).getByRole("button", { name: a("passkey.remove") });
    await question.click();
    await expect(listed).toHaveCount(0);
    await context.clearCookies();
    await page.goto("/console/sign-in");
    await page.getByRole("button", { name: t.console("signin.passkey") }).click();
    await expect(page.getByRole("alert")).toHaveText(t.console("failure.code.passkey_refused"));
  });
});

test("a forgotten password is replaced with a link from the mailbox", { tag: "@en" }, async ({ people, server, t }) => {
  const s = (key: string): string => t.console(`signin.${key}`);
  const page = await (await people.context("who forgot")).newPage();
  await page.goto("/console/sign-in");
  await page.getByRole("link", { name: s("forgot") }).click();
  await page.getByRole("textbox", { name: s("email") }).fill("zhoumin@linkong.example");
  await page.getByRole("button", { name: s("forgot.submit") }).click();
  await expect(page.getByText(s("forgot.sent"))).toBeVisible();
  await isAccessible(page, "the second step");
  const mail = await new Outbox(server).next("zhoumin@linkong.example");
  await page.goto(/http:\/\/\S+\/console\/welcome#\S+/.exec(mail)?.[0] ?? "");
  await page.getByLabel(s("welcome.new_password")).fill("staple for the battery");
  await page.getByRole("button", { name: s("welcome.set_and_enter") }).click();
  await expect(page).toHaveURL(`${server.url}/console/inbox`);
});
