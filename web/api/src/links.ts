const ADDRESS = /https?:\/\/[^\s<>"'，。；！？、）】》]+/g;
const ENDS = ".,;:!?)";
/** `https://` alone is not an address. */
const SHORTEST = 9;

/** The end of an address, excluding the punctuation that ends its sentence. Looks at each character once, from the end. */
export function endOf(url: Pick<string, "length" | "charAt">): number {
  let end = url.length;
  while (end && ENDS.includes(url.charAt(end - 1))) end--;
  return end;
}

/** Splits a text at its web addresses: text, address, text, address, text. */
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
