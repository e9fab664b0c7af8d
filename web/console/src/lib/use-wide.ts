import { useEffect, useState } from "react";
import { beside } from "./beside";
import { rem } from "./rem";

/** Whether what `room` says is at least this wide. Measured in rem, so that the text size counts. */
function useRoom(rems: number, room: () => number) {
  const [wide, setWide] = useState(() => room() >= rems);
  useEffect(() => {
    const look = () => setWide(room() >= rems);
    look();
    addEventListener("resize", look);
    const size = new MutationObserver(look);
    size.observe(document.documentElement, { attributes: true, attributeFilter: ["data-font-scale"] });
    const stop = beside.subscribe(look);
    return () => {
      removeEventListener("resize", look);
      size.disconnect();
      stop();
    };
  }, [rems, room]);
  return wide;
}

const ofWindow = () => innerWidth / rem();
const ofPage = () => ofWindow() - beside.get();

/** Whether the room for the page is at least this wide: the window, without what stands beside the page. */
export const useWidth = (rems: number) => useRoom(rems, ofPage);

/** Whether the window is at least this wide. */
export const useWindowWidth = (rems: number) => useRoom(rems, ofWindow);

/** Whether three panes are shown side by side: from 74 rem up. */
export const useWide = () => useWidth(74);
