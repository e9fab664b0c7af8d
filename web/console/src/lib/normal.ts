import { useCallback, useSyncExternalStore } from "react";

/** Characters that are drawn as nothing, as in `crates/normal/src/hidden.rs`. */
const hidden =
  // biome-ignore lint/suspicious/noMisleadingCharacterClass: each of them is dropped by itself
  /[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\u{1d159}\u{1d173}-\u{1d17a}\u{e0000}-\u{e0fff}]/gu;
const hyphens = /[\u2010\u2212]/g;
const apostrophes = /[\u2018\u2019\u02bc]/g;
const han = /\p{Script=Han}/u;

/** Characters that only take up room, and those that control: blanks, before the normal form makes some of them invisible. */
const blanks = /[\u3164\u2800\p{Cc}]/gu;

/** The characters that are simplified in some words only, with what their neighbours have to be like. */
type InContext = ReadonlyMap<string, { form: string; allows: readonly ((before: string, after: string) => boolean)[] }>;
interface Forms {
  /** The simplified form of each traditional character. */
  simple: ReadonlyMap<string, string>;
  inContext: InContext;
}

/** The server's tables, fetched when Chinese is looked for. */
let known: Forms | null = null;
let isLoading = false;
const listeners = new Set<() => void>();

const linesOf = (table: string) => table.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
const simpleOf = (table: string) =>
  new Map(
    linesOf(table).flatMap((line) => {
      const [form = "", ...traditional] = [...line];
      return traditional.map((c) => [c, form] as const);
    }),
  );
const inContextOf = (table: string): InContext =>
  new Map(
    linesOf(table).map((line) => {
      const [c = "", form = "", ...parts] = line.split(" ");
      const allows = parts.map((part) => {
        const [sign, side, ...chars] = [...part];
        return (before: string, after: string) => chars.includes(side === "<" ? before : after) === (sign === "+");
      });
      return [c, { form, allows }] as const;
    }),
  );

async function load() {
  if (isLoading) return;
  isLoading = true;
  try {
    const [simple, inContext] = await Promise.all([
      import("../../../../crates/normal/src/simplified.txt?raw"),
      import("../../../../crates/normal/src/in_context.txt?raw"),
    ]);
    known = { simple: simpleOf(simple.default), inContext: inContextOf(inContext.default) };
    for (const tell of listeners) tell();
  } catch {
    isLoading = false;
  }
}

function fold(text: string, forms: Forms | null): string {
  const plain = [...text.replace(blanks, " ").normalize("NFKC").replace(hidden, "")]
    // One by one: the end of a word makes no difference.
    .map((c) => c.toLowerCase())
    .join("")
    .replace(hyphens, "-")
    .replace(apostrophes, "'")
    .replace(/\s+/g, " ")
    .trim();
  if (!han.test(plain)) return plain;
  if (!forms) {
    void load();
    return plain;
  }
  const chars = [...plain].map((c) => forms.simple.get(c) ?? c);
  return chars
    .map((c, at) => {
      const one = forms.inContext.get(c);
      return one?.allows.every((allows) => allows(chars[at - 1] ?? " ", chars[at + 1] ?? " ")) ? one.form : c;
    })
    .join("");
}

/** The normal form in which a page compares words and searches its own lists: what `normal::text::name` is on the server. */
export const folded = (text: string) => fold(text, known);

/** The same for drawing a list: another function once the table of characters has arrived. */
export function useFolded(): (text: string) => string {
  const forms = useSyncExternalStore(
    (tell) => {
      listeners.add(tell);
      return () => listeners.delete(tell);
    },
    () => known,
  );
  return useCallback((text: string) => fold(text, forms), [forms]);
}
