import { pressed } from "@yingda/api/keys";
import { useEffect, useRef } from "react";

interface Shortcuts {
  beginCheck(): void;
  beginPublish(): void;
  saved(): Promise<boolean>;
}

/** Ctrl+S saves; for those who may publish, Ctrl+E checks the draft and Ctrl+Enter publishes it. */
export function useShortcuts({ beginCheck, beginPublish, saved }: Shortcuts, publishes: boolean) {
  const onKeys = useRef({ beginCheck, beginPublish, saved });
  useEffect(() => {
    onKeys.current = { beginCheck, beginPublish, saved };
  });
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (!(event.ctrlKey || event.metaKey) || event.altKey || document.querySelector("dialog[open]")) return;
      const key = pressed(event);
      const act = {
        s: () => void onKeys.current.saved(),
        e: onKeys.current.beginCheck,
        Enter: onKeys.current.beginPublish,
      }[key];
      if (!act || (key !== "s" && !publishes)) return;
      event.preventDefault();
      act();
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, [publishes]);
}
