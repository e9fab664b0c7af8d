/**
 * Letters of scripts that put no space before the next word: there, an address ends where they begin. Also what makes no word by itself: full-width forms and
 * variation selectors. The letters of ASCII are listed in `PART`.
 */
const JOINED = String.raw`[\0-\x7f\p{scx=Han}\p{scx=Hira}\p{scx=Kana}\p{scx=Hang}\p{scx=Bopo}\p{sc=Thai}\p{sc=Laoo}\p{sc=Khmr}\p{sc=Mymr}\ufe00-\ufe0f\uff00-\uffef]`;
/** A character inside an address: those of RFC 3986 without brackets, and letters of scripts with spaces. Behind a comma, another address begins a link of its own. */
const PART = String.raw`(?:[\w\-.~:/?#@!$&'*+=%]|[,;](?!https?://)|(?!${JOINED})[\p{L}\p{M}\p{Nd}])`;
/** The host: a name, also one that begins with Chinese characters (`例子.中国`), or the number of a computer in brackets. */
const HOST = String.raw`(?:(?=[\p{L}\p{Nd}])${PART}|(?:[\p{L}\p{Nd}-]+\.)+[\p{L}-]{2,}|\[[\da-f:.]+\])`;
/** Brackets belong to an address if they are closed within it. No alternative begins like another, so each character is looked at a few times at most. */
const ADDRESS = new RegExp(
  String.raw`\bhttps?://${HOST}(?:${PART}|\((?:${PART}|\(${PART}*\))*\)|\[${PART}*\])*`,
  "giu",
);
const ENDS = ".,:;!?'*~";

/** The end of an address, excluding the punctuation that ends its sentence. Looks at each character once, from the end. */
export function endOf(url: Pick<string, "length" | "charAt">): number {
  let end = url.length;
  while (end && ENDS.includes(url.charAt(end - 1))) end--;
  return end;
}

/** Splits a text at its web addresses: text, address, text, address, text. This is the only rule for what a link is: desk, chat and hall draw what it finds. */
export function cutAtLinks(text: string): string[] {
  const parts: string[] = [];
  let at = 0;
  for (const { 0: found, index } of text.matchAll(ADDRESS)) {
    const end = index + endOf(found);
    parts.push(text.slice(at, index), text.slice(index, end));
    at = end;
  }
  return [...parts, text.slice(at)];
}
