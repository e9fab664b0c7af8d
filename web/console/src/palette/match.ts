import { ownOf } from "@yingda/api/own";
import { folded } from "../lib/normal";
import { spells } from "../lib/sounds";
import sounds from "../made/pinyin.json";

/** The syllables of Chinese texts of our own, from a table that the build makes. */
const syllablesOf = (text: string): readonly string[] => ownOf<string>(sounds, text)?.split(" ") ?? [];

const none = Number.POSITIVE_INFINITY;

function rankOf(wanted: string, letters: string, text: string): number {
  const name = folded(text);
  if (name === wanted) return 0;
  if (name.startsWith(wanted)) return 1;
  if (name.split(/[\s-]+/).some((word) => word.startsWith(wanted))) return 2;
  if (/\p{Script=Han}/u.test(wanted) && name.includes(wanted)) return 2;
  if (!/^[a-z]+$/.test(letters)) return none;
  const syllables = syllablesOf(text);
  if (spells(letters, syllables, 0)) return 3;
  return letters.length > 1 && syllables.some((_, at) => spells(letters, syllables, at)) ? 4 : none;
}

/** How well words match a name and what else it is called: the less, the better; infinite if they do not. */
export function rank(words: string, title: string, also: string): number {
  const wanted = folded(words);
  const letters = wanted.replace(/[\s']/g, "");
  const others = also.split(" ").map((word) => rankOf(wanted, letters, word) + 10);
  const best = Math.min(rankOf(wanted, letters, title), ...others);
  if (best < none || !wanted.includes(" ")) return best;
  // Several words, each of which fits somewhere.
  return Math.max(...wanted.split(/\s+/).map((word) => rank(word, title, also))) + 20;
}

/** What a search found: what has the words in its name first, otherwise in the order of the search, and how well the best does. */
export function ranked<T extends { title: string }>(words: string, found: readonly T[], most: number) {
  const all = found.map((one) => ({ one, rank: rank(words, one.title, "") }));
  all.sort((a, b) => (a.rank === b.rank ? 0 : a.rank - b.rank));
  return { items: all.slice(0, most).map(({ one }) => one), best: all[0]?.rank ?? none };
}

/** What matches, the best first, and how well the best does. */
export function matching<T extends { title: string; also: string }>(words: string, all: readonly T[]) {
  const found = all
    .map((one) => ({ one, rank: rank(words, one.title, one.also) }))
    .filter((match) => match.rank < none)
    .sort((a, b) => a.rank - b.rank);
  return { items: found.map(({ one }) => one), best: found[0]?.rank ?? none };
}
