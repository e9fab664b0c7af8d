import type { Locator } from "@playwright/test";
import { isAccessible } from "../support/axe";
import { caller } from "../support/crowd";
import type { Desk } from "../support/desk";
import { changeQueue } from "../support/routing";
import { expect, test } from "../support/test";

test("an offer is read, passed on, and accepted by the next agent; who misses two in a row is on a break", {
  tag: ["@en", "@must"],
}, async ({ people, server, seed, t }) => {
  await changeQueue(server, seed, "General", { rules: { accept_within_s: 120 } });
  const first = await people.agent("available", 0);
  const { chat } = await people.customer();
  const offerOf = (desk: Desk): Locator => desk.page.getByRole("region", { name: t.console("desk.offer.title") });
  const question = "Where is my parcel?";
  await chat.say(question);
  await chat.human.click();

  await test.step("it can be read before it is accepted, and is nobody's until then", async () => {
    await expect(offerOf(first)).toContainText(question);
    await isAccessible(first.page, "the desk with an offer");
    await offerOf(first).getByRole("button", { name: question }).click();
    await expect(first.said(question).first()).toBeVisible();
    await expect(first.composer).toHaveCount(0);
    await expect(first.rows).toHaveCount(0);
    await expect(chat.root.getByText(first.name)).toHaveCount(0);
  });

  const second = await people.agent("available", 1);
  await people.available(2);
  await test.step("passed with Alt P, it is offered to the next; Alt A accepts it", async () => {
    await first.page.keyboard.press("Alt+p");
    await expect(offerOf(first)).toHaveCount(0);
    await expect(offerOf(second)).toBeVisible();
    await second.page.keyboard.press("Alt+a");
    await expect(chat.joined(second.name)).toBeVisible();
    await expect(second.composer).toBeVisible();
    await expect(second.said(t.console("desk.line.offer_passed"))).toBeVisible();
    await expect(chat.root.getByText(first.name)).toHaveCount(0);
  });

  await test.step("two that are missed: a break, in words, and the next agent is asked", async () => {
    await second.become("break");
    await changeQueue(server, seed, "General", { rules: { accept_within_s: 5 } });
    await caller(server, "the first of two");
    await caller(server, "the second of two");
    await expect(first.state).toContainText(t.console("desk.state.missed"));
    await expect(first.state).toContainText(t.console("desk.state.break"));
    await expect(offerOf(first)).toHaveCount(0);
    await changeQueue(server, seed, "General", { rules: { accept_within_s: 120 } });
    await second.become("available");
    await offerOf(second)
      .getByRole("button", { name: t.console("desk.offer.accept") })
      .click();
    await expect(second.said("the first of two").first()).toBeVisible();
  });
});

test("who asks for a skill waits for whoever has it, then for whoever nearly has it; what waits too long goes to another queue", {
  tag: ["@zh-CN", "@must"],
}, async ({ people, server, seed, t }) => {
  const s = (key: string, values: Record<string, string | number> = {}): string => t.console(`settings.${key}`, values);
  const queue = t.pick("综合服务", "General");
  await changeQueue(server, seed, "General", { rules: { relax_every_s: 4 } });
  const { page } = await people.staff("manager");

  await test.step("a skill is set up that nobody has well enough", async () => {
    await page.goto("/console/settings/skills");
    await page.getByRole("button", { name: s("skill.new") }).click();
    const form = page.getByRole("dialog", { name: s("skill.new") });
    await form
      .getByRole("textbox", {
        name: t.console("kit.lang.of", {
          label: s("field.skill_name"),
          language: t.console(`kit.lang.${t.pick("zh", "en")}`),
        }),
      })
      .fill(t.pick("国际漫游", "Roaming"));
    await form.getByRole("combobox", { name: s("skill.add_member") }).selectOption({ label: "周敏 0317" });
    await form
      .getByRole("combobox", { name: s("skill.add_need") })
      .selectOption({ label: s("skill.by_queue", { name: queue }) });
    await form
      .getByRole("combobox", { name: s("skill.level_of", { name: s("skill.by_queue", { name: queue }) }) })
      .selectOption("4");
    await isAccessible(page, "the form of a skill");
    await form.getByRole("button", { name: t.console("kit.save") }).click();
    const made = page.getByRole("listitem", { name: t.pick("国际漫游", "Roaming") });
    await expect(made.getByText(s("skill.short"))).toBeVisible();
  });

  const desk = await people.agent("available", 0);
  const { chat } = await people.customer();
  await test.step("the customer waits until one level less will do, which the agent can read", async () => {
    await chat.human.click();
    await expect(chat.joined(desk.name)).toBeVisible();
    await desk.openFirst();
    await desk.log.getByRole("button", { name: t.console("desk.why.me") }).click();
    await expect(desk.page.getByText(t.like(t.console("desk.why.relaxed_other")))).toBeVisible();
    await desk.page.keyboard.press("Escape");
    await desk.resolve("customer");
  });

  await test.step("a queue that nobody is given anything from: after its time, the other queue has it", async () => {
    const to = await changeQueue(server, seed, "Broadband faults", { rules: {} });
    await changeQueue(server, seed, "General", { rules: { order: "manual", overflow: { to, after_s: 5 } } });
    const colleague = await people.agent("available", 1);
    const other = await people.customer();
    await other.chat.human.click();
    await expect(other.chat.joined(colleague.name)).toBeVisible();
    await colleague.openFirst();
    await expect(colleague.said(t.console("desk.line.overflowed_wait"))).toBeVisible();
  });
});
