import { useEffect, useState } from "react";
import { follow } from "./follow";
import type { Column } from "./table-model";

const keyOf = (table: string) => `yingda.console.columns.${table}`;

/** Accepts only what has the right form: the storage may contain anything. */
function read(table: string | undefined): Readonly<Record<string, boolean>> {
  if (table === undefined) return {};
  try {
    const raw: unknown = JSON.parse(localStorage.getItem(keyOf(table)) ?? "{}");
    if (typeof raw !== "object" || raw === null) return {};
    return Object.fromEntries(
      Object.entries(raw).filter((one): one is [string, boolean] => typeof one[1] === "boolean"),
    );
  } catch {
    return {};
  }
}

/** Which columns of a table are shown. What a person chose is remembered in this browser under the table's name. */
export function useColumnChoice<Row>(table: string | undefined, columns: readonly Column<Row>[]) {
  const [choice, setChoice] = useState(() => read(table));
  useEffect(() => (table === undefined ? undefined : follow(keyOf(table), () => setChoice(read(table)))), [table]);
  const isShown = ({ id, mayHide }: Column<Row>) =>
    table === undefined || mayHide === undefined || (choice[id] ?? mayHide === "shown");
  const choose = (shown: readonly string[]) => {
    const all = columns.filter(({ mayHide }) => mayHide !== undefined);
    // A column that is as it would be without a choice is not stored, so that it follows later versions.
    const next = Object.fromEntries(
      all.flatMap(({ id, mayHide }) =>
        shown.includes(id) === (mayHide === "shown") ? [] : [[id, shown.includes(id)] as const],
      ),
    );
    setChoice(next);
    try {
      if (table !== undefined) localStorage.setItem(keyOf(table), JSON.stringify(next));
    } catch {
      /* storage is full or refused: the choice lasts until the page is left */
    }
  };
  return {
    shown: columns.filter(isShown),
    /** Those that a person may hide; none if nothing is remembered. */
    optional: table === undefined ? [] : columns.filter(({ mayHide }) => mayHide !== undefined),
    choose,
  };
}
