import { Link, useNavigate } from "@tanstack/react-router";
import type { StaffCategories, StaffGoodsRow } from "@yingda/api/types";
import type { KeyboardEvent } from "react";
import { useTranslation } from "react-i18next";
import { count, dayAndTime } from "../lib/format";
import { say } from "../lib/i18n";
import { usePrefs } from "../lib/prefs";
import { Illustration } from "../lib/product";
import { RowActs, type Act } from "../lib/row-acts";
import { useMe } from "../lib/session";
import { QuickCell } from "./cells";
import type { Acts } from "./acts";
import { StateTag } from "./state-tag";

/** A stock below this number counts as low; the server's filter uses the same number. */
const few = 10;

interface TableProps {
  rows: readonly StaffGoodsRow[];
  categories: StaffCategories | undefined;
  chosen: ReadonlySet<string>;
  busy: boolean;
  acts: Acts;
  onChoose(id: string, on: boolean): void;
  onChooseAll(on: boolean): void;
  onAsked(row: StaffGoodsRow): void;
}

/** Arrow keys move from cell to cell. */
function walk(event: KeyboardEvent<HTMLTableSectionElement>) {
  const step = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key];
  const cell = (event.target as HTMLElement).closest<HTMLElement>("[data-cell]");
  const row = cell?.closest("tr");
  if (!step || !cell || !row) return;
  const [down = 0, right = 0] = step;
  const cells = (of: Element) => [...of.querySelectorAll<HTMLElement>("[data-cell]")];
  const at = cells(row).indexOf(cell) + right;
  const target = down === 0 ? row : down > 0 ? row.nextElementSibling : row.previousElementSibling;
  const next = target && cells(target)[Math.max(0, at)];
  if (!next) return;
  event.preventDefault();
  next.focus();
}

/** The list of goods: numbers are edited in place, the rest in the drawer. On a narrow screen the rows are cards. */
export function GoodsTable({ rows, categories, chosen, busy, acts, onChoose, onChooseAll, onAsked }: TableProps) {
  const { t } = useTranslation("goods");
  const { language } = usePrefs();
  const me = useMe();
  const navigate = useNavigate({ from: "/goods" });
  const categoryName = (id: string) => say(categories?.items.find((one) => one.id === id)?.name, language) || id;
  /** Users who may not read conversations do not get their number. */
  const counted = rows.some((row) => row.asked !== undefined);
  const actsOf = (row: StaffGoodsRow, name: string): Act[] => [
    {
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
  const other = (name: StaffGoodsRow["name"]) => (language === "en" ? name.zh : name.en);
  return (
    <div className="card goods-card" aria-busy={busy}>
      <table className="goods-table">
        <thead>
          <tr>
            <th scope="col" className="goods-check">
              <input
                type="checkbox"
                aria-label={t("choose.all")}
                checked={rows.length > 0 && rows.every((row) => chosen.has(row.id))}
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
            <th scope="col" className="r">
              {t("field.stock")}
            </th>
            <th scope="col">{t("field.state")}</th>
            {counted && (
              <th scope="col" className="r goods-asked-count" title={t("asked.since")}>
                {t("field.asked")}
              </th>
            )}
            <th scope="col" className="goods-when">
              {t("field.updated")}
            </th>
            <th scope="col">
              <span className="sr">{t("acts")}</span>
            </th>
          </tr>
        </thead>
        <tbody onKeyDown={walk}>
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
                      <Link
                        from="/goods"
                        to="/goods"
                        search={(before) => ({ ...before, open: row.id })}
                        className="goods-link"
                        data-cell
                      >
                        {name}
                      </Link>
                      <span className="s1 t3 el">
                        <span className="n">{row.id}</span>
                        {other(row.name) !== "" && other(row.name) !== name && (
                          <>
                            <i className="dot" />
                            <span lang={language === "en" ? "zh-CN" : "en"}>{other(row.name)}</span>
                          </>
                        )}
                      </span>
                    </span>
                  </span>
                </th>
                <td className="goods-category t2">{categoryName(row.category)}</td>
                <td className="r goods-price">
                  <QuickCell row={row} what="price" />
                </td>
                <td className="r goods-stock">
                  <span className="sr-narrow t3">{t("field.stock")} </span>
                  {row.stock < few && (
                    <span className={row.stock === 0 ? "tag hot" : "tag warn"}>
                      {row.stock === 0 ? t("stock.none") : t("stock.few")}
                    </span>
                  )}
                  <QuickCell row={row} what="stock" />
                </td>
                <td className="goods-state">
                  <StateTag state={row.state} />
                </td>
                {counted && (
                  <td className="r goods-asked-count">
                    {row.asked ? (
                      <button
                        type="button"
                        className="num"
                        data-cell
                        aria-label={t("asked.open", { name, count: row.asked, n: count(row.asked, language) })}
                        onClick={() => onAsked(row)}
                      >
                        {count(row.asked, language)}
                      </button>
                    ) : (
                      <span className="t3 n">{count(row.asked ?? 0, language)}</span>
                    )}
                  </td>
                )}
                <td className="goods-when t3 s2">{dayAndTime(row.updated_at, me.time_zone)}</td>
                <td className="goods-acts">
                  <RowActs name={name} acts={actsOf(row, name)} />
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
