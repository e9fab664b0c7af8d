import { useEffect, useState } from "react";

/** The typed words, once typing has paused for so many milliseconds, before a server is asked; nothing at once. */
export function usePaused(words: string, pause = 200): string {
  const [paused, setPaused] = useState(words);
  useEffect(() => {
    const timer = setTimeout(() => setPaused(words), pause);
    return () => clearTimeout(timer);
  }, [words, pause]);
  return words === "" ? "" : paused;
}
