import { password } from "../support/server";
import { expect, test } from "../support/test";

test("the first link sets a password, is good once, and the password signs in", { tag: ["@zh-CN", "@must"] }, async ({
  people,
  server,
  t,
}) => {
  const fresh = await server.addStaff("agent", "丁宁", "dingning@linkong.example");

  const context = await people.context("new agent");
  const page = await context.newPage();
  await test.step("a password that is too short is refused, a good one lets in", async () => {
    await page.goto(fresh);
    await expect(
      page.getByRole("heading", { name: t.console("signin.welcome.title", { name: "丁宁" }) }),
    ).toBeVisible();
    const words = page.getByLabel(t.console("signin.welcome.new_password"));
    await words.fill("short");
    await page.getByRole("button", { name: t.console("signin.welcome.set_and_enter") }).click();
    await expect(page.getByText(t.console("failure.code.password_too_short"))).toBeVisible();
    await words.fill(password);
    await page.getByRole("button", { name: t.console("signin.welcome.set_and_enter") }).click();
    await expect(page).toHaveURL(`${server.url}/console/inbox`);
  });

  await test.step("the link is spent", async () => {
    const again = await (await people.context("somebody with the link")).newPage();
    await again.goto(fresh);
    await expect(again.getByRole("alert")).toHaveText(t.console("failure.code.link_spent"));
    await again.getByRole("link", { name: t.console("signin.welcome.to_sign_in") }).click();
    await expect(again.getByRole("heading", { name: t.console("signin.title") })).toBeVisible();
  });

  await test.step("a wrong password tells nothing; the address asked for comes after", async () => {
    const door = await (await people.context("at the door")).newPage();
    // a former address of the page
    await door.goto("/console/canned-replies");
    await expect(door.getByRole("heading", { name: t.console("signin.title") })).toBeVisible();
    const email = door.getByRole("textbox", { name: t.console("signin.email") });
    const words = door.getByLabel(t.console("signin.password"), { exact: true });
    const enter = door.getByRole("button", { name: t.console("signin.submit") });
    await email.fill("nobody@linkong.example");
    await words.fill("wrong wrong wrong");
    await enter.click();
    await expect(door.getByRole("alert")).toHaveText(t.console("failure.code.sign_in_failed"));
    await email.fill("dingning@linkong.example");
    await words.fill("wrong wrong wrong");
    await enter.click();
    await expect(door.getByRole("alert")).toHaveText(t.console("failure.code.sign_in_failed"));
    await words.fill(password);
    await enter.click();
    await expect(door).toHaveURL(`${server.url}/console/bot/canned-replies`);
    await expect(door.getByRole("heading", { name: t.console("canned.title") })).toBeVisible();
  });
});

test("after ten wrong passwords, some with puzzles that nobody sees, the door waits, in words", { tag: "@en" }, async ({
  people,
  seed,
  t,
}) => {
  const page = await (await people.context("at the door")).newPage();
  await page.goto("/console/sign-in");
  const words = page.getByLabel(t.console("signin.password"), { exact: true });
  await page.getByRole("textbox", { name: t.console("signin.email") }).fill("heyu@linkong.example");
  const alert = page.getByRole("alert");
  const wait = page.getByRole("timer");
  for (let n = 0; n < 11; n++) {
    await words.fill(`wrong wrong ${String(n)}`);
    await words.press("Enter");
    await expect(alert.or(wait)).toBeVisible();
    await expect(page.locator("button.ant-btn-loading")).toHaveCount(0);
  }
  await expect(wait).toHaveText(t.like(t.console("signin.wait")));
  await expect(page.getByRole("button", { name: t.console("signin.submit") })).toBeDisabled();
  expect(seed.members).toHaveLength(4);
});

test("a session that is revoked on another device closes the console there", { tag: ["@zh-CN", "@must"] }, async ({
  people,
  t,
}) => {
  const desk = await people.agent("offline");
  const other = await people.signIn("zhoumin@linkong.example");
  await other.goto("/console/sessions");
  const items = other
    .getByRole("listitem")
    .filter({ has: other.getByRole("button", { name: t.console("sessions.revoke") }) });
  await expect(other.getByText(t.console("sessions.this_one"))).toHaveCount(1);
  await expect(items).toHaveCount(1);
  const since = Date.now();
  await items.getByRole("button", { name: t.console("sessions.revoke") }).click();
  await expect(desk.page.getByRole("heading", { name: t.console("signin.title") })).toBeVisible();
  console.log(`the revoked console was at the door after ${String(Date.now() - since)} ms`);
  await expect(desk.page.getByText(t.console("signin.revoked"))).toBeVisible();
  await expect(items).toHaveCount(0);
  await expect(other.getByText(t.console("sessions.this_one"))).toBeVisible();
});

test("signing out leaves nothing behind", { tag: "@en" }, async ({ people, t }) => {
  const desk = await people.agent("offline");
  await desk.page.getByRole("button", { name: t.console("shell.avatar.open", { name: desk.name }) }).click();
  await desk.page.getByRole("button", { name: t.console("shell.avatar.sign_out") }).click();
  await expect(desk.page.getByRole("heading", { name: t.console("signin.title") })).toBeVisible();
  await desk.page.goto("/console/inbox");
  await expect(desk.page.getByRole("heading", { name: t.console("signin.title") })).toBeVisible();
  expect(await desk.page.context().cookies()).toEqual([]);
});

test("a member of the staff changes the password with the old one", { tag: "@zh-CN" }, async ({ people, t }) => {
  const s = (key: string): string => t.console(`sessions.${key}`);
  const { page } = await people.staff("agent");
  const elsewhere = await people.signIn("zhoumin@linkong.example");
  await page.goto("/console/sessions");
  const card = page.getByRole("region", { name: s("password"), exact: true });
  const change = async (old: string, next: string): Promise<void> => {
    await card.getByLabel(s("password.old"), { exact: true }).fill(old);
    await card.getByLabel(s("password.new"), { exact: true }).fill(next);
    await card.getByRole("button", { name: s("password.change") }).click();
  };
  await change("wrong wrong wrong", "staple for the battery");
  await expect(card.getByText(t.console("failure.code.password_wrong"))).toBeVisible();
  await change(password, "short");
  await expect(card.getByText(t.console("failure.code.password_too_short"))).toBeVisible();
  await change(password, "staple for the battery");
  await expect(page.getByText(s("password.changed"))).toBeVisible();
  await expect(elsewhere.getByRole("heading", { name: t.console("signin.title") })).toBeVisible();
  await expect(page.getByRole("heading", { level: 1, name: s("title") })).toBeVisible();
});
