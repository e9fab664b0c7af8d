/** Work that a page does so that nobody registers or guesses in masses. Nothing is asked of the person, so nobody is kept out by what they see or hear. */

/** Digests computed before the page gets a breath. */
const atOnce = 512;

function zeroBits(digest: Uint8Array): number {
  let bits = 0;
  for (const byte of digest) {
    if (byte !== 0) return bits + Math.clz32(byte) - 24;
    bits += 8;
  }
  return bits;
}

/** Counts up until SHA-256 of `puzzle.number` begins with so many zero bits. */
export async function solve(puzzle: string, bits: number): Promise<string> {
  const text = new TextEncoder();
  for (let from = 0; ; from += atOnce) {
    const digests = Array.from({ length: atOnce }, (_, n) => crypto.subtle.digest("SHA-256", text.encode(`${puzzle}.${String(from + n)}`)));
    const found = (await Promise.all(digests)).findIndex((digest) => zeroBits(new Uint8Array(digest)) >= bits);
    if (found >= 0) return String(from + found);
  }
}
