import type { Page } from "@playwright/test";

/** Waits until what follows a change is drawn and nothing moves or changes its colour any more: half of a transition has the place and the contrast of neither end. */
export async function settled(page: Page): Promise<void> {
  await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))));
  const rests = () => document.getAnimations().every((one) => one.playState !== "running" || one.effect?.getComputedTiming().endTime === Infinity);
  for (const frame of page.frames()) await frame.waitForFunction(rests, null, { polling: 100 });
}
