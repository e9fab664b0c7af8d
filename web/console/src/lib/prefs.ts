import type { Language, ThemeName } from "@yingda/antd";
import { useEffect, useLayoutEffect, useState } from "react";
import { createStore, useStore } from "./store";

export const scales = [100, 115, 130, 150, 200] as const;
export type Scale = (typeof scales)[number];
export type ThemeChoice = "system" | ThemeName;

/** A person's own preferences, stored in this browser separately for each person. */
export interface Prefs {
  language: Language;
  theme: ThemeChoice;
  scale: Scale;
  sound: boolean;
  volume: number;
  notify: boolean;
  letterKeys: boolean;
  customerPane: boolean;
  /** Whether the second level shows the names of its pages, or only their icons; null where nothing was chosen. */
  secondNames: boolean | null;
  /** Whether the first steps of a company are no longer offered: they are done, or somebody has enough of them. */
  firstStepsOver: boolean;
  /** Whether the tour is no longer offered: it was taken, or somebody would rather take it later. */
  tourAnswered: boolean;
}

const base = "yingda.console.prefs";

export function initialPrefs(languages: readonly string[]): Prefs {
  const first = languages.find((tag) => /^(zh|en)\b/i.test(tag)) ?? "zh-CN";
  return {
    language: /^en/i.test(first) ? "en" : "zh-CN",
    theme: "system",
    scale: 100,
    sound: true,
    volume: 0.6,
    notify: false,
    letterKeys: true,
    customerPane: true,
    secondNames: null,
    firstStepsOver: false,
    tourAnswered: false,
  };
}

/** Accepts only values of the right form: the storage may contain anything. */
export function readPrefs(text: string | null, fallback: Prefs): Prefs {
  let raw: unknown;
  try {
    raw = text === null ? null : JSON.parse(text);
  } catch {
    raw = null;
  }
  if (typeof raw !== "object" || raw === null) return fallback;
  const value = raw as Record<string, unknown>;
  const flag = (key: "sound" | "notify" | "letterKeys" | "customerPane" | "firstStepsOver" | "tourAnswered") =>
    typeof value[key] === "boolean" ? value[key] : fallback[key];
  return {
    language: value.language === "en" || value.language === "zh-CN" ? value.language : fallback.language,
    theme: ["system", "light", "dark", "contrast"].includes(value.theme as string)
      ? (value.theme as ThemeChoice)
      : fallback.theme,
    scale: scales.includes(value.scale as Scale) ? (value.scale as Scale) : fallback.scale,
    volume: typeof value.volume === "number" && value.volume >= 0 && value.volume <= 1 ? value.volume : fallback.volume,
    sound: flag("sound"),
    notify: flag("notify"),
    letterKeys: flag("letterKeys"),
    customerPane: flag("customerPane"),
    secondNames: typeof value.secondNames === "boolean" ? value.secondNames : fallback.secondNames,
    firstStepsOver: flag("firstStepsOver"),
    tourAnswered: flag("tourAnswered"),
  };
}

function stored(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

let owner: string | null = null;
/** Who is signed in, as far as is known. */
export const whose = (): string | null => owner;
const keyOf = (person: string | null) => (person ? `${base}.${person}` : base);

export const prefs = createStore<Prefs>(
  readPrefs(stored(base), initialPrefs(navigator.languages ?? [navigator.language])),
);

/** After signing in, preferences belong to the person; the first sign-in adopts those chosen before it. */
export function adoptPrefs(person: string) {
  if (owner === person) return;
  owner = person;
  prefs.set(readPrefs(stored(keyOf(person)), prefs.get()));
}

export function choose(change: Partial<Prefs>) {
  const next = { ...prefs.get(), ...change };
  prefs.set(next);
  try {
    localStorage.setItem(keyOf(owner), JSON.stringify(next));
    // Whoever signs in next in this browser adopts these; the tour is offered to each.
    localStorage.setItem(base, JSON.stringify({ ...next, tourAnswered: false }));
  } catch {
    /* storage is full or refused: the choice lasts until the page is left */
  }
}

export const usePrefs = () => useStore(prefs);

function systemTheme(): ThemeName {
  if (matchMedia("(prefers-contrast: more)").matches) return "contrast";
  return matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
}

/** The theme to show: the chosen one, or the one the system asks for now. */
export function useTheme(choice: ThemeChoice): ThemeName {
  const [system, setSystem] = useState(systemTheme);
  useEffect(() => {
    const queries = ["(prefers-contrast: more)", "(prefers-color-scheme: dark)"].map((query) => matchMedia(query));
    const update = () => setSystem(systemTheme());
    for (const query of queries) query.addEventListener("change", update);
    return () => {
      for (const query of queries) query.removeEventListener("change", update);
    };
  }, []);
  return choice === "system" ? system : choice;
}

/** Sets language, theme and text size on the page, where tokens.css and screen readers read them. */
export function showLook(language: Language, theme: ThemeName, scale: Scale) {
  const root = document.documentElement;
  root.lang = language;
  root.dataset.theme = theme;
  root.dataset.fontScale = String(scale);
}

/** Keeps the page's look in line with the preferences. */
export function usePageLook(language: Language, theme: ThemeName, scale: Scale) {
  useLayoutEffect(() => showLook(language, theme, scale), [language, theme, scale]);
}
