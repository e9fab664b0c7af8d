import { Button } from "@yingda/antd";
import type { StaffCategories, StaffGoodsRow } from "@yingda/api/types";
import { useTranslation } from "react-i18next";
import { dayAndTime, money } from "../lib/format";
import { Icon } from "../lib/icon";
import { say } from "../lib/i18n";
import { usePrefs } from "../lib/prefs";
import { Illustration } from "../lib/product";
import { useMe } from "../lib/session";
import type { Acts } from "./acts";

interface TableProps {
  rows: readonly StaffGoodsRow[];
  categories: StaffCategories | undefined;
  chosen: ReadonlySet<string>;
  busy: boolean;
  acts: Acts;
  onChoose(id: string, on: boolean): void;
  onChooseAll(on: boolean): void;
}

/** Deleted goods that can be restored, with the time until which they can. On a narrow screen the rows are cards. */
export function DeletedTable({ rows, categories, chosen, busy, acts, onChoose, onChooseAll }: TableProps) {
  const { t } = useTranslation("goods");
  const { language } = usePrefs();
  const me = useMe();
  const when = (at: number | undefined) => (at === undefined ? "" : dayAndTime(at, me.time_zone));
  return (
    <div className="card goods-card" aria-busy={busy}>
      <table className="goods-table goods-deleted">
        <thead>
          <tr>
            <th scope="col" className="goods-check">
              <input
                type="checkbox"
                aria-label={t("choose.all")}
                checked={rows.every((row) => chosen.has(row.id))}
                onChange={(event) => onChooseAll(event.target.checked)}
              />
            </th>
            <th scope="col">{t("field.goods")}</th>
            <th scope="col" className="goods-category">
              {t("field.category")}
            </th>
            <th scope="col" className="r">
              {t("field.price")}
            </th>
            <th scope="col" className="goods-when">
              {t("field.deleted")}
            </th>
            <th scope="col">{t("field.kept_until")}</th>
            <th scope="col">
              <span className="sr">{t("acts")}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => {
            const name = say(row.name, language);
            return (
              <tr key={row.id} data-goods={row.id} className={chosen.has(row.id) ? "goods-chosen" : undefined}>
                <td className="goods-check">
                  <input
                    type="checkbox"
                    aria-label={t("choose.one", { name })}
                    checked={chosen.has(row.id)}
                    onChange={(event) => onChoose(row.id, event.target.checked)}
                  />
                </td>
                <th scope="row" className="goods-name">
                  <span className="row">
                    <Illustration product={row} />
                    <span className="goods-names">
                      <span className="b">{name}</span>
                      <span className="s1 t3 n">{row.id}</span>
                    </span>
                  </span>
                </th>
                <td className="goods-category t2">
                  {say(categories?.items.find((one) => one.id === row.category)?.name, language) || row.category}
                </td>
                <td className="r goods-price n">{money(row.price_fen, language)}</td>
                <td className="goods-when t3 s2">{when(row.deleted_at)}</td>
                <td className="goods-until s2">
                  <span className="sr-narrow t3">{t("field.kept_until")} </span>
                  {when(row.kept_until)}
                </td>
                <td className="goods-acts">
                  <Button size="small" aria-label={t("restore.one", { name })} onClick={() => void acts.restore([row])}>
                    <Icon name="history" />
                    {t("restore")}
                  </Button>
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
