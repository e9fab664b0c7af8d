import { toHost } from "./host";
import { set } from "./kept";
import { draw, ui } from "./ui";

const SCALES = [100, 115, 130, 150, 200];
/** The minimum text size of easy mode. */
const ELDER_SCALE = 150;

/** Easy mode: larger, with fewer choices. Its dimensions are loaded with its part; the text size does not wait for it. */
export function setElder(on: boolean): void {
  ui.elder = on;
  setScale(ui.scale);
}

/** How long the message being read is kept in view: until the page around us has given us our new size. */
const HOLD_FOR = 500;
export const box = (e: Element): DOMRect => e.getBoundingClientRect();

/** Sets the text size in percent of the browser's; without a number, the next size. What is being read, the last message in view, stays there. */
export function setScale(to?: number): void {
  const log = document.querySelector(".log");
  ui.hold ??= [...document.querySelectorAll("article")].filter((m) => log && box(m).top < box(log).bottom).pop();
  setTimeout(() => (ui.hold = undefined), HOLD_FOR);
  const i = SCALES.indexOf(ui.scale) + 1;
  ui.scale = to ?? SCALES[i] ?? (ui.elder ? ELDER_SCALE : 100);
  if (!to) set("scale", String(ui.scale));
  const root = document.documentElement;
  root.dataset.mode = ui.elder ? "elder" : "";
  root.dataset.fontScale = String(ui.elder ? Math.max(ELDER_SCALE, ui.scale) : ui.scale);
  toHost({ do: "size", px: parseFloat(getComputedStyle(root).fontSize) });
  draw();
}

/**
 * The page's width in units of the text size, so that larger text gets the narrower layout.
 * Measured at each drawing, because Chromium's container queries do not follow the text size.
 */
export const rems = (): number => innerWidth / parseFloat(getComputedStyle(document.documentElement).fontSize);
