import { useEffect, useState } from "react";
import { rem } from "./rem";

/** Whether three panes are shown side by side: from 74 rem up. Measured in rem, so that the text size counts. */
export function useWide() {
  const [wide, setWide] = useState(true);
  useEffect(() => {
    const look = () => setWide(innerWidth / rem() >= 74);
    look();
    addEventListener("resize", look);
    const size = new MutationObserver(look);
    size.observe(document.documentElement, { attributes: true, attributeFilter: ["data-font-scale"] });
    return () => {
      removeEventListener("resize", look);
      size.disconnect();
    };
  }, []);
  return wide;
}
