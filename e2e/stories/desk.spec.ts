import type { Page } from "@playwright/test";
import { isAccessible } from "../support/axe";
import { caller, serveAtOnce, type Caller } from "../support/crowd";
import { expect, test } from "../support/test";

/** Pressable elements smaller than 24 by 24 pixels; links within a sentence may be. */
const small = (page: Page): Promise<string[]> =>
  page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>(".app button, .app a[href]")]
      .filter((one) => one.checkVisibility() && !one.closest(".sr, .bubble") && !one.matches(".skip"))
      .map((one) => ({ one, box: one.getBoundingClientRect() }))
      .filter(({ box }) => box.width < 24 || box.height < 24)
      .map(
        ({ one, box }) =>
          `${one.className} ${one.textContent.slice(0, 20)}: ${String(box.width)} × ${String(box.height)}`,
      ),
  );

test("two dozen conversations at once: one line each, the state fits its button, and nothing moves under the pointer", {
  tag: "@zh-CN",
}, async ({ people, seed, server }) => {
  const desk = await people.agent("offline");
  await serveAtOnce(server, seed, desk.name, 40);
  const { page } = desk;
  await page.reload();
  await desk.become("available");
  const callers: Caller[] = [];
  for (let n = 0; n < 24; n++) callers.push(await caller(server, `订单 ${String(n)} 到哪了`));
  await expect(desk.rows).toHaveCount(24);
  await desk.openFirst();

  await test.step("each row is 36 px, and what the state button says stays in it", async () => {
    expect(
      new Set(await desk.rows.evaluateAll((rows) => rows.map((row) => row.getBoundingClientRect().height))),
    ).toEqual(new Set([36]));
    for (const width of [1440, 1024]) {
      await page.setViewportSize({ width, height: 900 });
      expect(
        await desk.state.evaluate(
          (button) =>
            [...button.children].filter(
              (one) =>
                one.checkVisibility() &&
                !one.matches(".sr") &&
                one.getBoundingClientRect().right > button.getBoundingClientRect().right,
            ).length,
        ),
        `at ${String(width)}`,
      ).toBe(0);
      await expect(desk.state).toContainText("24/40");
    }
    await page.setViewportSize({ width: 1440, height: 900 });
    expect(await small(page)).toEqual([]);
    await isAccessible(page, "the desk with 24 conversations");
  });

  await test.step("the pointer rests on a row, the open conversation is resolved by key: the same row is under the pointer", async () => {
    const box = await desk.rows.nth(5).boundingBox();
    if (!box) throw new Error("the row is not shown");
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
    const under = (): Promise<string | undefined> =>
      page.evaluate(
        ([x, y]) => document.elementFromPoint(x ?? 0, y ?? 0)?.closest<HTMLElement>("[data-id]")?.dataset.id,
        [x, y],
      );
    await page.mouse.move(x, y);
    const before = await under();
    // Nobody has answered: that takes a second press.
    await page.keyboard.press("Alt+r");
    await page.keyboard.press("Alt+r");
    await expect(desk.rows).toHaveCount(23);
    expect(await under()).toBe(before);
    await page.mouse.move(900, 300);
    await expect(page.locator(".item-gone")).toHaveCount(0);
    expect(await under()).not.toBe(before);
  });
});

test("a conversation that was resolved by mistake goes on, and one that ended earlier is reopened", {
  tag: "@en",
}, async ({ people, t }) => {
  const { chat } = await people.customer();
  await chat.say("Where is my parcel?");
  await chat.human.click();
  const desk = await people.agent();
  await expect(chat.joined(desk.name)).toBeVisible();
  await desk.openFirst();
  await desk.say("I am looking");
  await expect(chat.agent("I am looking")).toBeVisible();
  await desk.resolve();
  await expect(chat.sendRating).toBeVisible();
  await desk.page.keyboard.press("Control+z");
  await expect(desk.log.getByText(t.console("desk.line.you_reopened"))).toBeVisible();
  await desk.say("It comes tomorrow");
  await expect(chat.agent("It comes tomorrow")).toBeVisible();
  await expect(chat.sendRating).toHaveCount(0);
  await desk.resolve();
  await expect(chat.sendRating).toBeVisible();
  await desk.show("resolved");
  await desk.rows.first().click();
  await desk.pane.getByRole("button", { name: t.console("desk.reopen") }).click();
  await desk.say("One more thing");
  await expect(chat.agent("One more thing")).toBeVisible();
  await isAccessible(desk.page, "a reopened conversation");
});

test("a long conversation opens at its end, older messages come as one reads back, and the first question stands first", {
  tag: "@zh-CN",
}, async ({ people, server, t }) => {
  const desk = await people.agent();
  const long = await caller(server, "充 50 块扣了我两次？");
  await expect(desk.rows).toHaveCount(1);
  await long.say(...Array.from({ length: 150 }, (_, n) => `还在吗 ${String(n)}`));
  await desk.page.reload();
  await desk.openFirst();
  await expect(desk.saidByCustomer.last()).toHaveText("还在吗 149");
  expect(await desk.saidByCustomer.count()).toBeLessThanOrEqual(50);
  await expect(desk.log.locator(".own-agent")).toHaveCount(1);
  const packet = desk.pane.getByRole("region", { name: t.console("desk.packet.title") });
  await expect(packet.getByText("充 50 块扣了我两次？")).toBeVisible();
  await expect(desk.customer.getByText(/还在吗/)).toHaveCount(0);
  await desk.log.hover();
  await expect(async () => {
    await desk.page.mouse.wheel(0, -4000);
    await expect(desk.saidByCustomer.first()).toHaveText("充 50 块扣了我两次？", { timeout: 1000 });
  }).toPass();
  await expect(desk.said("还在吗 0")).toHaveCount(1);
});

test("a low window: the page scrolls, the head is one row, the composer one row until it is written in", {
  tag: "@en",
}, async ({ people, server }) => {
  const desk = await people.agent();
  const { page } = desk;
  const one = await caller(server, "hello");
  await expect(desk.rows).toHaveCount(1);
  await one.say(...Array.from({ length: 20 }, (_, n) => `line ${String(n)}`));
  await desk.openFirst();
  await page.setViewportSize({ width: 320, height: 256 });
  const height = (selector: string): Promise<number> =>
    page.locator(selector).evaluate((box) => box.getBoundingClientRect().height);
  await expect(desk.composer).toBeFocused();
  await desk.log.focus();
  await expect.poll(() => height(".composer")).toBeLessThan(48);
  expect(await height(".conversation-head")).toBeLessThan(52);
  expect(await height(".conversation-scroll")).toBeGreaterThanOrEqual(100);
  await desk.composer.focus();
  await expect(page.locator(".composer-tools")).toBeVisible();
  expect(
    await page.evaluate(
      () => document.documentElement.scrollHeight > innerHeight && document.documentElement.scrollWidth <= innerWidth,
    ),
  ).toBe(true);
  await desk.say("I am here");
  await expect(desk.said("I am here")).toBeVisible();
});

test("a manager leaves a note in a conversation that a colleague serves; the customer does not see it", {
  tag: ["@en", "@must"],
}, async ({ people, t }) => {
  const desk = await people.agent();
  const { chat } = await people.customer();
  await chat.human.click();
  await expect(chat.joined(desk.name)).toBeVisible();
  await desk.openFirst();
  const { page } = await people.staff("manager");
  await page.goto(new URL(desk.page.url()).pathname);
  const note = page.getByRole("combobox", { name: t.console("desk.composer.note_label") });
  await note.fill("ask for the order number");
  await note.press("Enter");
  await expect(desk.said("ask for the order number")).toBeVisible();
  await desk.say("what is your order number?");
  await expect(chat.agent("what is your order number?")).toBeVisible();
  await expect(chat.root.getByText("ask for the order number")).toHaveCount(0);
});

test("who waits is read with J, moved to another queue with M, and taken with T", { tag: ["@en", "@must"] }, async ({
  people,
  server,
  t,
}) => {
  const desk = await people.agent("offline");
  const { page } = desk;
  const name = "Broadband faults";
  // Who serves a queue can move to it, and still sees there who waits.
  const { page: lead } = await people.staff("manager");
  await lead.goto("/console/settings/queues");
  await lead.evaluate(
    async ([queue, agent]) => {
      const list = async <T>(path: string) => ((await (await fetch(path)).json()) as { items: T[] }).items;
      const found = (await list<{ id: string; name: { en: string }; updated_at: number }>("/api/v1/queues")).find(
        (one) => one.name.en === queue,
      );
      const people = await list<{ id: string; name: string }>("/api/v1/staff");
      const body = {
        members: people.filter((one) => one.name === agent).map((one) => one.id),
        seen: found?.updated_at,
      };
      const headers = { "Content-Type": "application/json" };
      const changed = await fetch(`/api/v1/queues/${found?.id ?? ""}`, {
        method: "PATCH",
        headers,
        body: JSON.stringify(body),
      });
      if (!changed.ok) throw new Error(await changed.text());
    },
    [name, desk.name] as const,
  );
  await caller(server, "the first question");
  await caller(server, "the second question");
  await page.goto("/console/inbox/queues");
  const rows = page.getByRole("list", { name: t.console("queues.tab.waiting") }).getByRole("listitem");
  await expect(rows).toHaveCount(2);
  const preview = page.getByRole("complementary", { name: t.console("queues.preview") });
  await page.keyboard.press("j");
  await expect(preview.getByRole("log").getByText("the first question")).toBeVisible();
  await page.keyboard.press("j");
  await expect(preview.getByRole("log").getByText("the second question")).toBeVisible();
  await expect(preview.getByText(t.console("queues.reason.button"), { exact: true })).toBeVisible();
  await isAccessible(page, "the queues with somebody being read");
  await page.keyboard.press("m");
  await page
    .getByRole("dialog")
    .getByRole("radio", { name: new RegExp(name) })
    .click();
  await page.getByRole("button", { name: t.console("desk.move.to", { name }) }).click();
  await expect(rows.nth(1).getByText(name, { exact: true })).toBeVisible();
  await expect(
    preview.getByText(t.console("queues.reason.transferred", { name: desk.name }), { exact: true }),
  ).toBeVisible();
  await page.getByRole("button", { name: t.console("queues.left.take_back") }).click();
  await expect(rows.nth(1).getByText(name, { exact: true })).toHaveCount(0);
  await page.keyboard.press("t");
  await expect(desk.composer).toBeVisible();
  await expect(desk.said("the second question").first()).toBeVisible();
  await page.goto("/console/inbox/queues");
  await expect(rows).toHaveCount(1);
});
