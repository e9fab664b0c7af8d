import { useEffect, type RefObject } from "react";

/** Marks at which end of what scrolls there is more of it, where it fades (`shell.css`). */
export function useFade(box: RefObject<HTMLElement | null>) {
  useEffect(() => {
    const at = box.current;
    if (!at) return;
    const look = () => {
      // From right to left, what is scrolled is negative.
      const across = Math.abs(at.scrollLeft);
      at.toggleAttribute("data-more-before", at.scrollTop > 1 || across > 1);
      at.toggleAttribute(
        "data-more-after",
        at.scrollTop + at.clientHeight < at.scrollHeight - 1 || across + at.clientWidth < at.scrollWidth - 1,
      );
    };
    look();
    at.addEventListener("scroll", look, { passive: true });
    const size = typeof ResizeObserver === "undefined" ? null : new ResizeObserver(look);
    size?.observe(at);
    for (const child of at.children) size?.observe(child);
    return () => {
      at.removeEventListener("scroll", look);
      size?.disconnect();
    };
  }, [box]);
}
