import { signPressed } from "@yingda/api/keys";
import { useLayoutEffect, useRef, type KeyboardEvent, type RefObject } from "react";
import { prefs } from "../lib/prefs";

const saidIn = (box: HTMLElement | null) => [...(box?.querySelectorAll<HTMLElement>(".said, .note") ?? [])];

/** What of a log its keys need. */
interface Part {
  more: boolean;
  cut: boolean;
  older(): void;
  newer(): void;
  toEnd(): void;
}

/** J and K move from message to message, also to those that are not drawn yet; End goes to the last one. */
export function useLogKeys(box: RefObject<HTMLElement | null>, { more, cut, older, newer, toEnd }: Part) {
  /** A step to a message that is drawn next: from the one with this number. */
  const pending = useRef<{ seq: string | undefined; by: 1 | -1 } | null>(null);
  useLayoutEffect(() => {
    if (!pending.current) return;
    const { seq, by } = pending.current;
    const said = saidIn(box.current);
    const next = said[said.findIndex((one) => one.dataset.seq === seq) + by];
    if (!next) return;
    pending.current = null;
    next.focus();
  });
  return (event: KeyboardEvent) => {
    const key = signPressed(event);
    if (key === "End" && cut) toEnd();
    const step = key === "j" ? 1 : key === "k" ? -1 : 0;
    if (step === 0 || event.altKey || event.ctrlKey || event.metaKey || !prefs.get().letterKeys) return;
    const said = saidIn(box.current);
    const at = said.findIndex((one) => one.contains(document.activeElement));
    const reads = at === 0 && step === -1 && more ? older : at === said.length - 1 && step === 1 && cut ? newer : null;
    pending.current = reads && { seq: said[at]?.dataset.seq, by: step };
    reads?.();
    event.preventDefault();
    said[at === -1 ? said.length - 1 : Math.max(0, Math.min(said.length - 1, at + step))]?.focus();
  };
}
