import { Popup } from "@yingda/antd";
import { useTranslation } from "react-i18next";
import { CheckGroup } from "./check-group";
import { Filter } from "./filter";
import { Icon } from "./icon";
import { ChooseAll } from "./table-head";
import type { Column, Selection, Sort } from "./table-model";

interface BarProps<Row> {
  columns: readonly Column<Row>[];
  /** The columns that a person may hide. */
  optional: readonly Column<Row>[];
  onColumns(shown: readonly string[]): void;
  sort: Sort | null;
  /** Null if the page offers the orders itself. */
  onSort: ((sort: Sort | null) => void) | null;
  rows: readonly Row[];
  keyOf(row: Row): string;
  selection?: Selection<Row> | undefined;
  /** Whether rows become entries on a narrow page, where no titles are left to press. */
  isOfRows: boolean;
}

const directions = ["ascending", "descending"] as const;

/** Sorts where the titles of the columns are not shown. */
function NarrowSort<Row>({
  columns,
  sort,
  onSort,
}: Pick<BarProps<Row>, "columns" | "sort"> & { onSort(sort: Sort | null): void }) {
  const { t } = useTranslation("kit");
  const options = columns
    .filter(({ sortBy }) => sortBy !== undefined)
    .flatMap(({ id, title }) =>
      directions.map((direction) => ({
        value: `${direction} ${id}`,
        word: t(`table.${direction}`, { title }),
        sort: { by: id, direction },
      })),
    );
  if (options.length === 0) return null;
  return (
    <Filter
      label={t("table.sort")}
      all={t("table.sort.own")}
      options={options}
      value={sort ? `${sort.direction} ${sort.by}` : undefined}
      onChange={(value) => onSort(options.find((one) => one.value === value)?.sort ?? null)}
    />
  );
}

/** Which columns are shown. */
function ColumnChoice<Row>({
  columns,
  optional,
  onColumns,
}: Pick<BarProps<Row>, "columns" | "optional" | "onColumns">) {
  const { t } = useTranslation("kit");
  return (
    <Popup
      label={t("table.columns.shown")}
      className="table-columns"
      trigger={(props) => (
        <button {...props} className="ib s" aria-label={t("table.columns")} title={t("table.columns")}>
          <Icon name="table" />
        </button>
      )}
    >
      {() => (
        <>
          <CheckGroup
            legend={t("table.columns.shown")}
            options={optional.map(({ id, title }) => ({ id, label: title }))}
            chosen={optional.filter((one) => columns.includes(one)).map(({ id }) => id)}
            onChange={onColumns}
          />
          <button type="button" className="link s2" onClick={() => onColumns(optional.map(({ id }) => id))}>
            {t("table.columns.all")}
          </button>
        </>
      )}
    </Popup>
  );
}

/** What concerns the whole table: which columns it has, and on a narrow page its order and the choice of all rows. */
export function TableBar<Row>({
  columns,
  optional,
  onColumns,
  sort,
  onSort,
  rows,
  keyOf,
  selection,
  isOfRows,
}: BarProps<Row>) {
  const { t } = useTranslation("kit");
  const canSort = onSort !== null && columns.some(({ sortBy }) => sortBy !== undefined);
  const isNarrowBar = isOfRows && (canSort || selection !== undefined);
  if (!isNarrowBar && optional.length === 0) return null;
  return (
    <div className="table-bar">
      {isOfRows && selection && (
        <label className="row table-when-narrow">
          <ChooseAll rows={rows} keyOf={keyOf} selection={selection} />
          <span aria-hidden="true">{t("table.choose_all")}</span>
        </label>
      )}
      {isOfRows && canSort && (
        <span className="table-when-narrow">
          <NarrowSort columns={columns} sort={sort} onSort={onSort} />
        </span>
      )}
      {optional.length > 0 && <ColumnChoice columns={columns} optional={optional} onColumns={onColumns} />}
    </div>
  );
}
