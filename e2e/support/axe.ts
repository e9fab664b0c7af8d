import { expect, type Page } from "@playwright/test";
import axe from "axe-core";
import { atFullSpeed } from "./browser";
import { settled } from "./settled";
import type { Words } from "./words";

export type Look = "light" | "dark" | "200 %";

/** Colours are the same in both languages, so they are checked in one. Sizes are not. */
export const looksIn = (t: Words): Look[] => (t.lang === "en" ? ["200 %"] : ["light", "dark", "200 %"]);

/** Shows the hall and the chat in a look. The console stores its text size per person: see `consoleScale`. */
export async function wear(page: Page, look: Look): Promise<void> {
  await page.emulateMedia({ colorScheme: look === "dark" ? "dark" : "light" });
  for (const frame of page.frames()) {
    await frame.evaluate(
      (scale) => {
        document.documentElement.dataset.fontScale = scale;
        // the chat measures itself when it draws
        dispatchEvent(new Event("resize"));
      },
      look === "200 %" ? "200" : "100",
    );
    await expect(frame.locator("html")).toHaveAttribute("data-theme", look === "dark" ? "dark" : "light");
  }
}

/** The number of pixels by which a page can be scrolled sideways; it should be 0. */
export const sideways = (page: Page): Promise<number> =>
  page.evaluate(() => document.documentElement.scrollWidth - innerWidth);

/** Loads a page of the console with a text size. */
export async function consoleScale(page: Page, scale: 100 | 200): Promise<void> {
  await page.evaluate((scale) => {
    localStorage.clear();
    localStorage.setItem("yingda.console.prefs", JSON.stringify({ scale, tourAnswered: true }));
  }, scale);
  await page.reload();
  await expect(page.locator("html")).toHaveAttribute("data-font-scale", String(scale));
}

/** The rules of WCAG 2.2, levels A and AA; axe's own advice has other tags. */
const standard = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

/** Checks for violations of the standard, and of those pieces of axe's own advice that it takes seriously. The story continues, so that one run reports all of them. */
export async function isAccessible(page: Page, what: string): Promise<void> {
  await settled(page);
  for (const frame of page.frames()) {
    if (!(await frame.evaluate(() => "axe" in window)))
      await frame.evaluate(`${axe.source}; axe.configure({ allowedOrigins: ["<unsafe_all_origins>"] })`);
  }
  const examine = async (standard: string[]) => {
    // Only violations are described: selectors for everything that passes would be most of the work.
    const { violations, incomplete } = await window.axe.run(document, {
      resultTypes: ["violations"],
      // style sheets are only read again for rules that are left out
      preload: false,
      pingWaitTime: 60_000,
      frameWaitTime: 300_000,
      // the only rule of the standard that axe leaves out by itself
      rules: { "target-size": { enabled: true } },
    });
    if (incomplete.some(({ id }) => id === "frame-tested")) return ["a frame was not examined"];
    return violations
      .filter(
        ({ impact, tags }) =>
          impact === "serious" || impact === "critical" || tags.some((one) => standard.includes(one)),
      )
      .flatMap(({ id, nodes }) =>
        nodes.map(
          (node) =>
            `${id}: ${node.target.flat().join(" ")}: ${(node.any[0] ?? node.all[0] ?? node.none[0])?.message ?? ""}`,
        ),
      );
  };
  const found = await atFullSpeed(() => page.evaluate(examine, standard));
  expect.soft(found, `${what}: no fault`).toEqual([]);
}

declare global {
  interface Window {
    axe: typeof axe;
  }
}
