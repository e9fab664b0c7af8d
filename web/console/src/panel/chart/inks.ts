import { useSyncExternalStore } from "react";
import { rem } from "../../lib/rem";

/** The colours and sizes of charts, as the page's tokens have them now. */
export interface Inks {
  /** The colours of series, in order of use. */
  series: readonly string[];
  surface: string;
  text: string;
  text3: string;
  grid: string;
  strong: string;
  font: string;
  /** The size of small text, in pixels. */
  small: number;
  rem: number;
}

/** The tokens of the series' colours: the same order as in the legends. */
const colours = ["--y-c1", "--y-c2", "--y-c4", "--y-c3", "--y-c5", "--y-c6"] as const;
/** Series also differ by their dashes, so that nobody has to tell colours apart. */
const dashes = ["solid", [6, 3], [1.5, 3], [10, 4], [10, 3, 2, 3], [3, 3]] as const;

/** The dashes of a series' line. */
export function dashOf(tone: number): "solid" | number[] {
  const dash = dashes[tone - 1] ?? "solid";
  return dash === "solid" ? dash : [...dash];
}

/** A colour with less of it; `share` is from 0 to 1. */
export const faint = (colour: string, share: number) =>
  /^#[\da-f]{6}$/i.test(colour)
    ? colour +
      Math.round(share * 255)
        .toString(16)
        .padStart(2, "0")
    : colour;

let last: { text: string; inks: Inks } | null = null;

/** Reads the tokens; the same object as long as none has changed. */
function readInks(): Inks {
  const style = getComputedStyle(document.documentElement);
  // Without a style sheet there is no colour; the library would take one of its own.
  const token = (name: string) => style.getPropertyValue(name).trim() || "#000000";
  const inks: Inks = {
    series: colours.map(token),
    surface: token("--y-surface"),
    text: token("--y-text"),
    text3: token("--y-text-3"),
    grid: token("--y-grid"),
    strong: token("--y-line-strong"),
    font: getComputedStyle(document.body).fontFamily || "sans-serif",
    small: 0.75 * rem(),
    rem: rem(),
  };
  const text = JSON.stringify(inks);
  if (last?.text !== text) last = { text, inks };
  return last.inks;
}

/** Tells of changes of the page's look: theme, contrast, text size and language are attributes of its root. */
function followLook(changed: () => void): () => void {
  const observer = new MutationObserver(changed);
  observer.observe(document.documentElement, { attributes: true });
  return () => observer.disconnect();
}

/** The colours and sizes of charts, read again when the page's look changes. */
export const useInks = () => useSyncExternalStore(followLook, readInks);

const calm = "(prefers-reduced-motion: reduce)";
function followMotion(changed: () => void): () => void {
  const query = matchMedia(calm);
  query.addEventListener("change", changed);
  return () => query.removeEventListener("change", changed);
}

/** Whether nothing should move. */
export const useStillness = () => useSyncExternalStore(followMotion, () => matchMedia(calm).matches);
