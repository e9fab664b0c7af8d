import { useCallback, useSyncExternalStore } from "react";

/** Characters that are drawn as nothing, as in `crates/normal/src/hidden.rs`. */
const hidden =
  // biome-ignore lint/suspicious/noMisleadingCharacterClass: each of them is dropped by itself
  /[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\u{1d159}\u{1d173}-\u{1d17a}\u{e0000}-\u{e0fff}]/gu;
const hyphens = /[\u2010\u2212]/g;
const apostrophes = /[\u2018\u2019\u02bc]/g;
const han = /\p{Script=Han}/u;

type Forms = ReadonlyMap<string, string>;

/** The simplified form of each traditional character: the server's table, fetched when Chinese is looked for. */
let known: Forms | null = null;
let isLoading = false;
const listeners = new Set<() => void>();

async function load() {
  if (isLoading) return;
  isLoading = true;
  try {
    const { default: lines } = await import("../../../../crates/normal/src/simplified.txt?raw");
    const chars = lines.split("\n").map((line) => (line.startsWith("#") ? [] : [...line]));
    known = new Map(chars.flatMap(([form = "", ...traditional]) => traditional.map((c) => [c, form] as const)));
    for (const tell of listeners) tell();
  } catch {
    isLoading = false;
  }
}

function fold(text: string, forms: Forms | null): string {
  const plain = text
    .normalize("NFKC")
    .replace(hidden, "")
    .replace(hyphens, "-")
    .replace(apostrophes, "'")
    .replace(/\s+/g, " ")
    .trim()
    .toLowerCase();
  if (!han.test(plain)) return plain;
  if (!forms) {
    void load();
    return plain;
  }
  return [...plain].map((c) => forms.get(c) ?? c).join("");
}

/** The normal form in which a page compares words and searches its own lists: what `normal::text::name` is on the server. */
export const folded = (text: string) => fold(text, known);

/** The same for drawing a list: another function once the table of characters has arrived. */
export function useFolded(): (text: string) => string {
  const forms = useSyncExternalStore(
    (tell) => {
      listeners.add(tell);
      return () => listeners.delete(tell);
    },
    () => known,
  );
  return useCallback((text: string) => fold(text, forms), [forms]);
}
