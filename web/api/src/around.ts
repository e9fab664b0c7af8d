import { graphemes } from "./graphemes";

/** A text around the first place where a part of it occurs, in capitals or not: what is before it, the place, and what is after it. */
export function around(text: string, part: string): [string, string, string] {
  const all = graphemes(text);
  const wanted = graphemes(part.trim().toLowerCase());
  const isAt = (at: number) => wanted.every((one, n) => all[at + n]?.toLowerCase() === one);
  const at = wanted.length === 0 ? -1 : all.findIndex((_, index) => isAt(index));
  if (at < 0) return [text, "", ""];
  const cut = (from: number, to?: number) => all.slice(from, to).join("");
  return [cut(0, at), cut(at, at + wanted.length), cut(at + wanted.length)];
}
