import { useEffect, useRef } from "react";
import { createStore } from "./store";

/** How many open forms hold what nobody has saved yet. Leaving them is asked about first. */
export const unsaved = createStore(0);

/** Whether a form holds what is not saved. Returns what says that it is over, so that closing it may lead elsewhere without a question. */
export function useUnsaved(changed: boolean): () => void {
  const counted = useRef(false);
  const count = useRef((counts: boolean) => {
    if (counted.current === counts) return;
    counted.current = counts;
    unsaved.set((before) => before + (counts ? 1 : -1));
  }).current;
  useEffect(() => {
    count(changed);
    return () => count(false);
  }, [changed, count]);
  return () => count(false);
}
