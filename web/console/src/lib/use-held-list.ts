import { pressed } from "@yingda/api/keys";
import {
  useCallback,
  useLayoutEffect,
  useReducer,
  useRef,
  useState,
  type FocusEvent,
  type KeyboardEvent,
  type PointerEvent,
  type RefObject,
} from "react";
import { isStill } from "./still";
import { holdOrder, type Line } from "./held-order";

const rowsOf = (box: HTMLElement | null) => [...(box?.querySelectorAll<HTMLElement>("[data-id]") ?? [])];
/** The links of the rows that are drawn, by id; null for a row that only says that it is gone. */
const linksOf = (box: HTMLElement | null) =>
  new Map(rowsOf(box).map((row) => [row.dataset.id ?? "", row.querySelector<HTMLElement>("a[href]")]));
const idAt = (target: EventTarget | null) =>
  target instanceof Element ? (target.closest<HTMLElement>("[data-id]")?.dataset.id ?? null) : null;

interface Shown<T> {
  lines: readonly Line[];
  rows: ReadonlyMap<string, T>;
}

/**
 * A list's lines and rows as shown: nothing moves under the pointer or the focus, and the pinned row keeps its position. With `reach` set to `list`, no row
 * moves while any of them is hovered or focused.
 */
export function useHeldList<T>(
  fresh: readonly Line[],
  rows: ReadonlyMap<string, T>,
  pinned: string | null,
  reach: "row" | "list" = "row",
) {
  const aim = useRef<{ pointer: string | null; focus: string | null }>({ pointer: null, focus: null });
  const holding = useRef(false);
  const [, look] = useReducer((n: number) => n + 1, 0);
  const [shown, setShown] = useState<Shown<T> | null>(null);
  const at = [aim.current.pointer, aim.current.focus].filter((id) => id !== null);
  const aimed = reach === "list" && at.length > 0 ? (shown?.lines.flatMap((line) => line.ids) ?? []) : at;
  const { lines, held, news } = holdOrder(fresh, shown?.lines ?? null, { pinned, aimed });
  const known = held && shown ? new Map([...shown.rows, ...rows]) : rows;
  if (shown?.lines !== lines || (!held && shown.rows !== rows)) setShown({ lines, rows: known });
  useLayoutEffect(() => {
    holding.current = held;
  });

  const point = useCallback((what: "pointer" | "focus", id: string | null) => {
    if (aim.current[what] === id) return;
    aim.current[what] = id;
    if (holding.current) look();
  }, []);
  return {
    lines,
    news,
    row: (id: string) => known.get(id),
    /** accepts the new order, whatever moves */
    release: () => {
      aim.current = { pointer: null, focus: null };
      look();
    },
    aim: {
      onPointerOver: (event: PointerEvent) => {
        if (event.pointerType !== "touch") point("pointer", idAt(event.target));
      },
      onPointerLeave: () => point("pointer", null),
      onFocus: (event: FocusEvent) => point("focus", idAt(event.target)),
      onBlur: (event: FocusEvent) => {
        if (idAt(event.relatedTarget) === null) point("focus", null);
      },
    },
  };
}

/** Rows that change position are animated, in 160 ms; not if reduced motion is preferred. */
export function useMoves(box: RefObject<HTMLElement | null>, lines: readonly Line[]) {
  const before = useRef(new Map<string, number>());
  useLayoutEffect(() => {
    const now = new Map(rowsOf(box.current).map((row) => [row.dataset.id ?? "", row.offsetTop]));
    if (!isStill()) {
      for (const row of rowsOf(box.current)) {
        const was = before.current.get(row.dataset.id ?? "");
        const by = was === undefined ? 0 : was - row.offsetTop;
        if (by !== 0)
          row.animate([{ transform: `translateY(${by}px)` }, { transform: "none" }], {
            duration: 160,
            easing: "ease-out",
          });
      }
    }
    before.current = now;
  }, [box, lines]);
}

/** A single tab stop in a list of rows; arrows, Home and End move within it. */
export function useRoving(box: RefObject<HTMLElement | null>, ids: readonly string[], first: string | null) {
  const [at, setAt] = useState<string | null>(null);
  const stop = [at, first].find((id) => id !== null && ids.includes(id)) ?? ids[0] ?? null;
  const links = () => rowsOf(box.current).flatMap((row) => row.querySelector<HTMLElement>("a[href]") ?? []);
  /** Focuses the row after or before the one focused last, or at first the first row; returns its id. */
  const walk = (by: 1 | -1): string | null => {
    const all = links();
    const here = all.findIndex((link) => idAt(link) === (at ?? first));
    const next = all[here === -1 ? 0 : Math.max(0, Math.min(all.length - 1, here + by))];
    next?.focus();
    return idAt(next ?? null);
  };
  const onFocus = (event: FocusEvent) => {
    const id = idAt(event.target);
    if (id !== null) setAt(id);
  };
  /** The row to focus once it is drawn. */
  const wanted = useRef<string | null>(null);
  useLayoutEffect(() => {
    const link = wanted.current !== null && linksOf(box.current).get(wanted.current);
    if (!link) return;
    wanted.current = null;
    link.focus();
  });
  const onKeyDown = (event: KeyboardEvent) => {
    const drawn = linksOf(box.current);
    const all = ids.filter((id) => drawn.get(id) !== null);
    const here = all.indexOf(idAt(event.target) ?? "");
    const to = { ArrowDown: here + 1, ArrowUp: here - 1, Home: 0, End: all.length - 1 }[pressed(event)];
    if (here === -1 || to === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const id = all[Math.max(0, Math.min(all.length - 1, to))];
    if (id === undefined) return;
    const link = drawn.get(id);
    if (link) return link.focus();
    wanted.current = id;
    setAt(id);
  };
  return { stop, walk, onFocus, onKeyDown };
}
