/** The user's preferences for the page: language, theme, text size, easy mode. Nothing is stored before the first choice. */
import type { Lang } from "@yingda/api/types";

export type ThemeChoice = "system" | "light" | "dark" | "contrast";
export const themeChoices: readonly ThemeChoice[] = ["system", "light", "dark", "contrast"];
export const scales = [100, 115, 130, 150, 200] as const;
export type Scale = (typeof scales)[number];

/** Text sizes of easy mode; the first is the initial one. */
export const easyScales = [150, 200] as const;
export type EasyScale = (typeof easyScales)[number];
/** The system text size from which easy mode is offered, in percent of the usual 16 px. */
const offerFrom = 130;
const usualPixels = 16;

export interface Prefs {
  lang: Lang;
  theme: ThemeChoice;
  scale: Scale;
  /** The text size of easy mode, or null outside it. The other size is kept for when easy mode is left. */
  easy: EasyScale | null;
  /** Easy mode was offered, and the user answered. */
  offered: boolean;
}

const place = "yingda-hall";

function kept(): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(localStorage.getItem(place) ?? "{}");
    return typeof value === "object" && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}

export function readPrefs(): Prefs {
  const { lang, theme, scale, easy, offered } = kept();
  const first = navigator.languages?.[0] ?? navigator.language ?? "zh-CN";
  return {
    lang: lang === "zh-CN" || lang === "en" ? lang : /^zh\b/i.test(first) ? "zh-CN" : "en",
    theme: themeChoices.find((choice) => choice === theme) ?? "system",
    scale: scales.find((step) => step === scale) ?? 100,
    easy: easyScales.find((step) => step === easy) ?? null,
    offered: offered === true,
  };
}

/** Storage may be blocked; the choice then holds for this page only. */
export function keepPrefs(prefs: Prefs): void {
  try {
    localStorage.setItem(place, JSON.stringify(prefs));
  } catch {
    return;
  }
}

export function shownTheme(choice: ThemeChoice): "light" | "dark" | "contrast" {
  if (choice !== "system") return choice;
  if (matchMedia("(prefers-contrast: more)").matches) return "contrast";
  return matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
}

export function applyPrefs(prefs: Prefs): void {
  const root = document.documentElement;
  root.lang = prefs.lang;
  root.dataset.theme = shownTheme(prefs.theme);
  const scale = prefs.easy ?? prefs.scale;
  if (scale === 100) delete root.dataset.fontScale;
  else root.dataset.fontScale = String(scale);
  if (prefs.easy === null) delete root.dataset.mode;
  else root.dataset.mode = "easy";
}

/** Easy mode is offered once, to users whose system text is large. */
export function offersEasy(prefs: Prefs): boolean {
  if (prefs.offered || prefs.easy !== null) return false;
  const pixels = Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
  return (pixels / prefs.scale) * 100 >= (usualPixels * offerFrom) / 100;
}

/** Calls back when the system's own theme changes. */
export function watchSystemTheme(changed: () => void): () => void {
  const queries = ["(prefers-color-scheme: dark)", "(prefers-contrast: more)"].map((query) => matchMedia(query));
  for (const query of queries) query.addEventListener("change", changed);
  return () => {
    for (const query of queries) query.removeEventListener("change", changed);
  };
}
