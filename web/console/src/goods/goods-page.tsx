import { Button } from "@yingda/antd";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import type { StaffGoodsRow } from "@yingda/api/types";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { count } from "../lib/format";
import { Kbd } from "../lib/kbd";
import { useKeys } from "../lib/keys";
import { ListPage } from "../lib/list-page";
import { LoadingRows } from "../lib/loading";
import { usePrefs } from "../lib/prefs";
import { may, useMe } from "../lib/session";
import { rowInFocus } from "../lib/table-rows";
import { useTyped } from "../lib/use-typed";
import type { GoodsSearch } from "./search";
import { useActs } from "./acts";
import { AskedDrawer } from "./asked-drawer";
import { CategoriesDialog } from "./categories-dialog";
import { DeletedTable } from "./deleted-table";
import { ExportMenu } from "./export-menu";
import { GoodsBar } from "./goods-bar";
import { GoodsDrawer } from "./goods-drawer";
import { GoodsTable } from "./goods-table";
import { ImportDialog } from "./import-dialog";
import { categories, goodsList } from "./queries";
import "./goods.css";

/** What to do next while the list is empty. */
function NoGoods({ deleted, filtered, onAll }: { deleted: boolean; filtered: boolean; onAll(): void }) {
  const { t } = useTranslation("goods");
  return (
    <>
      <p>{deleted ? t("empty.deleted") : filtered ? t("empty.search") : t("empty")}</p>
      {filtered ? (
        <p>
          <Button onClick={onAll}>{t("search.clear")}</Button>
        </p>
      ) : (
        <ol className="goods-first">
          <li>{t("first.category")}</li>
          <li>{t("first.add")}</li>
          <li>{t("first.publish")}</li>
        </ol>
      )}
    </>
  );
}

/** What the company sells: searched, edited in place, published, imported from a file and exported to one. */
export function GoodsPage() {
  const { t } = useTranslation("goods");
  const { language } = usePrefs();
  const navigate = useNavigate({ from: "/goods" });
  const { open, ...filter } = useSearch({ from: "/inside/goods" });
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [dialog, setDialog] = useState<"import" | "categories" | null>(null);
  const [asked, setAsked] = useState<StaffGoodsRow | null>(null);
  const pages = useInfiniteQuery(goodsList(filter));
  const shelf = useQuery(categories);
  const acts = useActs();
  // A new product needs a price.
  const adds = may(useMe(), "goods.prices");
  const rows = pages.data?.pages.flatMap((page) => page.items) ?? [];
  const total = pages.data?.pages[0]?.total ?? 0;
  const filtered = Object.keys(filter).some((key) => key !== "sort");
  const narrowed = Object.keys(filter).some((key) => key !== "sort" && key !== "deleted");

  const set = (change: Partial<GoodsSearch>) =>
    void navigate({
      search: (before) =>
        Object.fromEntries(
          Object.entries({ ...before, ...change }).filter(([, value]) => value !== undefined && value !== ""),
        ),
      replace: !("open" in change),
    });
  const [words, setWords] = useTyped(filter.q ?? "", (q) => set({ q }));
  const table = { rows, categories: shelf.data, chosen, busy: pages.isPlaceholderData, acts, onChoose: setChosen };

  useKeys({
    n: () => adds && set({ open: "new" }),
    e: () => {
      const id = rowInFocus() ?? rows[0]?.id;
      if (id && !filter.deleted) set({ open: id });
    },
  });
  return (
    <>
      <ListPage
        title={t("title")}
        about={
          <span className="s2 t3 n goods-total">
            {pages.isSuccess && t("total", { count: total, n: count(total, language) })}
          </span>
        }
        acts={
          <>
            <Button onClick={() => setDialog("categories")}>{t("categories")}</Button>
            <Button onClick={() => setDialog("import")}>{t("import")}</Button>
            {!filter.deleted && <ExportMenu filter={filter} total={total} />}
          </>
        }
        add={
          adds
            ? {
                word: (
                  <>
                    {t("new")}
                    <Kbd keys="N" />
                  </>
                ),
                run: () => set({ open: "new" }),
              }
            : null
        }
        className="goods-body"
        of={pages}
        rows={rows}
        above={
          <GoodsBar
            filter={filter}
            categories={shelf.data}
            words={words}
            onWords={setWords}
            onFilter={set}
            picked={rows.filter((row) => chosen.has(row.id))}
            acts={acts}
            onNone={() => setChosen(new Set())}
          />
        }
        loading={<LoadingRows rows={10} className="card" />}
        empty={
          <NoGoods
            deleted={filter.deleted === true && !narrowed}
            filtered={filtered}
            onAll={() => {
              setWords("");
              void navigate({ search: {} });
            }}
          />
        }
      >
        {filter.deleted && <p className="s2 t2">{t("deleted.about")}</p>}
        {/* While a different list is loading, the rows still shown keep the columns of their own list. */}
        {rows.some((row) => row.deleted_at !== undefined) ? (
          <DeletedTable {...table} />
        ) : (
          <GoodsTable {...table} sort={filter.sort} onSort={(sort) => set({ sort })} onAsked={setAsked} />
        )}
      </ListPage>
      {open !== undefined && (adds || open !== "new") && (
        <GoodsDrawer
          key={open}
          id={open}
          onClose={() => set({ open: undefined })}
          onCategories={() => setDialog("categories")}
        />
      )}
      {asked && <AskedDrawer row={asked} onClose={() => setAsked(null)} />}
      {dialog === "import" && <ImportDialog onClose={() => setDialog(null)} />}
      {dialog === "categories" && <CategoriesDialog onClose={() => setDialog(null)} />}
    </>
  );
}
