import { chat } from "@yingda/tokens/icons";
import type { JSX } from "preact";
import { openChat } from "../chat";
import { useHallContext } from "../context";
import { useCatalogue, useSearch } from "../data";
import { GoodsGrid } from "../ui/goods-card";
import { Icon } from "../ui/icon";
import { PageTitle } from "../ui/page-title";
import { SearchBox } from "../ui/search-box";
import { Boxes, Empty, Failed, Skeleton } from "../ui/states";

function Results({ q }: { q: string }): JSX.Element {
  const { words, prefs } = useHallContext();
  const { t, pick } = words;
  const catalogue = useCatalogue();
  const found = useSearch(q, prefs.lang);
  const failed = found.error ? found : catalogue.error ? catalogue : null;
  if (failed) return <Failed what="states.error_search" resource={failed} />;
  if (!found.data || !catalogue.data) {
    return (
      <Skeleton slow={found.slow || catalogue.slow}>
        <div class="grid four">
          <Boxes count={4} class="tile-bone" />
        </div>
      </Skeleton>
    );
  }
  const { items, nearest_category: nearest } = found.data;
  const category = catalogue.data.categories.find(({ id }) => id === nearest);
  const ask = (
    <button type="button" class={items.length > 0 ? "btn" : "btn primary"} onClick={() => openChat({ ask: q })}>
      <Icon d={chat} />
      {t("search.ask", { q })}
    </button>
  );
  if (items.length > 0) {
    return (
      <>
        <p class="count num" role="status">
          {t("search.count", { q, n: items.length })}
        </p>
        <GoodsGrid items={items} catalogue={catalogue.data} level="h2" class="four" />
        <div class="after">{ask}</div>
      </>
    );
  }
  return (
    <div role="status">
      <Empty text={t("search.none", { q })}>
        {ask}
        {category ? (
          <a class="btn" href={`/goods?category=${encodeURIComponent(category.id)}`}>
            {t("search.nearest", { category: pick(category.name) })}
          </a>
        ) : (
          <a class="btn" href="/goods">
            {t("search.all")}
          </a>
        )}
      </Empty>
    </div>
  );
}

export function SearchPage({ q }: { q: string }): JSX.Element {
  const { words } = useHallContext();
  const { t } = words;
  return (
    <div class="wrap">
      <PageTitle title={q === "" ? t("search.title") : t("search.title_for", { q })} />
      <SearchBox value={q} />
      {q === "" ? (
        <Empty text={t("search.start")}>
          <a class="btn" href="/goods">
            {t("search.all")}
          </a>
        </Empty>
      ) : (
        <Results key={q} q={q} />
      )}
    </div>
  );
}
