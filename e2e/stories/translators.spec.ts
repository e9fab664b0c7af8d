import type { Page } from "@playwright/test";
import { expect, test } from "../support/test";

/** Does to a page what a translator in the browser does: an element of its own takes the place of each text, now and whenever there is a new one. */
async function translate(page: Page): Promise<void> {
  await page.evaluate(() => {
    const isLeft = "font, textarea, script, style, svg";
    const all = () => {
      const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
      const texts: Text[] = [];
      while (walker.nextNode()) texts.push(walker.currentNode as Text);
      for (const text of texts) {
        if (!text.data.trim() || !text.parentElement || text.parentElement.closest(isLeft)) continue;
        const outer = document.createElement("font");
        const inner = document.createElement("font");
        inner.textContent = text.data;
        outer.append(inner);
        text.replaceWith(outer);
      }
    };
    all();
    new MutationObserver(all).observe(document.body, { childList: true, subtree: true });
  });
}

test("a translator in the browser doubles no message and takes nobody's page away", { tag: ["@en", "@must"] }, async ({
  people,
}) => {
  const desk = await people.agent();
  const { page, chat } = await people.customer();
  const faults: string[] = [];
  for (const one of [page, desk.page]) one.on("pageerror", (error) => faults.push(error.message));
  await chat.human.click();
  await expect(chat.joined(desk.name)).toBeVisible();
  await desk.openFirst();
  for (const one of [page, desk.page]) await translate(one);

  await test.step("both go on talking", async () => {
    for (const n of [1, 2, 3]) {
      await chat.say(`question ${n}`);
      await expect(desk.said(`question ${n}`)).toHaveCount(1);
      await desk.say(`answer ${n}`);
      await expect(chat.agent(`answer ${n}`)).toHaveCount(1);
    }
    await expect(chat.said).toHaveText(["question 1", "question 2", "question 3"]);
    await expect(desk.saidByCustomer).toHaveText(["question 1", "question 2", "question 3"]);
  });

  await test.step("the conversation ends, and is rated", async () => {
    await desk.resolve();
    await chat.fillRating(5, "");
    await chat.sendRating.click();
    await expect(chat.sendRating).toHaveCount(0);
    await expect(chat.composer).toBeVisible();
    await expect(desk.log).toBeVisible();
  });
  expect(faults).toEqual([]);
});
