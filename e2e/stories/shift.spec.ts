import { caller } from "../support/crowd";
import { focusIsSeen, tabTo } from "../support/keyboard";
import { changeQueue } from "../support/routing";
import { expect, test } from "../support/test";

test("a shift of five conversations by keyboard alone: resolved, held, snoozed, transferred, handed back", {
  tag: "@zh-CN",
}, async ({ people, server, seed, t }) => {
  await changeQueue(server, seed, "General", { rules: { accept_within_s: 120 } });
  const desk = await people.agent("offline");
  const { page } = desk;
  const { keyboard } = page;
  const offer = page.getByRole("region", { name: t.console("desk.offer.title") });
  const questions = ["充值没到账", "我要开发票", "套餐怎么换", "宽带断了", "流量用完了"] as const;
  for (const question of questions) await caller(server, question);

  const turnTo = async (state: "available" | "offline"): Promise<void> => {
    await keyboard.press("Alt+s");
    const choice = page.getByRole("radio", { name: t.console(`desk.state.${state}.means`) });
    await tabTo(page, choice, { back: state === "available" });
    await focusIsSeen(page, state);
    await keyboard.press("Enter");
    await expect(desk.state).toContainText(t.console(`desk.state.${state}`));
  };
  /** Accepts what is offered, which has to be this, and answers it. */
  const answer = async (question: string): Promise<void> => {
    await expect(offer).toContainText(question);
    await keyboard.press("Alt+a");
    await expect(desk.said(question).first()).toBeVisible();
    await expect(desk.composer).toBeFocused();
    await keyboard.type(`${question}，我来处理`);
    await keyboard.press("Enter");
    await expect(desk.log.locator(".run-agent").getByText(`${question}，我来处理`)).toBeVisible();
  };
  /** Right after the desk has opened the next conversation by itself, a press does nothing. */
  const resolve = async (left: number): Promise<void> => {
    await expect(async () => {
      if ((await desk.rows.count()) > left) await keyboard.press("Alt+r");
      await expect(desk.rows).toHaveCount(left, { timeout: 1000 });
    }).toPass();
  };

  await turnTo("available");
  await test.step("the first is resolved", async () => {
    await answer(questions[0]);
    await resolve(0);
  });
  await test.step("the second is put on hold, the third is snoozed", async () => {
    await answer(questions[1]);
    await keyboard.press("Alt+h");
    await expect(desk.pane.getByText(t.console("desk.hold.here"))).toBeVisible();
    await answer(questions[2]);
    await keyboard.press("Alt+z");
    await expect(page.getByRole("button", { name: new RegExp(`^${t.console("desk.snooze.minutes")}`) })).toBeFocused();
    await keyboard.press("Enter");
    await expect(desk.pane.getByText(t.like(t.console("desk.snooze.here")))).toBeVisible();
  });
  await test.step("the fourth is transferred, the fifth goes back to the bot", async () => {
    await answer(questions[3]);
    await keyboard.press("Alt+t");
    await expect(
      page.getByRole("dialog").getByRole("textbox", { name: t.console("desk.transfer.search") }),
    ).toBeFocused();
    await keyboard.type("宽带报障");
    await expect(page.getByRole("dialog").getByRole("radio")).toHaveCount(1);
    await keyboard.press("Enter");
    await keyboard.press("Enter");
    await expect(desk.rows).toHaveCount(2);
    await answer(questions[4]);
    await keyboard.press("Alt+b");
    await expect(desk.rows).toHaveCount(2);
  });
  await test.step("what was set aside is gone on with and resolved", async () => {
    for (const left of [1, 0]) {
      await keyboard.press("Escape");
      await keyboard.press("Escape");
      await expect(desk.pane.getByText(t.console("desk.none.keys"))).toBeVisible();
      await keyboard.press("Alt+ArrowDown");
      await expect(desk.composer).toBeFocused();
      await keyboard.type("办好了");
      await keyboard.press("Enter");
      await expect(desk.pane.getByRole("button", { name: t.console("desk.wake"), exact: true })).toHaveCount(0);
      await resolve(left);
    }
  });
  await turnTo("offline");
});
