import { expect, type Locator, type Page } from "@playwright/test";

/** Presses Tab until this element has the focus; it must not take longer than a person would go on. */
export async function tabTo(page: Page, target: Locator, { back = false, most = 40 } = {}): Promise<void> {
  await target.waitFor();
  for (let n = 0; n <= most; n++) {
    if (await target.evaluate((element) => element.matches(":focus"))) return;
    await page.keyboard.press(back ? "Shift+Tab" : "Tab");
  }
  throw new Error(`${String(most)} presses of ${back ? "Shift+Tab" : "Tab"} do not lead to ${String(target)}`);
}

/** Checks that the focused element is inside the window and visibly focused, by a ring around it or around the field that contains it. */
export async function focusIsSeen(page: Page, where: string): Promise<void> {
  const unseen = await page.evaluate(() => {
    const at = document.activeElement;
    if (!(at instanceof HTMLElement) || at === document.body) return "nothing has the focus";
    const rings = (element: HTMLElement): boolean => {
      const { boxShadow, outlineStyle, outlineWidth, outlineColor, borderColor } = getComputedStyle(element);
      const clear = (color: string): boolean => color === "transparent" || /, 0\)$/.test(color);
      return (
        boxShadow !== "none" ||
        (outlineStyle !== "none" && parseFloat(outlineWidth) > 0 && !clear(outlineColor)) ||
        (element.matches(".ant-input-affix-wrapper") && borderColor !== "")
      );
    };
    const { top, bottom, width } = at.getBoundingClientRect();
    const name = `${at.tagName} ${at.className} ${at.getAttribute("aria-label") ?? at.textContent ?? ""}`.slice(0, 80);
    if (width === 0 || bottom <= 0 || top >= innerHeight) return `${name} is not on the screen`;
    const around = at.closest<HTMLElement>(".ant-input-affix-wrapper, .kn-line");
    return rings(at) || (around !== null && rings(around)) ? null : `${name} shows no ring`;
  });
  expect.soft(unseen, where).toBeNull();
}

/** Tabs to an element once it is enabled, checks that its focus is visible, and presses it. */
export async function press(page: Page, target: Locator, way: { back?: boolean; most?: number } = {}): Promise<void> {
  await expect(target).toBeEnabled();
  await tabTo(page, target, way);
  await focusIsSeen(page, String(target));
  await page.keyboard.press("Enter");
}
