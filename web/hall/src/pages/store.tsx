import type { JSX } from "preact";
import { useHallContext } from "../context";
import { useCatalogue } from "../data";
import { filterGoods, filterOf, sorts } from "../goods";
import { go, hrefWith } from "../router";
import { ChoiceChips } from "../ui/choice-chips";
import { GoodsGrid } from "../ui/goods-card";
import { PageTitle } from "../ui/page-title";
import { SearchBox } from "../ui/search-box";
import { Boxes, Empty, Failed, Skeleton } from "../ui/states";

export function StorePage({ query }: { query: URLSearchParams }): JSX.Element {
  const { words, name } = useHallContext();
  const { t, pick } = words;
  const catalogue = useCatalogue();
  const { data } = catalogue;
  const filter = filterOf(query);
  const set = (change: Record<string, string>): string => hrefWith("/goods", query, change);
  const items = data ? filterGoods(data.goods, filter) : [];
  return (
    <div class="wrap">
      <div class="head-with-search">
        <PageTitle
          title={t("goods.title")}
          about={data && data.goods.length > 0 ? t("goods.about", { name, n: data.goods.length }) : undefined}
        >
          {data?.goods.length === 0 ? null : <p class="lead">{t("goods.lead")}</p>}
        </PageTitle>
        <SearchBox value="" />
      </div>
      {data?.goods.length === 0 ? (
        <Empty text={t("goods.empty")}>
          <a class="btn" href="/">
            {t("states.to_home")}
          </a>
        </Empty>
      ) : data ? (
        <>
          <div class="filters" role="group" aria-label={t("goods.filters")}>
            <ChoiceChips
              label={t("goods.category")}
              chosen={filter.category}
              href={(value) => set({ category: value })}
              options={[
                { value: "", label: t("goods.all") },
                ...data.categories.map(({ id, name }) => ({ value: id, label: pick(name) })),
              ]}
            />
            <div class="filter-end">
              <label class="check">
                <input
                  type="checkbox"
                  checked={filter.inStock}
                  onChange={(event) => go(set({ stock: event.currentTarget.checked ? "1" : "" }), { replace: true })}
                />
                <span>{t("goods.in_stock_only")}</span>
              </label>
              <label class="select">
                <span class="sr">{t("goods.sort")}</span>
                <select
                  value={filter.sort}
                  onChange={(event) =>
                    go(set({ sort: event.currentTarget.value === "default" ? "" : event.currentTarget.value }), {
                      replace: true,
                    })
                  }
                >
                  {sorts.map((sort) => (
                    <option key={sort} value={sort}>
                      {t(`goods.sort_${sort}`)}
                    </option>
                  ))}
                </select>
              </label>
            </div>
          </div>
          <p class="count num" role="status">
            {t("goods.count", { n: items.length })}
          </p>
          {items.length > 0 ? (
            <GoodsGrid items={items} catalogue={data} level="h2" class="four" />
          ) : (
            <Empty text={t("goods.none")}>
              <a class="btn" href="/goods">
                {t("goods.reset")}
              </a>
            </Empty>
          )}
        </>
      ) : catalogue.error ? (
        <Failed what="states.error_catalogue" resource={catalogue} />
      ) : (
        <Skeleton slow={catalogue.slow}>
          <div class="bone filters-bone" />
          <div class="grid four">
            <Boxes count={12} class="tile-bone" />
          </div>
        </Skeleton>
      )}
    </div>
  );
}
