/** Proof of work that prevents mass registration and guessing. It asks nothing of the user, so it excludes nobody who cannot see or hear. */

/** The number of digests computed before the page gets a chance to respond. */
const atOnce = 512;

function zeroBits(digest: Uint8Array): number {
  let bits = 0;
  for (const byte of digest) {
    if (byte !== 0) return bits + Math.clz32(byte) - 24;
    bits += 8;
  }
  return bits;
}

/** Counts up until the SHA-256 of `puzzle.number` begins with `bits` zero bits. */
export async function solve(puzzle: string, bits: number): Promise<string> {
  const text = new TextEncoder();
  for (let from = 0; ; from += atOnce) {
    const digests = Array.from({ length: atOnce }, (_, n) =>
      crypto.subtle.digest("SHA-256", text.encode(`${puzzle}.${String(from + n)}`)),
    );
    const found = (await Promise.all(digests)).findIndex((digest) => zeroBits(new Uint8Array(digest)) >= bits);
    if (found >= 0) return String(from + found);
  }
}
