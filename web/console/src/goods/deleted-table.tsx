import { Button } from "@yingda/antd";
import type { StaffCategories, StaffGoodsRow } from "@yingda/api/types";
import { useTranslation } from "react-i18next";
import { dayAndTime } from "../lib/format";
import { money } from "../lib/money";
import { Icon } from "../lib/icon";
import { say } from "../lib/i18n";
import { usePrefs } from "../lib/prefs";
import { may, useMe } from "../lib/session";
import { Table } from "../lib/table";
import type { Column } from "../lib/table-model";
import type { Acts } from "./acts";
import { Product, useCategoryColumn } from "./goods-columns";

interface DeletedTableProps {
  rows: readonly StaffGoodsRow[];
  categories: StaffCategories | undefined;
  chosen: ReadonlySet<string>;
  busy: boolean;
  acts: Acts;
  onChoose(chosen: ReadonlySet<string>): void;
}

/** Deleted goods that can be restored, with the time until which they can. */
export function DeletedTable({ rows, categories, chosen, busy, acts, onChoose }: DeletedTableProps) {
  const { t } = useTranslation("goods");
  const { language } = usePrefs();
  const me = useMe();
  const when = (at: number | undefined) => (at === undefined ? "" : dayAndTime(at, me.time_zone));
  const nameOf = (row: StaffGoodsRow) => say(row.name, language);
  const columns: readonly Column<StaffGoodsRow>[] = [
    {
      id: "goods",
      title: t("field.goods"),
      isHeading: true,
      cell: (row) => (
        <Product
          row={row}
          name={
            <span className="b">
              <bdi>{nameOf(row)}</bdi>
            </span>
          }
          about={<span className="s1 t3 n">{row.id}</span>}
        />
      ),
    },
    useCategoryColumn(categories),
    {
      id: "price",
      title: t("field.price"),
      align: "end",
      className: "n",
      narrow: "untitled",
      cell: (row) => money(row.price_fen, me.currency, language),
    },
    {
      id: "deleted",
      title: t("field.deleted"),
      className: "t3 s2 nowrap",
      mayHide: "shown",
      isExtra: true,
      narrow: "nowhere",
      cell: (row) => when(row.deleted_at),
    },
    { id: "until", title: t("field.kept_until"), className: "s2", cell: (row) => when(row.kept_until) },
    {
      id: "acts",
      title: t("acts"),
      isTitleHidden: true,
      align: "end",
      narrow: "beside",
      cell: (row) =>
        row.state === "live" && !may(me, "goods.prices") ? (
          <span className="s1 t3">{t("hint.restore")}</span>
        ) : (
          <Button
            size="small"
            aria-label={t("restore.one", { name: nameOf(row) })}
            onClick={() => void acts.restore([row])}
          >
            <Icon name="history" />
            {t("restore")}
          </Button>
        ),
    },
  ];
  return (
    <Table
      label={t("title")}
      className="card goods-table"
      remember="goods-deleted"
      columns={columns}
      rows={rows}
      keyOf={({ id }) => id}
      busy={busy}
      selection={{ chosen, onChange: onChoose, nameOf }}
    />
  );
}
