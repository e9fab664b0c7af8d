/** What a person chose about the page: language, theme, text size. Nothing is stored before the first choice. */
import type { Lang } from "@yingda/api/types";

export type ThemeChoice = "system" | "light" | "dark" | "contrast";
export const themeChoices: readonly ThemeChoice[] = ["system", "light", "dark", "contrast"];
export const scales = [100, 115, 130, 150, 200] as const;
export type Scale = (typeof scales)[number];

export interface Prefs {
  lang: Lang;
  theme: ThemeChoice;
  scale: Scale;
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
  const { lang, theme, scale } = kept();
  const first = navigator.languages?.[0] ?? navigator.language ?? "zh-CN";
  return {
    lang: lang === "zh-CN" || lang === "en" ? lang : /^zh\b/i.test(first) ? "zh-CN" : "en",
    theme: themeChoices.find((choice) => choice === theme) ?? "system",
    scale: scales.find((step) => step === scale) ?? 100,
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
  if (prefs.scale === 100) delete root.dataset.fontScale;
  else root.dataset.fontScale = String(prefs.scale);
}

/** Calls back when the system's own theme changes. */
export function watchSystemTheme(changed: () => void): () => void {
  const queries = ["(prefers-color-scheme: dark)", "(prefers-contrast: more)"].map((query) => matchMedia(query));
  for (const query of queries) query.addEventListener("change", changed);
  return () => {
    for (const query of queries) query.removeEventListener("change", changed);
  };
}
