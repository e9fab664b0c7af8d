const ADDRESS = /https?:\/\/[^\s<>"'，。；！？、）】》]+/g;
const ENDS = ".,;:!?)";
/** `https://` alone is no address. */
const SHORTEST = 9;

/** Where an address ends, without the marks that end its sentence. It looks at each character once, from the end. */
export function endOf(url: Pick<string, "length" | "charAt">): number {
  let end = url.length;
  while (end && ENDS.includes(url.charAt(end - 1))) end--;
  return end;
}

/** A text cut at its web addresses: words, address, words, address, words. */
export function cutAtLinks(text: string): string[] {
  const parts: string[] = [];
  let at = 0;
  for (const { 0: found, index } of text.matchAll(ADDRESS)) {
    const end = index + endOf(found);
    if (end - index < SHORTEST) continue;
    parts.push(text.slice(at, index), text.slice(index, end));
    at = end;
  }
  return [...parts, text.slice(at)];
}
