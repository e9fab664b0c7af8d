import { Button, Popup } from "@yingda/antd";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import type { StaffGoodsRow } from "@yingda/api/types";
import { useRef, useState } from "react";
import { flushSync } from "react-dom";
import { useTranslation } from "react-i18next";
import { Filter } from "../lib/filter";
import { count } from "../lib/format";
import { Icon } from "../lib/icon";
import { say } from "../lib/i18n";
import { Kbd } from "../lib/kbd";
import { useKeys } from "../lib/keys";
import { ListPage } from "../lib/list-page";
import { LoadingRows } from "../lib/loading";
import { usePrefs } from "../lib/prefs";
import { SearchField } from "../lib/search-field";
import { rowInFocus } from "../lib/table-rows";
import { useTyped } from "../lib/use-typed";
import type { GoodsSearch, GoodsSort } from "./search";
import { useActs } from "./acts";
import { AskedDrawer } from "./asked-drawer";
import { CategoriesDialog } from "./categories-dialog";
import { DeletedTable } from "./deleted-table";
import { GoodsDrawer } from "./goods-drawer";
import { GoodsTable } from "./goods-table";
import { ImportDialog } from "./import-dialog";
import { categories, exportUrl, goodsList } from "./queries";
import "./goods.css";

const states = ["live", "draft", "off"] as const;
const sorts: readonly GoodsSort[] = ["changed", "price_up", "price_down", "stock_up", "stock_down"];

function ExportMenu({ filter, total }: { filter: Omit<GoodsSearch, "open">; total: number }) {
  const { t } = useTranslation("goods");
  const { language } = usePrefs();
  return (
    <Popup
      label={t("export")}
      className="goods-menu"
      trigger={(props) => (
        <Button {...props} type="default">
          <Icon name="download" />
          {t("export")}
        </Button>
      )}
    >
      {(close) => (
        <>
          <p className="s1 t3">{t("export.what", { count: total })}</p>
          {(["csv", "xlsx"] as const).map((format) => (
            <a
              key={format}
              className="goods-menu-link"
              href={exportUrl(format, language, filter)}
              download
              onClick={close}
            >
              {t(`export.${format}`)}
            </a>
          ))}
        </>
      )}
    </Popup>
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
  const search = useRef<HTMLDivElement>(null);
  const pages = useInfiniteQuery(goodsList(filter));
  const shelf = useQuery(categories);
  const acts = useActs();
  const rows = pages.data?.pages.flatMap((page) => page.items) ?? [];
  const total = pages.data?.pages[0]?.total ?? 0;
  const picked = rows.filter((row) => chosen.has(row.id));
  // Actions for the selection replace the filters, until the user wants to search again.
  const [finding, setFinding] = useState(false);
  const deciding = picked.length > 0 && !finding;
  const find = () => {
    flushSync(() => setFinding(true));
    search.current?.querySelector("input")?.focus();
  };
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
    n: () => set({ open: "new" }),
    e: () => {
      const id = rowInFocus() ?? rows[0]?.id;
      if (id && !filter.deleted) set({ open: id });
    },
    "/": find,
  });
  const bar = (
    <div className="goods-bar" data-picked={deciding ? "" : undefined}>
      <div
        className="goods-filters"
        ref={search}
        role="search"
        aria-label={t("search.all")}
        inert={deciding}
        onBlur={(event) => {
          if (!event.currentTarget.contains(event.relatedTarget)) setFinding(false);
        }}
      >
        <SearchField className="goods-search" label={t("search")} value={words} onChange={setWords} />
        <Filter
          label={t("field.category")}
          all={t("all.categories")}
          options={(shelf.data?.items ?? []).map((one) => ({
            value: one.id,
            word: `${say(one.name, language)} ${count(one.goods, language)}`,
          }))}
          value={filter.category}
          onChange={(category) => set({ category })}
        />
        <Filter
          label={t("field.state")}
          all={t("all.states")}
          options={([...states, "deleted"] as const).map((state) => ({ value: state, word: t(`state.${state}`) }))}
          value={filter.deleted ? "deleted" : filter.state}
          onChange={(state) => {
            setChosen(new Set());
            set(state === "deleted" ? { state: undefined, deleted: true } : { state, deleted: undefined });
          }}
        />
        <Filter
          label={t("sort")}
          all={t(filter.deleted ? "sort.deleted" : "sort.shown")}
          options={sorts.map((sort) => ({ value: sort, word: t(`sort.${sort}`) }))}
          value={filter.sort}
          onChange={(sort) => set({ sort })}
        />
        <label className="row goods-few">
          <input
            type="checkbox"
            checked={filter.few === true}
            onChange={(event) => set({ few: event.target.checked ? true : undefined })}
          />
          {t("few")}
        </label>
      </div>
      {deciding && (
        <div className="goods-picked" role="group" aria-label={t("picked", { count: picked.length })}>
          <span className="grow b">{t("picked", { count: picked.length })}</span>
          <button type="button" className="ib s" aria-label={t("search.all")} title={t("search.all")} onClick={find}>
            <Icon name="search" />
          </button>
          {filter.deleted ? (
            <Button size="small" onClick={() => void acts.restore(picked).then(() => setChosen(new Set()))}>
              {t("restore")}
            </Button>
          ) : (
            <>
              <Button size="small" onClick={() => void acts.publish(picked, "live").then(() => setChosen(new Set()))}>
                {t("publish")}
              </Button>
              <Button size="small" onClick={() => void acts.publish(picked, "off").then(() => setChosen(new Set()))}>
                {t("take_off")}
              </Button>
              <Button size="small" onClick={() => void acts.remove(picked).then(() => setChosen(new Set()))}>
                {t("delete")}
              </Button>
            </>
          )}
          <Button size="small" type="text" onClick={() => setChosen(new Set())}>
            {t("choose.none")}
          </Button>
        </div>
      )}
    </div>
  );
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
        add={{
          word: (
            <>
              {t("new")}
              <Kbd keys="N" />
            </>
          ),
          run: () => set({ open: "new" }),
        }}
        className="goods-body"
        of={pages}
        rows={rows}
        above={bar}
        loading={<LoadingRows rows={10} className="card" />}
        empty={
          <>
            <p>{filter.deleted && !narrowed ? t("empty.deleted") : filtered ? t("empty.search") : t("empty")}</p>
            {filtered ? (
              <p>
                <Button
                  onClick={() => {
                    setWords("");
                    void navigate({ search: {} });
                  }}
                >
                  {t("search.clear")}
                </Button>
              </p>
            ) : (
              <ol className="goods-first">
                <li>{t("first.category")}</li>
                <li>{t("first.add")}</li>
                <li>{t("first.publish")}</li>
              </ol>
            )}
          </>
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
      {open !== undefined && (
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
