import { Api } from "../support/api";
import { isAccessible } from "../support/axe";
import { Desk } from "../support/desk";
import type { Server } from "../support/server";
import { expect, test } from "../support/test";
import type { Lang } from "../support/words";

/** A customer leaves a message with a phone number; returns the conversation. */
async function leaveMessage(server: Server, lang: Lang, contact: string): Promise<string> {
  const api = new Api(server);
  const { token } = (await api.post("/widget/sessions", { site: "demo", lang })) as unknown as { token: string };
  const conversation = `cnv_${crypto.randomUUID().replaceAll("-", "")}`;
  await api.send(conversation, { type: "leave_message", text: "家里断网了", contact }, { token, open: { lang } });
  return conversation;
}

test("a role is composed, says in words what it may do, and is given to a member, who may do that and no more; a masked phone number is shown on request, and the audit says so", {
  tag: ["@zh-CN", "@must"],
}, async ({ people, server, t }) => {
  const s = (key: string, values: Record<string, string | number> = {}): string => t.console(`settings.${key}`, values);
  const { page } = await people.staff("administrator");
  const agent = await people.signIn("zhoumin@linkong.example");
  await agent.goto("/console/bot/answers");
  await expect(agent.getByRole("heading", { name: t.console("areas.page.answers") }).first()).toBeVisible();
  const dialog = page.getByRole("dialog");
  const card = page.getByRole("listitem", { name: "夜班" });

  await test.step("what is missing is said, then it is composed", async () => {
    await page.goto("/console/settings/roles");
    await page.getByRole("button", { name: s("role.new") }).click();
    await dialog.getByRole("textbox", { name: s("field.role_name") }).fill("夜班");
    await dialog.getByRole("button", { name: t.console("kit.save") }).click();
    await expect(dialog.getByText(s("fault.grants"))).toBeVisible();
    const desk = dialog.getByRole("group", { name: s("permission.desk") });
    await desk.getByRole("checkbox", { name: s("reach.own"), exact: true }).check();
    await desk.getByRole("checkbox", { name: s("reach.queue") }).check();
    await dialog
      .getByRole("group", { name: s("field.hides") })
      .getByRole("checkbox", { name: s("contact.phone") })
      .check();
    await dialog.getByRole("checkbox", { name: s("permission.contacts.reveal") }).check();
    await isAccessible(page, "composing a role");
    await dialog.getByRole("button", { name: t.console("kit.save") }).click();
    await expect(dialog).toHaveCount(0);
  });

  await test.step("its card says what it may do, how far, and what is masked", async () => {
    const reach = [s("reach.own"), s("reach.queue")].join(s("list.comma"));
    await expect(card.getByText(s("role.grant", { what: s("permission.desk"), reach }))).toBeVisible();
    await expect(card.getByText(s("permission.contacts.reveal"))).toBeVisible();
    await expect(card.getByText(s("role.hides", { contacts: s("contact.phone") }))).toBeVisible();
    await expect(card.getByRole("list").getByRole("listitem")).toHaveCount(3);
    await isAccessible(page, "the roles");
  });

  await test.step("given to a member, who is signed out by it", async () => {
    await page.goto("/console/settings/people");
    const row = page.getByRole("row").filter({ hasText: "zhoumin@linkong.example" });
    await row.getByRole("button", { name: s("edit.one", { name: "周敏" }) }).click();
    await dialog.getByRole("combobox", { name: s("field.role") }).selectOption({ label: "夜班" });
    await dialog.getByRole("button", { name: t.console("kit.save") }).click();
    await expect(dialog).toHaveCount(0);
    await expect(row.getByText("夜班")).toBeVisible();
    await expect(agent.getByText(t.console("signin.revoked"))).toBeVisible();
  });

  const again = await people.signIn("zhoumin@linkong.example");
  await test.step("they have the desk, and no answers any more", async () => {
    await expect(again).toHaveURL(/\/console\/inbox/);
    await again.goto("/console/bot/answers");
    await expect(again.getByText(t.console("failure.code.not_permitted"))).toBeVisible();
  });

  const phone = "13812340007";
  const masked = "138****0007";
  const conversation = await leaveMessage(server, t.lang, phone);
  await test.step("a phone number is masked, and shown on request until it is masked again", async () => {
    await again.goto(`/console/inbox/${conversation}`);
    const log = new Desk(again, "周敏", t).log;
    await expect(log.getByText(masked)).toBeVisible();
    await isAccessible(again, "a masked contact");
    await log.getByRole("button", { name: t.console("desk.contact.show.one", { masked }) }).click();
    await expect(log.getByText(phone)).toBeVisible();
    await log.getByRole("button", { name: t.console("desk.contact.mask.one", { masked }) }).click();
    await expect(again.getByText(phone)).toHaveCount(0);
  });

  await test.step("the audit, searched by person, says who looked at whose, without the number", async () => {
    const a = (key: string, values: Record<string, string> = {}): string => t.console(`audit.${key}`, values);
    await page.goto("/console/settings/audit");
    await page.getByRole("combobox", { name: a("field.person") }).selectOption({ label: "周敏" });
    const reveal = a("verb.reveal", { thing: a("thing.contact") });
    const row = page.getByRole("row").filter({ has: page.getByRole("button", { name: reveal }) });
    await expect(row).toHaveCount(1);
    await expect(row.getByText("周敏")).toBeVisible();
    await row.getByRole("button").click();
    const entry = page.getByRole("dialog", { name: reveal });
    await expect(entry.getByText(conversation)).toBeVisible();
    await entry.getByText(a("request"), { exact: true }).click();
    await expect(entry.getByText(/"kind": "phone"/)).toBeVisible();
    await isAccessible(page, "an entry of the audit");
    await expect(page.getByText(phone)).toHaveCount(0);
  });

  await test.step("the administrator looks at the console as the role would, and comes back", async () => {
    await page.goto("/console/settings/roles");
    await card.getByRole("button", { name: s("role.view") }).click();
    await expect(page.getByText(t.console("desk.view.as", { role: "夜班" }))).toBeVisible();
    await page.goto("/console/settings/roles");
    await expect(page.getByText(t.console("failure.code.not_permitted"))).toBeVisible();
    await isAccessible(page, "looking as a role");
    await page.getByRole("button", { name: t.console("desk.view.end") }).click();
    await expect(page.getByText(t.console("desk.view.as", { role: "夜班" }))).toHaveCount(0);
  });

  await test.step("a role that somebody has stays", async () => {
    await page.goto("/console/settings/roles");
    await card.getByRole("button", { name: s("delete"), exact: true }).click();
    await dialog.getByRole("button", { name: s("delete"), exact: true }).click();
    await expect(page.getByText(s("role.in_use", { count: 1 }))).toBeVisible();
    await expect(card).toBeVisible();
  });
});
