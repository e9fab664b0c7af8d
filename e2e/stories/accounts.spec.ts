import { readFile } from "node:fs/promises";
import type { Page } from "@playwright/test";
import { isAccessible, looksIn, sideways, wear } from "../support/axe";
import { demo } from "../support/demo";
import { Outbox } from "../support/outbox";
import { expect, test } from "../support/test";
import type { People } from "../support/people";
import type { Words } from "../support/words";

const password = "correct horse battery";
const another = "staple for the battery";

const button = (page: Page, name: string) => page.getByRole("button", { name, exact: true });
const field = (page: Page, name: string) => page.getByLabel(name, { exact: true });

async function register(
  people: People,
  t: Words,
  outbox: Outbox,
  identifier: string,
  to: string,
  path = "/register",
): Promise<Page> {
  const page = await (await people.context(identifier)).newPage();
  await page.goto(path);
  await field(page, t.hall("account.identifier")).fill(identifier);
  await field(page, t.hall("account.password")).fill(password);
  await button(page, t.hall("account.send_code")).click();
  await expect(page.getByRole("heading", { name: t.hall("account.enter_code") })).toBeVisible();
  await field(page, t.hall("account.code")).fill(await outbox.code(to));
  await button(page, t.hall("account.finish")).click();
  await expect(page.getByRole("heading", { name: t.hall("account.title") })).toBeVisible();
  return page;
}

async function signIn(people: People, t: Words, identifier: string, words: string): Promise<Page> {
  const page = await (await people.context(`${identifier} elsewhere`)).newPage();
  await page.goto("/sign-in");
  await field(page, t.hall("account.identifier")).fill(identifier);
  await field(page, t.hall("account.password")).fill(words);
  await button(page, t.hall("account.sign_in")).click();
  return page;
}

test("what was said anonymously is found again after signing in anywhere", { tag: ["@en", "@must"] }, async ({
  people,
  server,
  t,
}) => {
  const outbox = new Outbox(server);
  const words = t.pick("我的宽带装不上", "My broadband cannot be installed");

  const { page, chat } = await people.visitor(`/goods/${demo(t).product.id}`);
  await test.step("somebody asks without an account, then registers: the conversation is theirs", async () => {
    await page.getByRole("button", { name: t.hall("product.ask"), exact: true }).click();
    await chat.say(words);
    await expect(chat.tick(words)).not.toHaveText(t.widget("tick.sending"));
    await page.goto("/register");
    await field(page, t.hall("account.identifier")).fill("138 0013 8000");
    await field(page, t.hall("account.password")).fill(password);
    await button(page, t.hall("account.send_code")).click();
    await expect(field(page, t.hall("account.code"))).toBeFocused();
    await field(page, t.hall("account.code")).fill(await outbox.code("+8613800138000"));
    await button(page, t.hall("account.finish")).click();
    await expect(page.getByRole("heading", { name: t.hall("account.title") })).toBeVisible();
    await expect(page.getByRole("link", { name: words }), "without a reload").toBeVisible();
  });

  await test.step("the tab is closed; in another browser the same conversation goes on", async () => {
    await page.context().close();
    const there = await signIn(people, t, "13800138000", password);
    await expect(there.getByRole("link", { name: words })).toBeVisible();
    await there.getByRole("link", { name: words }).click();
    await expect(there.getByRole("list", { name: t.hall("account.talk") })).toContainText(words);
    await button(there, t.hall("account.go_on_in_chat")).click();
    await expect(people.framed(there).mine(words)).toBeVisible();
  });
});

test("what was said on the chat's own page is the account's once somebody signs in, without a reload", {
  tag: "@zh-CN",
}, async ({ people, server, t }) => {
  const outbox = new Outbox(server);
  const words = t.pick("我的宽带装不上", "My broadband cannot be installed");
  const before = await register(people, t, outbox, "ada@example.com", "ada@example.com");
  await before.context().close();
  const { page, chat } = await people.customer();
  await chat.say(words);
  await expect(chat.tick(words)).not.toHaveText(t.widget("tick.sending"));
  await page.goto("/sign-in");
  await field(page, t.hall("account.identifier")).fill("ada@example.com");
  await field(page, t.hall("account.password")).fill(password);
  await button(page, t.hall("account.sign_in")).click();
  await expect(page.getByRole("heading", { name: t.hall("account.title") })).toBeVisible();
  await expect(page.getByRole("link", { name: words })).toBeVisible();
});

test("a forgotten password is replaced by a link that works once", { tag: ["@en", "@must"] }, async ({
  people,
  server,
  t,
}) => {
  const outbox = new Outbox(server);
  const before = await register(people, t, outbox, "Ada@Example.com", "ada@example.com");

  const page = await (await people.context("forgot")).newPage();
  await page.goto("/sign-in");
  await page.getByRole("link", { name: t.hall("account.forgot") }).click();
  await field(page, t.hall("account.identifier")).fill("ada@example.com");
  await button(page, t.hall("account.send_link")).click();
  await expect(page.getByRole("heading", { name: t.hall("account.look_into_mail") })).toBeVisible();
  const link = /http:\S+/.exec(await outbox.next("ada@example.com"))?.[0] ?? "";

  await test.step("the link asks for a password that is not the first one to be tried", async () => {
    await page.goto(link.replace(/^http:\/\/[^/]+/, server.url));
    await expect(page).toHaveURL(`${server.url}/reset`);
    await field(page, t.hall("account.new_password")).fill("password123");
    await button(page, t.hall("account.set_password")).click();
    await expect(page.getByRole("alert")).toHaveText(t.hall("account.code_password_too_common"));
    // The account is known only once the link is opened; this refusal does not use up the link.
    await field(page, t.hall("account.new_password")).fill("I am ada@example.com");
    await button(page, t.hall("account.set_password")).click();
    await expect(page.getByRole("alert")).toHaveText(t.hall("account.code_password_holds_identifier"));
    await field(page, t.hall("account.new_password")).fill(another);
    await button(page, t.hall("account.set_password")).click();
    await expect(page.getByRole("heading", { name: t.hall("account.title") })).toBeVisible();
  });

  await test.step("whoever was signed in before is not any more, and the link is spent", async () => {
    await before.reload();
    await expect(before.getByRole("heading", { name: t.hall("account.sign_in") })).toBeVisible();
    await before.goto(link.replace(/^http:\/\/[^/]+/, server.url));
    await expect(before.getByRole("alert")).toHaveText(t.hall("account.link_over"));
    await expect(field(before, t.hall("account.new_password")), "nobody thinks up a password in vain").toHaveCount(0);
    await expect(before.getByRole("link", { name: t.hall("account.ask_again") })).toBeVisible();
  });

  await test.step("an address without an account is answered alike", async () => {
    await before.goto("/forgot");
    await field(before, t.hall("account.identifier")).fill("nobody@example.com");
    await button(before, t.hall("account.send_link")).click();
    await expect(before.getByRole("heading", { name: t.hall("account.look_into_mail") })).toBeVisible();
  });
});

test("profile, password and devices are one's own to change", { tag: "@zh-CN" }, async ({ people, server, t }) => {
  const outbox = new Outbox(server);
  const page = await register(people, t, outbox, "ada@example.com", "ada@example.com");
  const there = await signIn(people, t, "ada@example.com", password);
  await expect(there.getByRole("heading", { name: t.hall("account.title") })).toBeVisible();

  await test.step("a name", async () => {
    await field(page, t.hall("account.name")).fill("李雷");
    await button(page, t.hall("account.save")).click();
    await expect(page.getByRole("heading", { name: t.hall("account.title_of", { name: "李雷" }) })).toBeVisible();
  });

  await test.step("a number beside the address takes a code to each", async () => {
    await button(page, t.hall("account.add_mobile")).click();
    await field(page, t.hall("account.code")).fill(await outbox.code("ada@example.com"));
    await field(page, t.hall("account.new_mobile")).fill("13900139000");
    await button(page, t.hall("account.go_on")).click();
    await expect(page.getByRole("heading", { name: t.hall("account.step_new") })).toBeVisible();
    await field(page, t.hall("account.code")).fill(await outbox.code("+8613900139000"));
    await button(page, t.hall("account.finish")).click();
    await expect(page.getByText("139 0013 9000")).toBeVisible();
  });

  await test.step("a wrong old password changes nothing, the right one signs the other browser out", async () => {
    const section = page.getByRole("region", { name: t.hall("account.change_password") });
    const change = section.getByRole("button", { name: t.hall("account.change_password") });
    await section.getByLabel(t.hall("account.old_password")).fill("not this one at all");
    await section.getByLabel(t.hall("account.new_password")).fill(another);
    await change.click();
    await expect(section.getByRole("alert")).toHaveText(t.hall("account.code_password_wrong"));
    await section.getByLabel(t.hall("account.old_password")).fill(password);
    await change.click();
    await expect(section.getByRole("status")).toHaveText(t.hall("account.password_changed"));
    await there.reload();
    await expect(there.getByRole("heading", { name: t.hall("account.sign_in") })).toBeVisible();
  });

  await test.step("signing out leaves nothing behind", async () => {
    await button(page, t.hall("account.sign_out")).click();
    await expect(page.getByRole("banner").getByRole("link", { name: t.hall("shell.sign_in") })).toBeVisible();
    await page.goto("/account");
    await expect(page.getByRole("heading", { name: t.hall("account.sign_in") })).toBeVisible();
  });
});

test("a weak password and a wrong code are said where they are", { tag: "@en" }, async ({ people, server, t }) => {
  const outbox = new Outbox(server);
  const page = await (await people.context("newcomer")).newPage();
  await page.goto("/register");
  const submit = button(page, t.hall("account.send_code"));
  await field(page, t.hall("account.identifier")).fill("12345");
  await field(page, t.hall("account.password")).fill("1234567890");
  await submit.click();
  await expect(page.getByRole("alert")).toHaveText(t.hall("account.code_identifier_invalid"));
  await expect(field(page, t.hall("account.identifier"))).toBeFocused();
  await field(page, t.hall("account.identifier")).fill("eve@example.com");
  await submit.click();
  await expect(page.getByRole("alert")).toHaveText(t.hall("account.code_password_too_common"));
  await field(page, t.hall("account.identifier")).fill("+44 7700 900123");
  await field(page, t.hall("account.password")).fill(password);
  await submit.click();
  await expect(page.getByRole("alert")).toHaveText(t.hall("account.code_country_not_served"));
  await expect(field(page, t.hall("account.identifier"))).toBeFocused();
  await field(page, t.hall("account.identifier")).fill("eve@example.com");
  await submit.click();
  await expect(page.getByRole("heading", { name: t.hall("account.enter_code") })).toBeVisible();
  const code = await outbox.code("eve@example.com");
  await field(page, t.hall("account.code")).fill(code === "000000" ? "111111" : "000000");
  await button(page, t.hall("account.finish")).click();
  await expect(page.getByRole("alert")).toHaveText(t.hall("account.code_code_wrong"));
  await field(page, t.hall("account.code")).fill(code);
  await button(page, t.hall("account.finish")).click();
  await expect(page.getByRole("heading", { name: t.hall("account.title") })).toBeVisible();
});

test("three wrong passwords make the browser work, not the person", { tag: "@zh-CN" }, async ({
  people,
  server,
  t,
}) => {
  const outbox = new Outbox(server);
  await register(people, t, outbox, "ada@example.com", "ada@example.com");
  const page = await signIn(people, t, "ada@example.com", "wrong wrong 1");
  const alert = page.getByRole("alert");
  for (const n of [2, 3]) {
    await expect(alert).toHaveText(t.hall("account.code_sign_in_failed"));
    await field(page, t.hall("account.password")).fill(`wrong wrong ${String(n)}`);
    await button(page, t.hall("account.sign_in")).click();
  }
  await expect(alert).toHaveText(t.hall("account.code_sign_in_failed"));
  await field(page, t.hall("account.password")).fill(password);
  await button(page, t.hall("account.sign_in")).click();
  await expect(page.getByRole("heading", { name: t.hall("account.title") })).toBeVisible();
});

test("in easy mode the account is one press away, in words", { tag: "@zh-CN" }, async ({ people, server, t }) => {
  const outbox = new Outbox(server);
  const page = await register(people, t, outbox, "ada@example.com", "ada@example.com");
  await page.getByRole("button", { name: t.hall("easy.mode_label") }).click();
  await page.goto("/");
  await page
    .getByRole("banner")
    .getByRole("link", { name: t.hall("shell.account"), exact: true })
    .click();
  await expect(page.getByRole("heading", { name: t.hall("account.title") })).toBeVisible();
  await button(page, t.hall("account.sign_out")).click();
  await page
    .getByRole("banner")
    .getByRole("link", { name: t.hall("shell.sign_in"), exact: true })
    .click();
  await expect(page.getByRole("heading", { name: t.hall("account.sign_in") })).toBeVisible();
});

test("everything said is taken along in one file", { tag: ["@en", "@must"] }, async ({ people, server, t }) => {
  const outbox = new Outbox(server);
  const words = t.pick("导出这句话", "Export these words");
  const page = await register(people, t, outbox, "ada@example.com", "ada@example.com");
  await button(page, t.hall("shell.ask")).first().click();
  const chat = people.framed(page);
  await chat.say(words);
  await expect(chat.tick(words)).not.toHaveText(t.widget("tick.sending"));
  await page.reload();
  await expect(page.getByRole("link", { name: words })).toBeVisible();
  for (const [name, begins] of [
    [t.hall("account.export_html"), "<!doctype html>"],
    [t.hall("account.export_json"), "{"],
  ] as const) {
    const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("link", { name }).click()]);
    const text = await readFile(await download.path(), "utf8");
    expect(text.startsWith(begins)).toBe(true);
    expect(text).toContain(words);
  }
});

test("the pages of the account are accessible in every look, and fit every width", { tag: "@both" }, async ({
  people,
  server,
  t,
}) => {
  const outbox = new Outbox(server);
  const page = await (await people.context("customer")).newPage();
  const look = async (what: string): Promise<void> => {
    for (const one of looksIn(t)) {
      await wear(page, one);
      await isAccessible(page, `${what} in ${one}`);
    }
    for (const [width, one] of [
      [1440, "200 %"],
      [390, "200 %"],
      [320, "light"],
    ] as const) {
      await page.setViewportSize({ width, height: 844 });
      await wear(page, one);
      expect
        .soft(await sideways(page), `${what} at ${String(width)} in ${one} does not scroll sideways`)
        .toBeLessThanOrEqual(0);
    }
    await page.setViewportSize({ width: 1440, height: 900 });
    await wear(page, "light");
  };
  for (const [path, title] of [
    ["/sign-in", "account.sign_in"],
    ["/forgot", "account.forgot"],
    ["/reset", "account.new_password"],
    ["/register", "account.register"],
  ] as const) {
    await page.goto(path);
    await expect(page.getByRole("heading", { name: t.hall(title) })).toBeVisible();
    await look(path);
  }
  await field(page, t.hall("account.identifier")).fill("ada@example.com");
  await field(page, t.hall("account.password")).fill(password);
  await button(page, t.hall("account.send_code")).click();
  await expect(page.getByRole("heading", { name: t.hall("account.enter_code") })).toBeVisible();
  await look("the code");
  await field(page, t.hall("account.code")).fill(await outbox.code("ada@example.com"));
  await button(page, t.hall("account.finish")).click();
  await expect(page.getByText(t.hall("account.no_talks"))).toBeVisible();
  await look("/account");
});

test("a customer closes the account: nothing of it is left, and whoever has the address may begin anew", {
  tag: ["@both", "@must"],
}, async ({ people, server, t }) => {
  const outbox = new Outbox(server);
  const page = await register(people, t, outbox, "ada@example.com", "ada@example.com");

  await test.step("it says what goes, offers a copy, and takes a code and the password", async () => {
    await expect(page.getByText(t.hall("account.close_what"))).toBeVisible();
    await expect(page.getByRole("link", { name: t.hall("account.close_download") })).toBeVisible();
    await button(page, t.hall("account.close_begin")).click();
    const form = page.locator("form[aria-labelledby=close-account]");
    await form.getByLabel(t.hall("account.code"), { exact: true }).fill(await outbox.code("ada@example.com"));
    await form.getByLabel(t.hall("account.old_password"), { exact: true }).fill("not the password");
    await button(page, t.hall("account.close_finish")).click();
    await expect(page.getByRole("alert")).toHaveText(t.hall("account.code_password_wrong"));
    await form.getByLabel(t.hall("account.old_password"), { exact: true }).fill(password);
    await button(page, t.hall("account.close_finish")).click();
    await expect(page).toHaveURL(`${server.url}/`);
  });

  await test.step("nobody signs in to it any more", async () => {
    await expect(async () => {
      const there = await signIn(people, t, "ada@example.com", password);
      await expect(there.getByRole("alert")).toHaveText(t.hall("account.code_sign_in_failed"), { timeout: 5_000 });
    }).toPass();
    await register(people, t, outbox, "ada@example.com", "ada@example.com");
  });
});
