import type { Locator, Page } from "@playwright/test";
import { ask } from "../support/api";
import { consoleScale, isAccessible, sideways } from "../support/axe";
import type { Chat } from "../support/chat";
import { demo } from "../support/demo";
import { expect, readOnly, test } from "../support/test";
import type { Words } from "../support/words";

const button = (root: Page | Locator, name: string | RegExp): Locator =>
  root.getByRole("button", { name, exact: typeof name === "string" });
const view = (page: Page, t: Words, name: "entries" | "proposed" | "suspects" | "tests"): Locator =>
  page
    .getByRole("group", { name: t.console("knowledge.views") })
    .getByRole("button", { name: new RegExp(`^${t.console(`knowledge.view.${name}`)}`) });
const answer = (page: Page, t: Words): Locator =>
  page.getByRole("textbox", { name: t.console(`knowledge.answer.${t.pick("zh", "en")}`), exact: true });
const answers = async (page: Page, t: Words, path = ""): Promise<void> => {
  await page.goto(`/console/bot/answers${path}`);
  await expect(page.getByRole("heading", { level: 1, name: t.console("knowledge.title") })).toBeVisible();
};
/** Waits for the message that everything is on the server. */
const saved = (page: Page, t: Words): Promise<void> =>
  expect(
    page
      .getByRole("article")
      .getByRole("status")
      .filter({ hasText: t.like(t.console("knowledge.saved")) }),
  ).toBeVisible();
/** Sends a message, waits for the bot's own answer to it, however long it takes, and returns whether the answer contains `wanted`. */
const isAnswered = async (chat: Chat, words: string, wanted: string): Promise<boolean> => {
  const answers = chat.bot(/./);
  // The greeting is not an answer.
  await expect(answers.first()).toBeVisible();
  const before = await answers.count();
  await chat.say(words);
  await expect.poll(() => answers.count()).toBeGreaterThan(before);
  return ((await answers.last().textContent()) ?? "").includes(wanted);
};
const publish = async (page: Page, t: Words, number: number): Promise<void> => {
  await button(page, t.console("knowledge.publish", { number })).click();
  const dialog = page.getByRole("dialog", { name: t.console("knowledge.publish.title", { number }) });
  await button(dialog, t.console("knowledge.publish", { number })).click();
  await expect(page.getByText(t.console("knowledge.published", { number }))).toBeVisible();
};

test("what nobody could answer becomes an answer, goes live without a restart, and is taken back", {
  tag: ["@zh-CN", "@must"],
}, async ({ people, t }) => {
  const { unknown } = demo(t);
  const silence = t.pick("不想乱猜", "rather not guess");
  /** How often the bot has said that it has no answer since the question was created. */
  let silent = 0;
  const says = t.pick("可以的，带上证件到任意营业厅就能办。", "Yes. Bring your ID to any of our stores.");
  const { chat } = await people.customer();
  const { page } = await people.staff("manager");

  await test.step("a customer asks what the bot does not know", async () => {
    expect(await isAnswered(chat, unknown, silence)).toBe(true);
  });

  await test.step("the manager sees it, and makes it a question", async () => {
    await answers(page, t, "?view=proposed");
    const make = button(page, t.console("knowledge.proposed.make_one", { name: unknown }));
    await expect(make).toBeVisible();
    await make.click();
    const dialog = page.getByRole("dialog", { name: t.console("knowledge.new.title") });
    await expect(dialog.getByRole("textbox", { name: t.console("knowledge.field.question") })).toHaveValue(unknown);
    await dialog.getByRole("combobox", { name: t.console("knowledge.field.category") }).selectOption("plans");
    await button(dialog, t.console("knowledge.new.make")).click();
    await expect(page.getByRole("heading", { level: 2, name: unknown })).toBeVisible();
    await answer(page, t).fill(says);
    await saved(page, t);
  });

  await test.step("it is tried against the draft", async () => {
    await page.getByRole("textbox", { name: t.console("knowledge.try.words") }).fill(unknown);
    const tried = page.getByRole("region", { name: t.console("knowledge.try"), exact: true });
    await expect(tried.getByText(t.console("knowledge.rule.word_for_word"))).toBeVisible();
    await expect(tried.getByText(t.console("knowledge.outcome.confident"), { exact: true })).toBeVisible();
  });

  await test.step("it is checked, and published as the next version", async () => {
    await page.keyboard.press("Control+e");
    await expect(page.getByText(t.console("knowledge.check.may"))).toBeVisible();
    await publish(page, t, 2);
    await expect(page.getByText(t.console("knowledge.status.live", { number: 2 }))).toBeVisible();
  });

  await test.step("the customer asks again and is answered", async () => {
    await expect(async () => {
      const answered = await isAnswered(chat, unknown, says);
      if (!answered) silent += 1;
      expect(answered).toBe(true);
    }).toPass();
  });

  await test.step("one press brings the version before back", async () => {
    await button(page, t.console("knowledge.restore", { number: 1 })).click();
    const ask = page.getByRole("dialog", { name: t.console("knowledge.restore.ask", { number: 1 }) });
    await button(ask, t.console("knowledge.restore", { number: 1 })).click();
    await expect(page.getByText(t.console("knowledge.restored", { from: 1, number: 3 }))).toBeVisible();
    const { chat: other } = await people.customer();
    await expect(async () => expect(await isAnswered(other, unknown, silence)).toBe(true)).toPass();
    silent += 1;
    await expect(
      page.getByRole("article").getByText(t.console("knowledge.state.new"), { exact: true }),
      "the draft keeps what was written",
    ).toBeVisible();
  });

  await test.step("what was proposed is done, and dismissing can be taken back", async () => {
    await view(page, t, "proposed").click();
    const dismiss = button(page, t.console("knowledge.proposed.dismiss_one", { name: unknown }));
    // It was asked once more after the previous version was restored. An occurrence
    // recorded just after the dismissal would reopen it, so all of them have to be here.
    await expect(page.getByRole("listitem", { name: unknown })).toContainText(
      t.console("knowledge.proposed.asked", { count: silent }),
    );
    await dismiss.click();
    await expect(dismiss).toBeHidden();
    await button(page, t.console("knowledge.undo")).click();
    await expect(dismiss).toBeVisible();
  });
});

test("what did not help is learned from what an agent answered, and the customer's own words are answered", {
  tag: "@zh-CN",
}, async ({ people, t }) => {
  const words = t.pick(
    "我充值扣款成功了话费怎么还没到账啊",
    "I paid for my top-up and the money still has not arrived",
  );
  const says = t.pick(
    "到账最多要等两个小时，超过两小时由我们补到账上。",
    "It takes up to two hours; after that, we credit it to you.",
  );
  const { chat } = await people.customer();
  const desk = await people.agent("available");
  const { page } = await people.staff("manager");

  await test.step("the customer says that the answer did not help, and is led to a person", async () => {
    expect(await isAnswered(chat, words, "")).toBe(true);
    const judged = chat.root.getByRole("group", { name: t.widget("judge.ask") });
    await button(judged, t.widget("judge.no")).focus();
    await chat.page.keyboard.press("Enter");
    await expect(button(judged, t.widget("judge.no"))).toHaveAttribute("aria-pressed", "true");
    await button(chat.log, new RegExp(t.widget("chat.human"))).click();
  });

  await test.step("an agent sees that, and answers", async () => {
    await desk.rows.first().click();
    await expect(desk.log.getByText(t.console("desk.system.not_helpful"))).toBeVisible();
    await desk.composer.fill(t.pick("您好，我是客服，稍等我查一下。", "Hello, one moment please."));
    await desk.composer.press("Enter");
    await desk.composer.fill(says);
    await desk.composer.press("Enter");
    await expect(chat.agent(says)).toBeVisible();
  });

  await test.step("the manager reads the proposal, and saves it into the draft", async () => {
    await answers(page, t, "?view=proposed");
    const card = page.getByRole("listitem", { name: words });
    await expect(card.getByText(t.console("knowledge.reason.not_helpful"))).toBeVisible();
    await expect(card.getByRole("blockquote")).toHaveText(says);
    await isAccessible(page, "what the bot can learn");
    await button(card, t.console("knowledge.proposed.approve_one", { name: words })).click();
    const dialog = page.getByRole("dialog", { name: t.console("knowledge.new.title") });
    await expect(dialog.getByRole("textbox", { name: t.console("knowledge.new.answer") })).toHaveValue(says);
    await dialog.getByRole("combobox", { name: t.console("knowledge.field.category") }).selectOption("billing");
    await button(dialog, t.console("knowledge.new.approve")).click();
    await expect(page.getByRole("heading", { level: 2, name: words })).toBeVisible();
  });

  await test.step("after a check it goes live, and the same words are answered with it", async () => {
    await page.keyboard.press("Control+e");
    await expect(page.getByText(t.like(t.console("knowledge.check.may")))).toBeVisible();
    await publish(page, t, 2);
    const { chat: other } = await people.customer();
    await expect(async () => expect(await isAnswered(other, words, says)).toBe(true)).toPass();
  });
});

test("a doubtful phrasing is found, moved to where it belongs, and stays settled", { tag: "@en" }, async ({
  people,
  t,
}) => {
  const { page } = await people.staff("manager");
  await answers(page, t, "?entry=kb-002");
  // A phrasing of another question is put into this one.
  const stray = "has my top-up payment arrived on the account yet";
  const { draft, updated_at } = await ask<{
    draft: { similar: { zh: string[]; en: string[] } };
    updated_at: number;
  }>(page, "GET", "/knowledge/entries/kb-002");
  const similar = { ...draft.similar, en: [...draft.similar.en, stray] };
  await ask(page, "PATCH", "/knowledge/entries/kb-002", { similar, seen: updated_at });
  await view(page, t, "suspects").click();
  await button(page, t.console("knowledge.suspects.search")).click();
  const card = page.getByRole("listitem", { name: stray });
  await expect(card).toBeVisible();
  await isAccessible(page, "doubtful phrasings");
  await button(card, new RegExp(`^${t.console("knowledge.suspects.move")} “`)).click();
  await expect(card).toBeHidden();
  await button(page, t.console("knowledge.undo")).click();
  await expect(card).toBeVisible();
  await button(card, t.console("knowledge.suspects.keep_one", { words: stray })).click();
  await expect(card).toBeHidden();
  await button(page, t.console("knowledge.suspects.search")).click();
  await expect(page.getByRole("progressbar", { name: t.console("knowledge.suspects.progress") })).toBeHidden();
  await expect(card).toBeHidden();
});

test("a draft that answers worse is barred until there is a reason", { tag: "@en" }, async ({ people, t }) => {
  const { page } = await people.staff("manager");
  for (const id of ["kb-009", "kb-003", "kb-013"]) {
    await answers(page, t, `?entry=${id}`);
    await button(page, t.console("knowledge.remove.entry")).click();
    await expect(button(page, t.console("knowledge.undo"))).toBeVisible();
  }
  await page.keyboard.press("Control+Enter");
  const dialog = page.getByRole("dialog", { name: t.console("knowledge.publish.title", { number: 2 }) });
  const anyway = button(dialog, t.console("knowledge.publish.anyway"));
  await expect(anyway).toBeVisible();
  await anyway.click();
  await expect(dialog.getByText(t.console("knowledge.publish.reason_missing"))).toBeVisible();
  const reason = dialog.getByRole("textbox", { name: t.console("knowledge.publish.reason") });
  await expect(reason).toBeFocused();
  await expect(reason).toHaveAccessibleDescription(t.console("knowledge.publish.reason_missing"));
  await reason.fill("Sold out");
  await anyway.click();
  await expect(page.getByText(t.console("knowledge.version.reason", { reason: "Sold out" }))).toBeVisible();
});

test("two editors of one entry: the second sees both and chooses", { tag: ["@zh-CN", "@must"] }, async ({
  people,
  t,
}) => {
  const { page } = await people.staff("manager");
  const other = (await people.staff("administrator")).page;
  await answers(page, t, "?entry=kb-002");
  await answers(other, t, "?entry=kb-002");
  const mine = t.pick("我写的答案", "What I wrote");
  const theirs = t.pick("对方写的答案", "What they wrote");
  await expect(answer(page, t)).toBeVisible();
  await expect(answer(other, t)).toBeVisible();
  // The second editor writes while the first one's text is on its way: neither has seen the other's.
  let first = true;
  await page.route("**/api/v1/knowledge/entries/kb-002", async (route) => {
    if (first && route.request().method() === "PATCH") {
      first = false;
      await answer(other, t).fill(theirs);
      await saved(other, t);
    }
    await route.continue();
  });
  await answer(page, t).fill(mine);
  const alert = page.getByRole("alert").filter({ has: button(page, t.console("knowledge.conflict.mine")) });
  await expect(alert).toBeVisible();
  await expect(answer(page, t), "nothing that was written is lost").toHaveValue(mine);
  await button(alert, t.console("knowledge.conflict.mine")).click();
  await saved(page, t);
  await expect(answer(other, t)).toHaveValue(mine);
});

test("a CSV file with a bad line names it and imports nothing", { tag: ["@zh-CN", "@must"] }, async ({ people, t }) => {
  const { page } = await people.staff("manager");
  await answers(page, t);
  const open = async (): Promise<Locator> => {
    await button(page, t.console("knowledge.acts")).click();
    await page
      .getByRole("dialog", { name: t.console("knowledge.acts") })
      .getByRole("button", { name: t.console("knowledge.import") })
      .click();
    return page.getByRole("dialog", { name: t.console("knowledge.import") });
  };
  const choose = (dialog: Locator, csv: string): Promise<void> =>
    dialog
      .getByLabel(t.console("kit.file.choose"))
      .setInputFiles({ name: "answers.csv", mimeType: "text/csv", buffer: Buffer.from(csv) });
  const dialog = await open();
  await choose(dialog, "category,question_zh,answer_zh\nplans,热气球怎么充值,不能充值。\nnonsense,第二个问题,答\n");
  await expect(dialog.getByText(t.console("kit.file.bad", { count: 1 }))).toBeVisible();
  await expect(dialog.getByRole("row").filter({ hasText: "第二个问题" })).toContainText("3");
  await expect(
    dialog.getByText(
      t.console("kit.file.cell", { column: "category", what: t.console("knowledge.import.error.category") }),
    ),
  ).toBeVisible();
  await expect(button(dialog, t.console("knowledge.import.apply"))).toBeDisabled();
  await choose(dialog, "category,question_zh,answer_zh\nplans,热气球怎么充值,不能充值。\n");
  await button(dialog, t.console("knowledge.import.apply")).click();
  await expect(page.getByText(t.console("kit.file.done", { added: 1, changed: 0 }))).toBeVisible();
  await page.getByRole("searchbox", { name: t.console("knowledge.search") }).fill("热气球");
  await expect(page.getByRole("region", { name: t.console("knowledge.list") }).getByRole("listitem")).toHaveCount(1);
});

test("a sentence of the test set is edited where it stands, and a category in use says what is in it", {
  tag: "@en",
}, async ({ people, t }) => {
  const { page } = await people.staff("manager");
  await answers(page, t, "?view=tests");
  const sentence = t.pick("我要把手机寄到月球", "Send my phone to the moon");
  const better = t.pick("能把手机寄到月球吗", "Can I send my phone to the moon");
  const region = page.getByRole("region", { name: t.console("knowledge.tests"), exact: true });
  await region.getByRole("textbox", { name: t.console("knowledge.tests.sentence"), exact: true }).fill(sentence);
  await button(region, t.console("knowledge.tests.add")).click();
  const edit = button(region, t.console("knowledge.tests.edit", { name: sentence }));
  await expect(edit).toBeVisible();
  await edit.focus();
  await page.keyboard.press("Enter");
  const row = region.getByRole("row").filter({ has: button(page, t.console("knowledge.tests.save")) });
  await expect(row.getByRole("textbox")).toBeFocused();
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.type(better);
  await row.getByRole("combobox").selectOption("human");
  await row.getByRole("textbox").press("Enter");
  const changed = region.getByRole("row").filter({ hasText: better });
  await expect(changed).toContainText(t.console("knowledge.expected.human"));
  await expect(button(region, t.console("knowledge.tests.edit", { name: better }))).toBeFocused();
  await isAccessible(page, "the test set");

  await button(page, t.console("knowledge.acts")).click();
  await page
    .getByRole("dialog", { name: t.console("knowledge.acts") })
    .getByRole("button", { name: t.console("knowledge.categories") })
    .click();
  const dialog = page.getByRole("dialog", { name: t.console("knowledge.categories") });
  const entries = await dialog.getByRole("listitem").first().getByText(/\d/).first().textContent();
  await dialog.getByRole("listitem").first().getByRole("button").click();
  const refused = dialog.getByRole("alert");
  await expect(refused).toContainText(/\d+/.exec(entries ?? "")?.[0] ?? "-");
  await button(refused, t.console("knowledge.categories.show")).click();
  await expect(page).toHaveURL(/category=/);
  await expect(
    page.getByRole("region", { name: t.console("knowledge.list") }).getByRole("heading", { level: 2 }),
  ).toHaveCount(1);
});

readOnly("the answers are accessible and fit every width", { tag: "@zh-CN" }, async ({ people, t }) => {
  const { page } = await people.staff("manager");
  for (const path of ["?entry=kb-002", "?view=proposed", "?view=tests"]) {
    await answers(page, t, path);
    await expect(page.getByRole("heading", { level: 2 }).first()).toBeVisible();
    for (const theme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme: theme });
      await isAccessible(page, `${path} in ${theme}`);
    }
    for (const width of [1024, 390]) {
      await page.setViewportSize({ width, height: 844 });
      expect.soft(await sideways(page), `${path} at ${String(width)} does not scroll sideways`).toBeLessThanOrEqual(0);
    }
    await page.setViewportSize({ width: 1440, height: 900 });
  }
  await consoleScale(page, 200);
  expect.soft(await sideways(page), "at 200 % it does not scroll sideways").toBeLessThanOrEqual(0);
  await isAccessible(page, "at 200 %");
});
