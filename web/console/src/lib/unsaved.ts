import { useEffect, useRef } from "react";
import { createStore } from "./store";

/** How many open forms hold what nobody has saved yet. Leaving them is asked about first. */
export const unsaved = createStore(0);
/** How many of them are part of a page rather than a dialog: another row or another filter leaves them. */
const loose = new Set<object>();
export const isLoose = () => loose.size > 0;

/** How many of them are kept over a reload that is just happening. */
let kept = 0;
export const isUnsaved = () => unsaved.get() > kept;
/** Leaves the page, while so many forms are kept: only what is not is asked about. */
export function leaveKeeping(forms: number, leave: () => void) {
  kept = forms;
  leave();
  // Whoever stays, because something was asked, is asked again the next time.
  setTimeout(() => {
    kept = 0;
  }, 1000);
}

/** Whether a form holds what is not saved. Returns what says that it is over, so that closing it may lead elsewhere without a question. */
export function useUnsaved(changed: boolean, isPart = false): () => void {
  const counted = useRef(false);
  const count = useRef((counts: boolean) => {
    if (counted.current === counts) return;
    counted.current = counts;
    if (!counts) loose.delete(counted);
    else if (isPart) loose.add(counted);
    unsaved.set((before) => before + (counts ? 1 : -1));
  }).current;
  useEffect(() => {
    count(changed);
    return () => count(false);
  }, [changed, count]);
  return () => count(false);
}
