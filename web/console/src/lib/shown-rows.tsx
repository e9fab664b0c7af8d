import { useCallback, useEffect, useLayoutEffect, useRef, useState, type ReactNode } from "react";

/** Lists of up to so many rows are drawn whole. */
const wholeAtMost = 40;
/** So many pixels above and below the view are drawn with it. */
const around = 400;
/** Rows come and go in steps of so many, so that most scrolling draws nothing. */
const step = 8;

export interface Range {
  begin: number;
  end: number;
}

/** The rows in view, of rows of equal height: `above` is where the list begins, in pixels below the upper edge of what scrolls. Without a height all of them. Pure. */
export function rangeOf(total: number, height: number, above: number, view: number): Range {
  if (total <= wholeAtMost || height <= 0) return { begin: 0, end: total };
  const begin = Math.floor((-above - around) / height / step) * step;
  const end = Math.ceil((view - above + around) / height / step) * step;
  return { begin: Math.min(total, Math.max(0, begin)), end: Math.min(total, Math.max(0, end)) };
}

/** The places of the rows that are drawn: those in view, and those that must be there wherever they are. */
export function drawnIn({ begin, end }: Range, keep: readonly number[], total: number): number[] {
  const kept = keep.filter((at) => at >= 0 && at < total && (at < begin || at >= end));
  const seen = Array.from({ length: Math.max(0, end - begin) }, (_, n) => begin + n);
  return [...new Set([...kept, ...seen])].sort((a, b) => a - b);
}

/** The distance from one row to the next, in pixels; 0 where nothing is laid out. */
function pitchOf(list: HTMLElement): number {
  const rows = [...list.querySelectorAll<HTMLElement>(":scope > [data-id]")];
  for (const [n, row] of rows.entries()) {
    const next = rows[n + 1];
    if (next && row.nextElementSibling === next && next.offsetTop > row.offsetTop)
      return next.offsetTop - row.offsetTop;
  }
  return rows[0]?.offsetHeight ?? 0;
}

interface Measured extends Range {
  pitch: number;
}

/** Which rows of a list are near the view of whatever scrolls it. */
function useRange(total: number, moved: number) {
  const list = useRef<HTMLUListElement>(null);
  const [range, setRange] = useState<Measured>({ begin: 0, end: wholeAtMost, pitch: 0 });
  const look = useCallback(() => {
    const scroller = list.current?.closest<HTMLElement>(".scroll");
    if (!list.current || !scroller) return;
    const measured = pitchOf(list.current);
    const above = list.current.getBoundingClientRect().top - scroller.getBoundingClientRect().top;
    const view = scroller.clientHeight;
    setRange((now) => {
      // While none of its rows are drawn, they are as high as they were.
      const pitch = measured || now.pitch;
      const next = { ...rangeOf(total, pitch, above, view), pitch };
      return now.begin === next.begin && now.end === next.end && now.pitch === next.pitch ? now : next;
    });
  }, [total]);
  // What stands above may have grown or shrunk.
  useLayoutEffect(look, [look, moved]);
  useEffect(() => {
    const scroller = list.current?.closest<HTMLElement>(".scroll");
    if (!scroller) return;
    scroller.addEventListener("scroll", look, { passive: true });
    const sizes = typeof ResizeObserver === "undefined" ? null : new ResizeObserver(look);
    sizes?.observe(scroller);
    return () => {
      scroller.removeEventListener("scroll", look);
      sizes?.disconnect();
    };
  }, [look]);
  return { list, range };
}

interface Props {
  ids: readonly string[];
  /** drawn wherever they are, such as the row that has the focus */
  keep: readonly (string | null)[];
  /** how many rows stand above the list; its place is measured again when that changes */
  above: number;
  className?: string;
  /** Draws a row, an item with its id in `data-id`. Its place, from 1, and the number of rows are given where not all are drawn. */
  children(id: string, place?: number, total?: number): ReactNode;
}

/** A list of which only the rows near the view are drawn, with gaps as high as the others. */
export function ShownRows({ ids, keep, above, className, children }: Props) {
  const { list, range } = useRange(ids.length, above);
  const isPart = ids.length > wholeAtMost;
  const end = isPart && range.pitch > 0 ? range.end : ids.length;
  const places = drawnIn(
    { begin: isPart && range.pitch > 0 ? range.begin : 0, end },
    keep.map((id) => (id === null ? -1 : ids.indexOf(id))),
    ids.length,
  );
  const gap = (rows: number, key: string) =>
    rows > 0 && <li key={key} aria-hidden="true" style={{ blockSize: rows * range.pitch }} />;
  return (
    <ul ref={list} className={className}>
      {places.map((at, n) => {
        const id = ids[at] ?? "";
        const row = isPart ? children(id, at + 1, ids.length) : children(id);
        return [gap(at - (n === 0 ? 0 : (places[n - 1] ?? 0) + 1), `before ${id}`), row];
      })}
      {gap(ids.length - 1 - (places.at(-1) ?? ids.length - 1), "after")}
    </ul>
  );
}
