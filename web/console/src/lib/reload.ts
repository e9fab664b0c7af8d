import { useEffect, useRef } from "react";
import { unsaved } from "./unsaved";

/** What open forms hold, by the form, when the page is reloaded. */
const forms = new Map<string, () => unknown>();
const keyOf = (form: string) => `yingda.console.form.${form}`;
/** In milliseconds: whoever opens the form later than that begins anew. */
const keptFor = 600_000;

/** What a form held before the page was reloaded. */
export function keptOf<F>(form: string): F | null {
  try {
    const kept = JSON.parse(sessionStorage.getItem(keyOf(form)) ?? "null") as { at: number; fields: F } | null;
    return kept && Date.now() - kept.at < keptFor ? kept.fields : null;
  } catch {
    return null;
  }
}
function forgetKept(form: string) {
  try {
    sessionStorage.removeItem(keyOf(form));
  } catch {
    // Nothing is kept without storage.
  }
}

/** Keeps what a form holds if the page is reloaded by a press here, while it holds what is not saved; what it held before a reload is used once. */
export function useKept(form: string, fields: unknown, isUnsaved: boolean) {
  const now = useRef(fields);
  useEffect(() => {
    now.current = fields;
  });
  useEffect(() => forgetKept(form), [form]);
  useEffect(() => {
    if (!isUnsaved) return;
    forms.set(form, () => now.current);
    return () => void forms.delete(form);
  }, [form, isUnsaved]);
}

/** Reloads the page, for a newer version of it; open forms find what they held. */
export function reload() {
  try {
    for (const [form, fields] of forms)
      sessionStorage.setItem(keyOf(form), JSON.stringify({ at: Date.now(), fields: fields() }));
    unsaved.set(0);
  } catch {
    // Without storage, the browser asks.
  }
  location.reload();
}
