import type { ConversationView } from "@yingda/api/conversation";
import { useCallback, useEffect, useLayoutEffect, useRef, useState, type RefObject } from "react";
import { useLive, useStatus } from "../live/context";
import { around, atEnd, back, forth, grown, isCut, isDrawn, type LogWindow } from "./log-window";

/** When reading on in either direction, entries are drawn or fetched this many pixels before they are needed. */
const ahead = 600;
/** Whoever is at most this many pixels above the end of a log reads the end. */
export const nearEnd = 80;

/** Events between a log and whoever follows its position: the way to the end, and that other entries are drawn. */
export const toEndEvent = "log-to-end";
export const movedEvent = "log-moved";

const saidIn = (box: HTMLElement | null) => [...(box?.querySelectorAll<HTMLElement>("[data-seq]") ?? [])];
const seqOf = (element: HTMLElement) => Number(element.dataset.seq);

/** What stays where it is while other entries are drawn: the first message in view that is drawn before and after. */
function anchorIn(box: HTMLElement | null, next: LogWindow) {
  if (!box) return null;
  const { top } = box.getBoundingClientRect();
  const stays = saidIn(box).filter((one) => isDrawn(next, seqOf(one)));
  const seen = stays.find((one) => one.getBoundingClientRect().bottom >= top) ?? stays.at(-1);
  const focused = box.contains(document.activeElement);
  return { seq: seen ? seqOf(seen) : null, top: seen?.getBoundingClientRect().top ?? 0, focused };
}

/** Where the log goes once other entries are drawn. */
type Goal = { kind: "anchor"; of: NonNullable<ReturnType<typeof anchorIn>> } | { kind: "end" };

function reach(box: HTMLElement, goal: Goal) {
  if (goal.kind === "end") {
    box.scrollTop = 0;
    return;
  }
  const { seq, top, focused } = goal.of;
  const kept = seq === null ? null : box.querySelector<HTMLElement>(`[data-seq="${seq}"]`);
  const by = kept ? kept.getBoundingClientRect().top - top : 0;
  if (by !== 0) box.scrollTop += by;
  // The message that had the focus may not be drawn any more; the keys go on in the log.
  if (focused && !box.contains(document.activeElement)) box.focus({ preventScroll: true });
}

/** Entries that are needed and not loaded are requested, again after a reconnect. */
function useMissing(id: string, missing: number) {
  const live = useLive();
  const linked = useStatus().state === "live";
  useEffect(() => {
    if (linked && missing > 0) live.older(id, missing);
  }, [live, id, linked, missing]);
}

/**
 * The part of a log that is drawn, and how it moves: a page further as one reads on, to the end, or to a message. Messages in view stay where they are while
 * others come and go around them.
 */
export function useLogWindow(
  id: string,
  view: ConversationView,
  note: number | undefined,
  box: RefObject<HTMLDivElement | null>,
) {
  const live = useLive();
  const [drawn, setDrawn] = useState<LogWindow | null>(null);
  const [went, setWent] = useState<number | undefined>(undefined);
  const goal = useRef<Goal | null>(null);
  const loaded = view.seq !== null;
  const first = view.entries[0]?.seq ?? 1;
  const last = view.entries.at(-1)?.seq ?? 0;
  if (loaded && (drawn === null || drawn.from > Math.max(first, last))) setDrawn(atEnd(first, last));
  // Once to the note at which it is opened: whoever reads on is not called back.
  if (drawn !== null && note !== went) {
    setWent(note);
    if (note !== undefined && !isDrawn(drawn, note)) setDrawn(around(note, last));
  }
  const missing = drawn === null ? 0 : Math.max(0, first - drawn.from);
  useMissing(id, missing);

  const move = useCallback(
    (next: LogWindow) => {
      const of = anchorIn(box.current, next);
      goal.current = of && { kind: "anchor", of };
      setDrawn(next);
    },
    [box],
  );
  useLayoutEffect(() => {
    if (drawn === null) return;
    const readsEnd = (box.current?.scrollTop ?? 0) > -nearEnd;
    const next = grown(drawn, last, readsEnd);
    if (next !== drawn) move(next);
  }, [drawn, last, move, box]);
  useLayoutEffect(() => {
    const { current } = box;
    if (!current || drawn === null) return;
    if (goal.current) reach(current, goal.current);
    goal.current = null;
    current.dispatchEvent(new Event(movedEvent));
  }, [drawn, box]);

  // Until what is wanted has been loaded, the end stays in view.
  const part = drawn?.until != null && drawn.until <= first ? atEnd(first, last) : drawn;
  const cut = part !== null && isCut(part, last);
  const waiting = missing > 0;
  const older = () => {
    if (waiting) live.older(id, missing);
    else if (drawn !== null && drawn.from > 1) move(back(drawn, last));
  };
  const newer = () => {
    if (drawn !== null && cut) move(forth(drawn, last));
  };
  const toEnd = useCallback(() => {
    goal.current = { kind: "end" };
    setDrawn(atEnd(first, last));
  }, [first, last]);
  useEffect(() => {
    const { current } = box;
    current?.addEventListener(toEndEvent, toEnd);
    return () => current?.removeEventListener(toEndEvent, toEnd);
  }, [box, toEnd]);
  const more = loaded && drawn !== null && (drawn.from > 1 || waiting);
  return {
    from: part?.from ?? first,
    until: cut && part ? part.until : null,
    waiting,
    more,
    cut,
    older,
    newer,
    toEnd,
    /** Fetches entries before those that are loaded, without drawing them. */
    earlier: () => live.older(id, 100),
    /** Draws a message, in the middle of others. */
    show: (seq: number) => {
      if (drawn !== null && !isDrawn(drawn, seq)) setDrawn(around(seq, last));
    },
    onScroll: () => {
      const { current } = box;
      if (!current) return;
      // The list is anchored at its bottom: scrollTop is 0 there and decreases towards the top.
      if (more && !waiting && current.scrollHeight - current.clientHeight + current.scrollTop < ahead) older();
      else if (cut && -current.scrollTop < ahead) newer();
    },
  };
}
