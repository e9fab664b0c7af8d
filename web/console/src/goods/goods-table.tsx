import { Link, useNavigate } from "@tanstack/react-router";
import type { StaffCategories, StaffGoodsRow } from "@yingda/api/types";
import { useTranslation } from "react-i18next";
import { count, dayAndTime } from "../lib/format";
import { money } from "../lib/money";
import { say } from "../lib/i18n";
import { usePrefs } from "../lib/prefs";
import { RowActs, type Act } from "../lib/row-acts";
import { may, useMe } from "../lib/session";
import { Table } from "../lib/table";
import type { Column, Sort } from "../lib/table-model";
import { QuickCell } from "./cells";
import type { Acts } from "./acts";
import { Product, useCategoryColumn } from "./goods-columns";
import type { GoodsSort } from "./search";
import { StateTag } from "./state-tag";

/** A stock below this number counts as low; the server's filter uses the same number. */
const few = 10;

/** The name of a product, which opens it, and its name in the other language. */
function GoodsName({ row }: { row: StaffGoodsRow }) {
  const { language } = usePrefs();
  const name = say(row.name, language);
  const other = language === "en" ? row.name.zh : row.name.en;
  return (
    <Product
      row={row}
      name={
        <Link
          from="/goods"
          to="/goods"
          search={(before) => ({ ...before, open: row.id })}
          className="goods-link"
          data-cell
        >
          <bdi>{name}</bdi>
        </Link>
      }
      about={
        <span className="s1 t3 el">
          <span className="n">{row.id}</span>
          {other !== "" && other !== name && (
            <>
              <i className="dot" />
              <span lang={language === "en" ? "zh-CN" : "en"} dir="auto">
                {other}
              </span>
            </>
          )}
        </span>
      }
    />
  );
}

function Stock({ row }: { row: StaffGoodsRow }) {
  const { t } = useTranslation("goods");
  return (
    <>
      {row.stock < few && (
        <span className={row.stock === 0 ? "tag hot" : "tag warn"}>
          {row.stock === 0 ? t("stock.none") : t("stock.few")}
        </span>
      )}
      <QuickCell row={row} what="stock" />
    </>
  );
}

/** How often customers asked about a product, with a door to the conversations. */
function Asked({ row, onAsked }: { row: StaffGoodsRow; onAsked(row: StaffGoodsRow): void }) {
  const { t } = useTranslation("goods");
  const { language } = usePrefs();
  if (!row.asked) return <span className="t3 n">{count(row.asked ?? 0, language)}</span>;
  const n = count(row.asked, language);
  return (
    <button
      type="button"
      className="num"
      data-cell
      aria-label={t("asked.open", { name: say(row.name, language), count: row.asked, n })}
      onClick={() => onAsked(row)}
    >
      {n}
    </button>
  );
}

function GoodsActs({ row, acts }: { row: StaffGoodsRow; acts: Acts }) {
  const { t } = useTranslation("goods");
  const { language } = usePrefs();
  const navigate = useNavigate({ from: "/goods" });
  const me = useMe();
  const name = say(row.name, language);
  const all: (Act | false)[] = [
    (row.state === "live" || may(me, "goods.prices")) && {
      word: t(row.state === "live" ? "take_off" : "publish"),
      label: t(row.state === "live" ? "take_off.one" : "publish.one", { name }),
      run: () => void acts.publish([row], row.state === "live" ? "off" : "live"),
    },
    {
      word: t("edit"),
      label: t("edit.one", { name }),
      run: () => void navigate({ search: (before) => ({ ...before, open: row.id }) }),
    },
    { word: t("delete"), label: t("delete.one", { name }), run: () => void acts.remove([row]) },
  ];
  return <RowActs name={name} acts={all.filter((act) => act !== false)} />;
}

/** The orders that a column's title stands for. */
const orders: Partial<Record<GoodsSort, Sort>> = {
  price_up: { by: "price", direction: "ascending" },
  price_down: { by: "price", direction: "descending" },
  stock_up: { by: "stock", direction: "ascending" },
  stock_down: { by: "stock", direction: "descending" },
};
const orderOf = (sort: Sort | null) =>
  (Object.keys(orders) as GoodsSort[]).find(
    (name) => orders[name]?.by === sort?.by && orders[name]?.direction === sort?.direction,
  );

interface GoodsTableProps {
  rows: readonly StaffGoodsRow[];
  categories: StaffCategories | undefined;
  chosen: ReadonlySet<string>;
  busy: boolean;
  acts: Acts;
  sort: GoodsSort | undefined;
  onSort(sort: GoodsSort | undefined): void;
  onChoose(chosen: ReadonlySet<string>): void;
  onAsked(row: StaffGoodsRow): void;
}

/** The list of goods: numbers are edited in place, the rest in the drawer. */
export function GoodsTable({ rows, categories, chosen, busy, acts, sort, onSort, onChoose, onAsked }: GoodsTableProps) {
  const { t } = useTranslation("goods");
  const { language } = usePrefs();
  const me = useMe();
  /** Users who may not read conversations do not get their number. */
  const counted = rows.some((row) => row.asked !== undefined);
  const columns: readonly (Column<StaffGoodsRow> | false)[] = [
    { id: "goods", title: t("field.goods"), isHeading: true, cell: (row) => <GoodsName row={row} /> },
    useCategoryColumn(categories),
    {
      id: "price",
      title: t("field.price"),
      align: "end",
      sortBy: true,
      narrow: "untitled",
      cell: (row) =>
        may(me, "goods.prices") ? (
          <QuickCell row={row} what="price" />
        ) : (
          <span className="n">{money(row.price_fen, me.currency, language)}</span>
        ),
    },
    {
      id: "stock",
      title: t("field.stock"),
      align: "end",
      className: "goods-stock",
      sortBy: true,
      cell: (row) => <Stock row={row} />,
    },
    { id: "state", title: t("field.state"), narrow: "untitled", cell: (row) => <StateTag state={row.state} /> },
    counted && {
      id: "asked",
      title: t("field.asked"),
      hint: t("asked.since"),
      align: "end",
      className: "goods-asked-count",
      mayHide: "shown",
      isExtra: true,
      narrow: "nowhere",
      cell: (row) => <Asked row={row} onAsked={onAsked} />,
    },
    {
      id: "updated",
      title: t("field.updated"),
      className: "t3 s2 nowrap",
      mayHide: "shown",
      isExtra: true,
      narrow: "nowhere",
      cell: (row) => dayAndTime(row.updated_at, me.time_zone),
    },
    {
      id: "acts",
      title: t("acts"),
      isTitleHidden: true,
      align: "end",
      narrow: "beside",
      cell: (row) => <GoodsActs row={row} acts={acts} />,
    },
  ];
  return (
    <Table
      label={t("title")}
      className="card goods-table"
      remember="goods"
      columns={columns}
      rows={rows}
      keyOf={({ id }) => id}
      busy={busy}
      sort={sort ? (orders[sort] ?? null) : null}
      onSort={(next) => onSort(orderOf(next))}
      selection={{ chosen, onChange: onChoose, nameOf: (row) => say(row.name, language) }}
    />
  );
}
