import { isForInputMethod, pressed, signPressed, type KeyPress } from "@yingda/api/keys";
import { useEffect, useRef } from "react";
import { prefs } from "./prefs";

/**
 * A keyboard shortcut: `Alt+KeyR` is matched on the physical key, so that Option on a Mac does not type a special character; `Mod+k` is Ctrl, or Command on a Mac,
 * with the letter; `?` and single letters are matched on the character, work outside text fields only, and can be switched off.
 */
export type KeyMap = Record<string, (event: KeyboardEvent) => void>;

const typing = (target: EventTarget | null) =>
  target instanceof HTMLElement &&
  !(target instanceof HTMLInputElement && /^(checkbox|radio)$/.test(target.type)) &&
  (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));

export function keyName(
  event: Pick<KeyboardEvent, "altKey" | "ctrlKey" | "metaKey" | "shiftKey" | "code"> & KeyPress,
): string {
  if (event.altKey && !event.ctrlKey && !event.metaKey) return `Alt+${event.code}`;
  const key = pressed(event);
  if (key === "F6") return event.shiftKey ? "Shift+F6" : "F6";
  // With Shift or both, browsers and systems have their own.
  if (event.ctrlKey !== event.metaKey && !event.altKey && !event.shiftKey)
    return `Mod+${(/^[a-z]$/i.test(key) ? key : event.code.replace(/^Key/, "")).toLowerCase()}`;
  if (event.ctrlKey || event.metaKey) return "";
  return signPressed(event);
}

/** Whether the keyboard has ⌘ in the place of Ctrl. */
export const isOnApple = () => /Mac|iPhone|iPad/.test(navigator.userAgent);

export function handleKey(event: KeyboardEvent, map: KeyMap, letters: boolean): boolean {
  if (isForInputMethod(event) || event.defaultPrevented || document.querySelector("dialog[open]")) return false;
  const name = keyName(event);
  const act = map[name];
  if (!act) return false;
  const plain = name.length === 1;
  if (plain && (!letters || typing(event.target))) return false;
  event.preventDefault();
  act(event);
  return true;
}

export function useKeys(map: KeyMap) {
  const current = useRef(map);
  useEffect(() => {
    current.current = map;
  });
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      handleKey(event, current.current, prefs.get().letterKeys);
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, []);
}

/** F6 moves between the landmarks marked with `data-pane`. */
export function nextPane(step: 1 | -1) {
  const panes = [...document.querySelectorAll<HTMLElement>("[data-pane]")].filter(
    (pane) => pane.getClientRects().length > 0,
  );
  if (panes.length === 0) return;
  const at = panes.findIndex((pane) => pane.contains(document.activeElement));
  panes[(at + step + panes.length) % panes.length]?.focus();
}
