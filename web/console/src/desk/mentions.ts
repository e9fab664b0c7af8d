import type { Colleagues } from "@yingda/api/types";
import { soundsAt } from "../lib/sounds";
import type { SlashQuery } from "./canned";

type Colleague = Colleagues["agents"][number];

/** An `@` at the start of the note, after white space, a punctuation mark or a Chinese character opens the list; what follows it filters the list. */
const opening = /(?:^|[\s\p{P}\p{sc=Han}])[@＠]([^\s@＠]{0,20})$/u;

export function mentionAt(text: string, caret: number): SlashQuery | null {
  const found = opening.exec(text.slice(0, caret));
  if (!found) return null;
  const words = found[1] ?? "";
  return { start: caret - words.length - 1, end: caret, words };
}

/** Colleagues by name, number or sound, those whose name begins with the words first. */
export function matchColleagues(
  all: readonly Colleague[],
  words: string,
  me: string,
  fold: (text: string) => string,
): Colleague[] {
  const wanted = fold(words);
  const rank = ({ name, number, sound }: Colleague) =>
    fold(name).startsWith(wanted)
      ? 0
      : fold(name).includes(wanted) || number.startsWith(wanted) || soundsAt(wanted, sound) >= 0
        ? 1
        : 9;
  return all
    .filter((one) => one.id !== me && rank(one) < 9)
    .sort((a, b) => rank(a) - rank(b))
    .slice(0, 20);
}

/** Whom a note calls: the colleagues whose names it has after an `@`. Of several with one name, it is who was chosen from the list. */
export function calledIn(text: string, all: readonly Colleague[], chosen: ReadonlySet<string>): string[] {
  const named = all.filter(({ name }) => text.includes(`@${name}`));
  // A name that begins another one, as 周 and 周敏, stands for itself only where it stands alone.
  const alone = named.filter(({ name }) =>
    named
      .filter((other) => other.name !== name && other.name.startsWith(name))
      .reduce((rest, other) => rest.replaceAll(`@${other.name}`, ""), text)
      .includes(`@${name}`),
  );
  const isMeant = (one: Colleague) =>
    chosen.has(one.id) || !alone.some((other) => other.name === one.name && chosen.has(other.id));
  return alone.filter(isMeant).map(({ id }) => id);
}
