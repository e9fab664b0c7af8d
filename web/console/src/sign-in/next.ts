/** The address that was asked for before signing in, kept while the browser is at the identity provider. */
const key = "yingda.console.next";

export function keepNext(next: string | undefined) {
  try {
    if (next === undefined) sessionStorage.removeItem(key);
    else sessionStorage.setItem(key, next);
  } catch {
    /* storage is refused: the first page is opened */
  }
}

export function takeNext(): string | null {
  try {
    const next = sessionStorage.getItem(key);
    sessionStorage.removeItem(key);
    return next;
  } catch {
    return null;
  }
}
