import { graphemes } from "@yingda/api/graphemes";

/** A piece of a text: unchanged, added or removed. */
export interface Piece {
  kind: "same" | "added" | "removed";
  text: string;
}

/** Above this number of comparisons, the middle is shown as replaced. */
const most = 1_000_000;

/** Chinese by character, other words whole, with the white space between them. */
function pieces(text: string): string[] {
  const found: string[] = [];
  let before = "";
  for (const one of graphemes(text)) {
    const kind = /^\p{Script=Han}/u.test(one)
      ? ""
      : /^[\p{L}\p{N}_]/u.test(one)
        ? "word"
        : /^\s/.test(one)
          ? "space"
          : "";
    found.push(kind !== "" && kind === before ? `${found.pop() ?? ""}${one}` : one);
    before = kind;
  }
  return found;
}

/** What was added to a text and what was removed from it, in reading order. */
export function differences(before: string, after: string): Piece[] {
  const a = pieces(before);
  const b = pieces(after);
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start++;
  let end = 0;
  while (end < a.length - start && end < b.length - start && a[a.length - 1 - end] === b[b.length - 1 - end]) end++;
  const middleA = a.slice(start, a.length - end);
  const middleB = b.slice(start, b.length - end);
  const found: Piece[] = [];
  const push = (kind: Piece["kind"], text: string) => {
    if (text === "") return;
    const last = found[found.length - 1];
    if (last?.kind === kind) last.text += text;
    else found.push({ kind, text });
  };
  push("same", a.slice(0, start).join(""));
  for (const piece of common(middleA, middleB)) push(piece.kind, piece.text);
  push("same", a.slice(a.length - end).join(""));
  return found;
}

function common(a: string[], b: string[]): Piece[] {
  if (a.length * b.length > most)
    return [
      { kind: "removed", text: a.join("") },
      { kind: "added", text: b.join("") },
    ];
  const width = b.length + 1;
  const lengths = new Uint16Array((a.length + 1) * width);
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      lengths[i * width + j] =
        a[i] === b[j]
          ? (lengths[(i + 1) * width + j + 1] ?? 0) + 1
          : Math.max(lengths[(i + 1) * width + j] ?? 0, lengths[i * width + j + 1] ?? 0);
    }
  }
  const found: Piece[] = [];
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      found.push({ kind: "same", text: a[i] ?? "" });
      i++;
      j++;
    } else if (
      i < a.length &&
      (j >= b.length || (lengths[(i + 1) * width + j] ?? 0) >= (lengths[i * width + j + 1] ?? 0))
    ) {
      found.push({ kind: "removed", text: a[i] ?? "" });
      i++;
    } else {
      found.push({ kind: "added", text: b[j] ?? "" });
      j++;
    }
  }
  return found;
}
