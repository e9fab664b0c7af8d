import type { ReactNode } from "react";
import type { Act } from "./row-acts";

export interface Sort {
  /** The id of a column. */
  by: string;
  direction: "ascending" | "descending";
}

/** A column of a table. */
export interface Column<Row> {
  /** Unique in the table; a person's choice of columns is remembered by it. */
  id: string;
  title: string;
  cell(row: Row): ReactNode;
  /** What rows are sorted by, if they can be; rows without a value (null) come last. `true`: the server sorts (`onSort`). */
  sortBy?: ((row: Row) => string | number | null) | true;
  /** The order after the first press; without it, ascending. */
  first?: Sort["direction"];
  /** The column that says what a row is about: every other cell is read with it. */
  isHeading?: boolean;
  /** Numbers stand at the end. */
  align?: "end";
  /** As CSS says it. */
  width?: string;
  /** The title is only for screen readers, such as that of a column of actions. */
  isTitleHidden?: boolean;
  /** Explains the title to those who point at it. */
  hint?: string;
  /** Whether a person may hide it: `shown` or `hidden` until somebody chooses. */
  mayHide?: "shown" | "hidden";
  /** Left out where the table has little room. */
  isExtra?: boolean;
  /**
   * Its place on a narrow page, where a row is an entry of several lines: on the first line behind the heading, on a line of its own, without its title, or
   * nowhere. Without it, it stands below the heading with its title.
   */
  narrow?: "beside" | "line" | "untitled" | "nowhere";
  /** Of its cells. */
  className?: string | ((row: Row) => string | undefined);
  /** The language of its texts, if that is not the page's. */
  lang?: string;
}

/** Rows that are chosen, by key. */
export interface Selection<Row> {
  chosen: ReadonlySet<string>;
  /** What the name of a row's checkbox says. */
  nameOf(row: Row): string;
  onChange(chosen: ReadonlySet<string>): void;
  /** What can be done with all of them at once. Without it, the page shows this itself. */
  acts?(rows: readonly Row[]): readonly Act[];
}

/** A copy of a selection with a row added or removed. */
export function withChosen(chosen: ReadonlySet<string>, key: string, isChosen: boolean): ReadonlySet<string> {
  const next = new Set(chosen);
  if (isChosen) next.add(key);
  else next.delete(key);
  return next;
}

/** Rows in the order of a column: numbers by size, texts as the language orders them, rows without a value last. Equal ones stay as they are. */
export function sortRows<Row>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  sort: Sort | null,
  language: string,
): readonly Row[] {
  const value = columns.find(({ id }) => id === sort?.by)?.sortBy;
  if (!sort || typeof value !== "function") return rows;
  const { compare } = new Intl.Collator(language, { numeric: true });
  const sign = sort.direction === "ascending" ? 1 : -1;
  return rows
    .map((row) => ({ row, at: value(row) }))
    .sort(({ at: one }, { at: other }) => {
      if (one === null || other === null) return Number(one === null) - Number(other === null);
      return (
        sign * (typeof one === "number" && typeof other === "number" ? one - other : compare(`${one}`, `${other}`))
      );
    })
    .map(({ row }) => row);
}

/** What a press on a column's title leads to: its first order, then the opposite, then the list's own. */
export function nextSort<Row>({ id, first = "ascending" }: Column<Row>, sort: Sort | null): Sort | null {
  if (sort?.by !== id) return { by: id, direction: first };
  if (sort.direction !== first) return null;
  return { by: id, direction: first === "ascending" ? "descending" : "ascending" };
}
