import type { Locator, Page } from "@playwright/test";

/** Walks with Tab until this has the focus; the way must not be longer than a person would go. */
export async function tabTo(page: Page, target: Locator, { back = false, most = 40 } = {}): Promise<void> {
  await target.waitFor();
  for (let n = 0; n <= most; n++) {
    if (await target.evaluate((element) => element.matches(":focus"))) return;
    await page.keyboard.press(back ? "Shift+Tab" : "Tab");
  }
  throw new Error(`${String(most)} presses of ${back ? "Shift+Tab" : "Tab"} do not lead to ${String(target)}`);
}
