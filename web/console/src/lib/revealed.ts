import { useMutation } from "@tanstack/react-query";
import { useEffect } from "react";

/** Asks for something in the clear; each time is noted in the audit. What came is kept here only, and no longer than it is shown: so many milliseconds. */
export function useRevealed(ask: () => Promise<string | null>, ms: number) {
  const reveal = useMutation({ gcTime: 0, mutationFn: ask });
  const { data, reset } = reveal;
  useEffect(() => {
    if (data === undefined) return;
    const timer = setTimeout(reset, ms);
    // A page that is left may come back as it was.
    addEventListener("pagehide", reset);
    return () => {
      clearTimeout(timer);
      removeEventListener("pagehide", reset);
    };
  }, [data, reset, ms]);
  return reveal;
}
