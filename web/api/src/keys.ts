/** What is read of a key press: a browser's event, or React's, which wraps one. */
export interface KeyPress {
  readonly key: string;
  readonly keyCode: number;
  readonly isComposing?: boolean;
  readonly nativeEvent?: { readonly isComposing: boolean };
}

/**
 * Whether a key, or input, is the input method's: while it composes, keys choose or confirm what it offers and mean nothing else. Safari tells the Enter that ends a
 * composition from any other only by its code.
 */
export const isForInputMethod = (event: Partial<KeyPress>): boolean =>
  event.keyCode === 229 || !!(event.nativeEvent ?? event).isComposing;

/** The key that was pressed; empty if it is the input method's. */
export const pressed = (event: KeyPress): string => (isForInputMethod(event) ? "" : event.key);

/** What Chinese and Japanese keyboards write on the keys of these signs. */
const signs: ReadonlyMap<string, string> = /* @__PURE__ */ new Map([
  ["、", "/"],
  ["・", "/"],
  ["【", "["],
  ["】", "]"],
  ["「", "["],
  ["」", "]"],
]);

/** The same for keys that stand for a command: a letter, a digit or a sign is the one that a keyboard without input method writes. */
export function signPressed(event: KeyPress): string {
  const key = pressed(event).normalize("NFKC");
  return signs.get(key) ?? key;
}
