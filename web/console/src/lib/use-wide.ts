import { useEffect, useState } from "react";
import { rem } from "./rem";

/** Whether the window is at least this wide. Measured in rem, so that the text size counts. */
export function useWidth(rems: number) {
  const [wide, setWide] = useState(() => innerWidth / rem() >= rems);
  useEffect(() => {
    const look = () => setWide(innerWidth / rem() >= rems);
    look();
    addEventListener("resize", look);
    const size = new MutationObserver(look);
    size.observe(document.documentElement, { attributes: true, attributeFilter: ["data-font-scale"] });
    return () => {
      removeEventListener("resize", look);
      size.disconnect();
    };
  }, [rems]);
  return wide;
}

/** Whether three panes are shown side by side: from 74 rem up. */
export const useWide = () => useWidth(74);
