import { pressed, signPressed } from "@yingda/api/keys";
import type { KeyboardEvent, ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { withChosen, type Column, type Selection } from "./table-model";

interface RowsProps<Row> {
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  keyOf(row: Row): string;
  rowClass?: ((row: Row) => string | undefined) | undefined;
  instead?: ((row: Row) => ReactNode) | undefined;
  selection?: Selection<Row> | undefined;
}

const steps: ReadonlyMap<string, readonly [down: number, right: number]> = new Map([
  ["ArrowUp", [-1, 0]],
  ["ArrowDown", [1, 0]],
  ["ArrowLeft", [0, -1]],
  ["ArrowRight", [0, 1]],
]);
const cellsOf = (row: Element) => [...row.querySelectorAll<HTMLElement>("[data-cell]")];

/** Arrow keys move between the elements marked `data-cell`, from row to row and within one. */
function walk(event: KeyboardEvent) {
  const cell = (event.target as HTMLElement).closest<HTMLElement>("[data-cell]");
  const row = cell?.closest("tr");
  const move = steps.get(pressed(event));
  if (!move || !cell || !row) return;
  const [down, right] = move;
  const target = down === 0 ? row : down > 0 ? row.nextElementSibling : row.previousElementSibling;
  const next = target && cellsOf(target)[Math.max(0, cellsOf(row).indexOf(cell) + right)];
  if (!next) return;
  event.preventDefault();
  next.focus();
}

/** The key of the row that has the focus. */
export const rowInFocus = (): string | null =>
  document.activeElement?.closest<HTMLElement>("tr[data-row]")?.dataset.row ?? null;

function Cell<Row>({ column, row }: { column: Column<Row>; row: Row }) {
  const { align, className, id: _id, isHeading, isExtra, lang, narrow, title } = column;
  const own = typeof className === "function" ? className(row) : className;
  const props = {
    className: [align === "end" && "r", own].filter(Boolean).join(" ") || undefined,
    lang,
    dir: "auto",
    "data-extra": isExtra,
    "data-narrow": narrow,
    "data-label": narrow === undefined && !isHeading ? title : undefined,
  };
  if (isHeading)
    return (
      <th scope="row" {...props}>
        {column.cell(row)}
      </th>
    );
  return <td {...props}>{column.cell(row)}</td>;
}

/** The rows. Space chooses the one that has the focus; on anything that can be pressed, it presses that. */
export function TableRows<Row>({ columns, rows, keyOf, rowClass, instead, selection }: RowsProps<Row>) {
  const { t } = useTranslation("kit");
  const onKeyDown = (event: KeyboardEvent) => {
    walk(event);
    const key = rowInFocus();
    if (signPressed(event) !== " " || !selection || key === null) return;
    if ((event.target as HTMLElement).closest("input, button, select, textarea")) return;
    event.preventDefault();
    selection.onChange(withChosen(selection.chosen, key, !selection.chosen.has(key)));
  };
  return (
    <tbody onKeyDown={onKeyDown}>
      {rows.map((row) => {
        const key = keyOf(row);
        const form = instead?.(row) ?? null;
        if (form !== null)
          return (
            <tr key={key} data-row={key} className="table-instead">
              <td colSpan={columns.length + (selection ? 1 : 0)}>{form}</td>
            </tr>
          );
        const isChosen = selection?.chosen.has(key) ?? false;
        return (
          <tr
            key={key}
            data-row={key}
            className={[isChosen && "table-chosen-row", rowClass?.(row)].filter(Boolean).join(" ") || undefined}
          >
            {selection && (
              <td className="table-check">
                <input
                  type="checkbox"
                  aria-label={t("table.choose", { name: selection.nameOf(row) })}
                  checked={isChosen}
                  onChange={(event) => selection.onChange(withChosen(selection.chosen, key, event.target.checked))}
                />
              </td>
            )}
            {columns.map((column) => (
              <Cell key={column.id} column={column} row={row} />
            ))}
          </tr>
        );
      })}
    </tbody>
  );
}
