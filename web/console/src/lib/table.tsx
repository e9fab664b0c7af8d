import { useState, type ReactNode } from "react";
import { Listed, type Found } from "./listed";
import { LoadingRows } from "./loading";
import { usePrefs } from "./prefs";
import { TableBar } from "./table-bar";
import { TableChosen, TableMore } from "./table-foot";
import { TableHead } from "./table-head";
import { sortRows, type Column, type Selection, type Sort } from "./table-model";
import { TableRows } from "./table-rows";
import { useColumnChoice } from "./use-column-choice";
import "./table.css";

interface TableProps<Row> {
  /** Its accessible name, */
  label?: string;
  /** or the id of the heading that is its name. */
  labelledBy?: string;
  /** Columns in order; `false` leaves one out. */
  columns: readonly (Column<Row> | false)[];
  rows: readonly Row[];
  /** Unique for each row. */
  keyOf(row: Row): string;
  /**
   * `rows` lists things, and makes an entry of each row where there is little room. `values` compares numbers: it is dense, and scrolls where it stands.
   * `plain` does neither.
   */
  form?: "rows" | "values" | "plain";
  /** Of the box around it: `card` if it stands by itself. */
  className?: string;
  /** The name under which a person's choice of columns is remembered; without it there is no choice. */
  remember?: string;
  /** Of a row. */
  rowClass?(row: Row): string | undefined;
  /** Stands in place of a row's cells, such as a form; null for rows that show their cells. */
  instead?(row: Row): ReactNode;
  /** Whether another list is being loaded. */
  busy?: boolean;
  /** The order of a list that the server sorts; null is the list's own. */
  sort?: Sort | null;
  /** Sorts such a list. Without it, rows are sorted here, so they must be complete. */
  onSort?(sort: Sort | null): void;
  /** How many rows of a complete list are shown at first, and with each press. */
  pageSize?: number;
  selection?: Selection<Row>;
  /** The query, where no `ListPage` shows its states. */
  of?: Found;
  /** Stands in its place while it is loaded. */
  loading?: ReactNode;
  /** Says what to do while there are no rows. */
  empty?: ReactNode;
}

/** A table whose columns are data: sorted, paged, chosen from, and readable where there is little room. */
export function Table<Row>({ of, loading, empty, ...table }: TableProps<Row>) {
  if (!of) return <Drawn {...table} />;
  return (
    <Listed of={of} rows={table.rows} loading={loading ?? <LoadingRows rows={4} className="" />} empty={empty}>
      <Drawn {...table} />
    </Listed>
  );
}

function Drawn<Row>({
  label,
  labelledBy,
  columns: all,
  rows,
  keyOf,
  form = "rows",
  className = "",
  remember,
  rowClass,
  instead,
  busy = false,
  sort: given,
  onSort,
  pageSize,
  selection,
}: Omit<TableProps<Row>, "of" | "loading" | "empty">) {
  const { language } = usePrefs();
  const known = all.filter((one) => one !== false);
  const { shown: columns, optional, choose } = useColumnChoice(remember, known);
  const [own, setOwn] = useState<Sort | null>(null);
  const [limit, setLimit] = useState(pageSize ?? Infinity);
  const sort = onSort ? (given ?? null) : own;
  const sorted = onSort ? rows : sortRows(rows, known, sort, language);
  const page = sorted.slice(0, limit);
  const name = { "aria-label": label, "aria-labelledby": labelledBy };
  const parts = { columns, rows: page, keyOf, selection };
  const drawn = (
    <>
      <TableBar
        {...parts}
        optional={optional}
        onColumns={choose}
        sort={sort}
        onSort={onSort ? null : setOwn}
        isOfRows={form === "rows"}
      />
      <div
        className={["table", `table-${form}`, form === "values" && "scroll", className].filter(Boolean).join(" ")}
        aria-busy={busy}
        {...(form === "values" ? { tabIndex: 0, role: "group", ...name } : {})}
      >
        <table {...name}>
          <TableHead {...parts} sort={sort} onSort={onSort ?? setOwn} />
          <TableRows {...parts} rowClass={rowClass} instead={instead} />
        </table>
        {selection?.acts && <TableChosen {...parts} selection={selection} acts={selection.acts} />}
      </div>
      {pageSize !== undefined && rows.length > limit && (
        <TableMore limit={limit} all={rows.length} pageSize={pageSize} onLimit={setLimit} />
      )}
    </>
  );
  // What scrolls where it stands is measured by the box that it stands in.
  return form === "rows" ? <div className="table-frame">{drawn}</div> : drawn;
}
