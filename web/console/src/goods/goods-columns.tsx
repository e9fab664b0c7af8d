import type { StaffCategories, StaffGoodsRow } from "@yingda/api/types";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { say } from "../lib/i18n";
import { usePrefs } from "../lib/prefs";
import { Illustration } from "../lib/product";
import type { Column } from "../lib/table-model";

/** A product: its picture, its name, and what says which it is. */
export function Product({ row, name, about }: { row: StaffGoodsRow; name: ReactNode; about: ReactNode }) {
  return (
    <span className="row goods-product">
      <Illustration product={row} />
      <span className="goods-names">
        {name}
        {about}
      </span>
    </span>
  );
}

/** The column of the shelf that a product stands on. */
export function useCategoryColumn(categories: StaffCategories | undefined): Column<StaffGoodsRow> {
  const { t } = useTranslation("goods");
  const { language } = usePrefs();
  return {
    id: "category",
    title: t("field.category"),
    className: "t2 nowrap",
    mayHide: "shown",
    isExtra: true,
    narrow: "nowhere",
    cell: ({ category }) => say(categories?.items.find((one) => one.id === category)?.name, language) || category,
  };
}
