import { useEffect, useRef } from "react";
import { whose } from "./prefs";
import { leaveKeeping } from "./unsaved";

interface Kept {
  at: number;
  /** whose it is */
  person: string | null;
  /** what the form began with, as JSON: one that begins otherwise is about something else, or about another version of it */
  from: string;
  fields: unknown;
}

/** What open forms hold that is not saved, by the form. */
const forms = new Map<string, () => Pick<Kept, "from" | "fields">>();
const keyOf = (form: string) => `yingda.console.form.${form}`;
/** In milliseconds: whoever opens the form later than that begins anew. */
const keptFor = 600_000;

/** What a form held when the page was reloaded by a press here, if it begins with the same again. It is used once. */
export function keptOf<F>(form: string, first: F): F | null {
  try {
    const kept = JSON.parse(sessionStorage.getItem(keyOf(form)) ?? "null") as Kept | null;
    if (!kept || kept.person !== whose() || Date.now() - kept.at > keptFor) return null;
    return kept.from === JSON.stringify(first) ? (kept.fields as F) : null;
  } catch {
    return null;
  }
}

/** Keeps what a form holds if the page is reloaded by a press here, while it holds what is not saved. */
export function useKept<F>(form: string, from: F, fields: F, isUnsaved: boolean) {
  const now = useRef({ from, fields });
  useEffect(() => {
    now.current = { from, fields };
  });
  useEffect(() => {
    try {
      sessionStorage.removeItem(keyOf(form));
    } catch {
      // Nothing is kept without storage.
    }
  }, [form]);
  useEffect(() => {
    if (!isUnsaved) return;
    forms.set(form, () => ({ from: JSON.stringify(now.current.from), fields: now.current.fields }));
    return () => void forms.delete(form);
  }, [form, isUnsaved]);
}

/** Reloads the page, for a newer version of it. Forms of records find what they held; the browser asks before anything else is lost. */
export function reload() {
  let kept = 0;
  try {
    for (const [form, held] of forms) {
      const one: Kept = { at: Date.now(), person: whose(), ...held() };
      sessionStorage.setItem(keyOf(form), JSON.stringify(one));
      kept += 1;
    }
  } catch {
    // What cannot be stored is asked about.
  }
  leaveKeeping(kept, () => location.reload());
}
