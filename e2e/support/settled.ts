import type { Page } from "@playwright/test";

/** Waits until a change is drawn and all transitions have ended: during a transition, an element has neither its old nor its new position and contrast. */
export async function settled(page: Page): Promise<void> {
  await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))));
  const rests = () =>
    document
      .getAnimations()
      .every((one) => one.playState !== "running" || one.effect?.getComputedTiming().endTime === Infinity);
  for (const frame of page.frames()) await frame.waitForFunction(rests, null, { polling: 100 });
}
