import type { ConversationView } from "@yingda/api/conversation";
import { Suspense, useLayoutEffect, useRef, useState, type ReactElement, type RefObject } from "react";
import { partOf } from "../lib/parts";
import { useKeys } from "../lib/keys";

const FindStrip = partOf(async () => (await import("./find-strip")).FindStrip);

/** What of a log its search needs. */
interface Part {
  more: boolean;
  waiting: boolean;
  /** Fetches more than is loaded. */
  earlier(): void;
  show(seq: number): void;
}

/** Scrolls to what was found, once, and marks it for as long as it is drawn. */
function useMark(box: RefObject<HTMLElement | null>, found: { seq: number } | null) {
  const marked = useRef<Element | null>(null);
  const reached = useRef<object | null>(null);
  useLayoutEffect(() => {
    const element = found ? (box.current?.querySelector(`[data-seq="${found.seq}"]`) ?? null) : null;
    if (marked.current !== element) marked.current?.classList.remove("said-found");
    element?.classList.add("said-found");
    marked.current = element;
    if (!element || reached.current === found) return;
    reached.current = found;
    element.scrollIntoView?.({ block: "center" });
  });
}

/**
 * Searches the whole conversation, as Ctrl F of the browser would if all of it were drawn. Pressed again, Ctrl F is the browser's.
 */
export function useFind(view: ConversationView, box: RefObject<HTMLElement | null>, part: Part): ReactElement | null {
  const [open, setOpen] = useState(false);
  const [found, setFound] = useState<{ seq: number } | null>(null);
  useMark(box, open ? found : null);
  useKeys(open || view.entries.length === 0 ? {} : { "Mod+f": () => setOpen(true) });
  if (!open) return null;
  const first = view.entries[0]?.seq ?? 1;
  return (
    <Suspense fallback={null}>
      <FindStrip
        view={view}
        onEarlier={first > 1 && !part.waiting ? part.earlier : null}
        onShow={(seq) => {
          part.show(seq);
          setFound({ seq });
        }}
        onClose={() => {
          setOpen(false);
          setFound(null);
          box.current?.focus({ preventScroll: true });
        }}
      />
    </Suspense>
  );
}
