import { folded } from "./normal";

/** Whether the letters spell these syllables from here on: each in full, or only its beginning, as in `dp`, `daping` and `dap`. */
export function spells(letters: string, syllables: readonly string[], at: number): boolean {
  if (letters === "") return true;
  const syllable = syllables[at] ?? "";
  for (let taken = Math.min(letters.length, syllable.length); taken > 0; taken--)
    if (syllable.startsWith(letters.slice(0, taken)) && spells(letters.slice(taken), syllables, at + 1)) return true;
  return false;
}

/** The syllable from which on what somebody typed spells a name; -1 if it does not. A single letter is only the first. */
export function soundsAt(typed: string, sound: string): number {
  const letters = folded(typed).replace(/[\s']/g, "");
  if (!/^[a-z]+$/.test(letters)) return -1;
  const syllables = sound.split(" ");
  if (letters.length === 1) return spells(letters, syllables, 0) ? 0 : -1;
  return syllables.findIndex((_, at) => spells(letters, syllables, at));
}
