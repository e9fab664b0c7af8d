/** What every part of the page may need: the texts, the preferences, and how to change them. */
import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { I18n } from "./i18n";
import type { Prefs } from "./prefs";

export interface HallContext {
  words: I18n;
  prefs: Prefs;
  change(part: Partial<Prefs>): void;
  /** The operator's name in the reader's language; empty until it is known. */
  name: string;
  site: string | null;
  /** What is on sale here; an empty section is not shown. Until it is known, all are. */
  sells: { goods: boolean; plans: boolean };
}

export const Context = createContext<HallContext | null>(null);

export function useHallContext(): HallContext {
  const value = useContext(Context);
  if (!value) throw new Error("the hall's context is missing");
  return value;
}

export const useWords = (): I18n => useHallContext().words;
