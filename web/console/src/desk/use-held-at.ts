import { useEffect, useRef, type RefObject } from "react";

/** Keeps the note at which a conversation is opened, or the message that was asked for, in view while the rest is still being drawn, until the reader goes on: whoever reads on is not called back. `asked` is new whenever it is asked for again. */
export function useHeldAt(
  id: string,
  note: number | undefined,
  asked: object | null,
  box: RefObject<HTMLDivElement | null>,
) {
  const released = useRef(false);
  useEffect(() => {
    const inner = box.current?.firstElementChild;
    if (note === undefined || !inner) return;
    released.current = false;
    let isFirst = true;
    const hold = () => {
      const found = inner.querySelector<HTMLElement>(`[data-seq="${note}"]`);
      const { activeElement } = document;
      // A note that was drawn anew has lost the focus to the body.
      const isHeld = isFirst || (!released.current && (activeElement === found || activeElement === document.body));
      if (!found || !isHeld) return;
      isFirst = false;
      found.focus({ preventScroll: true });
      found.scrollIntoView?.({ block: "center" });
    };
    hold();
    // What is out of sight has its height only once it has been drawn.
    const sizes = new ResizeObserver(hold);
    sizes.observe(inner);
    return () => sizes.disconnect();
  }, [note, asked, id, box]);
  return {
    release: () => {
      released.current = true;
    },
  };
}
