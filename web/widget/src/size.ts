import { draw, ui } from "./app";
import { toHost } from "./host";
import { set } from "./kept";

const SCALES = [100, 115, 130, 150, 200];
/** Easy mode's text is never smaller. */
const ELDER_SCALE = 150;

/** Easy mode: larger, with fewer choices. Its sizes come with its part; the size of the text does not wait for it. */
export function setElder(on: boolean): void {
  ui.elder = on;
  setScale(ui.scale);
}

/** Text size in percent of the browser's; without a number: the next one. */
export function setScale(to?: number): void {
  const i = SCALES.indexOf(ui.scale) + 1;
  ui.scale = to ?? SCALES[i] ?? (ui.elder ? ELDER_SCALE : 100);
  if (!to) set("scale", String(ui.scale));
  const root = document.documentElement;
  root.dataset.mode = ui.elder ? "elder" : "";
  root.dataset.fontScale = String(ui.elder ? Math.max(ELDER_SCALE, ui.scale) : ui.scale);
  toHost({ do: "size", px: parseFloat(getComputedStyle(root).fontSize) });
  draw();
}

/** The page's width in letters' sizes, so that a larger text gets the narrower layout. Measured at each drawing: Chromium's container queries do not follow the text. */
export const rems = (): number => innerWidth / parseFloat(getComputedStyle(document.documentElement).fontSize);
