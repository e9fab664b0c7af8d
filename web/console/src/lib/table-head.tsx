import { useTranslation } from "react-i18next";
import { Icon } from "./icon";
import { nextSort, type Column, type Selection, type Sort } from "./table-model";

interface HeadProps<Row> {
  columns: readonly Column<Row>[];
  sort: Sort | null;
  onSort(sort: Sort | null): void;
  rows: readonly Row[];
  keyOf(row: Row): string;
  selection?: Selection<Row> | undefined;
}

/** The checkbox of all rows. */
export function ChooseAll<Row>({
  rows,
  keyOf,
  selection,
}: Required<Pick<HeadProps<Row>, "rows" | "keyOf">> & { selection: Selection<Row> }) {
  const { t } = useTranslation("kit");
  return (
    <input
      type="checkbox"
      aria-label={t("table.choose_all")}
      checked={rows.length > 0 && rows.every((row) => selection.chosen.has(keyOf(row)))}
      onChange={(event) => selection.onChange(new Set(event.target.checked ? rows.map(keyOf) : []))}
    />
  );
}

function Title<Row>({ column, sort, onSort }: { column: Column<Row> } & Pick<HeadProps<Row>, "sort" | "onSort">) {
  if (column.isTitleHidden) return <span className="sr">{column.title}</span>;
  if (column.sortBy === undefined) return column.title;
  return (
    <button type="button" className="table-sort" onClick={() => onSort(nextSort(column, sort))}>
      {column.title}
      <Icon name="down" />
    </button>
  );
}

/** The titles of the columns; those by which it can be sorted are buttons. */
export function TableHead<Row>({ columns, sort, onSort, rows, keyOf, selection }: HeadProps<Row>) {
  return (
    <thead>
      <tr>
        {selection && (
          <th scope="col" className="table-check">
            <ChooseAll rows={rows} keyOf={keyOf} selection={selection} />
          </th>
        )}
        {columns.map((column) => (
          <th
            key={column.id}
            scope="col"
            className={column.align === "end" ? "r" : undefined}
            data-extra={column.isExtra}
            title={column.hint}
            style={{ inlineSize: column.width }}
            aria-sort={column.sortBy === undefined ? undefined : sort?.by === column.id ? sort.direction : "none"}
          >
            <Title column={column} sort={sort} onSort={onSort} />
          </th>
        ))}
      </tr>
    </thead>
  );
}
