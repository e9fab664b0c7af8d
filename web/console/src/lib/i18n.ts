import i18next from "i18next";
import { initReactI18next } from "react-i18next";
import type { Language } from "@yingda/antd";
import { isolated } from "@yingda/api/direction";
import type { Bilingual } from "@yingda/api/types";
import { bring } from "@yingda/api/bring";
import { choose, prefs } from "./prefs";
import { isProblem } from "./problem";
import { toast } from "./toast";

/** The texts, in files by language: those needed before signing in, those of the shell and of most pages, those of pages that few members open, those of opening a company, and those of whoever runs the installation. */
const parts = {
  door: { en: () => import("../words/door.en"), "zh-CN": () => import("../words/door.zh-CN") },
  first: { en: () => import("../words/en"), "zh-CN": () => import("../words/zh-CN") },
  later: { en: () => import("../words/later.en"), "zh-CN": () => import("../words/later.zh-CN") },
  operator: { en: () => import("../words/operator.en"), "zh-CN": () => import("../words/operator.zh-CN") },
  opening: { en: () => import("../words/opening.en"), "zh-CN": () => import("../words/opening.zh-CN") },
};
type Part = keyof typeof parts;

/** The texts of some files, by feature. */
const byFeature = (files: Record<string, Record<string, string>>) =>
  Object.entries(files).map(([path, words]) => ({ feature: path.replace(/^.*\/|(\.(en|zh-CN))?\.json$/g, ""), words }));

void i18next.use(initReactI18next).init({
  resources: {},
  lng: prefs.get().language,
  fallbackLng: "zh-CN",
  defaultNS: "common",
  keySeparator: false,
  initAsync: false,
  interpolation: { escapeValue: true, escape: isolated },
  returnNull: false,
});
const loaded = new Set<string>();
/** The parts that pages have needed, so that a change of language needs them too. */
const opened = new Set<Part>();

/** Loads a part of the texts in a language, once. Reports a network failure if it cannot be loaded. */
export async function loadWords(language: Language, part: Part = "first"): Promise<void> {
  opened.add(part);
  if (loaded.has(`${part} ${language}`)) return;
  const files = (await bring(parts[part][language])).default;
  for (const { feature, words } of byFeature(files)) i18next.addResourceBundle(language, feature, words);
  loaded.add(`${part} ${language}`);
}

/** Switches to a language. */
export async function speak(language: Language): Promise<void> {
  await Promise.all([...opened].map((part) => loadWords(language, part)));
  await i18next.changeLanguage(language);
}

prefs.subscribe(() => {
  const { language } = prefs.get();
  if (i18next.language === language) return;
  // If the other language cannot be loaded, the page stays in this one.
  speak(language).catch((error: unknown) => {
    choose({ language: i18next.language as Language });
    toast(i18next.t(isProblem(error, "network") ? "failure:code.network" : "failure:code.reload"), "hot");
  });
});

export { i18next };

/** The side of a bilingual text in the reader's language; the other side if that one is empty. */
export function say(text: Partial<Bilingual> | string | null | undefined, language: Language): string {
  if (!text) return "";
  if (typeof text === "string") return text;
  return (language === "en" ? text.en || text.zh : text.zh || text.en) ?? "";
}

/** The `lang` attribute for text that may be in a different language than the page. */
export const tagOf = (lang: string | null | undefined) => (lang && /^en/i.test(lang) ? "en" : "zh-CN");
