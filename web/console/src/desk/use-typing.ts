import { useRef } from "react";

/** How long the customer sees that somebody is typing without being told again, in milliseconds. */
const toldFor = 3000;

/** Tells that somebody is typing, not more often than needed, and that they stopped; a note is written without anybody knowing. */
export function useTyping(mode: "reply" | "note", onTyping: (on: boolean) => void) {
  const last = useRef(0);
  return (on: boolean) => {
    if (mode === "note") return;
    const now = Date.now();
    if (on && now - last.current < toldFor) return;
    if (!on && last.current === 0) return;
    last.current = on ? now : 0;
    onTyping(on);
  };
}
