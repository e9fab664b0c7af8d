import type { StaffCategories } from "@yingda/api/types";
import { useTranslation } from "react-i18next";
import { Filter } from "../lib/filter";
import { count } from "../lib/format";
import { say } from "../lib/i18n";
import { usePrefs } from "../lib/prefs";
import { SearchField } from "../lib/search-field";
import type { GoodsSearch, GoodsSort } from "./search";

const states = ["live", "draft", "off"] as const;
const sorts: readonly GoodsSort[] = ["changed", "price_up", "price_down", "stock_up", "stock_down"];

interface Props {
  filter: Omit<GoodsSearch, "open">;
  categories: StaffCategories | undefined;
  /** What is in the search field; it is searched after a pause. */
  words: string;
  onWords(words: string): void;
  onFilter(change: Partial<GoodsSearch>): void;
  /** Another list is shown: nothing of the present one stays chosen. */
  onState(change: Pick<GoodsSearch, "state" | "deleted">): void;
}

/** What narrows and orders the list of goods. */
export function Filters({ filter, categories, words, onWords, onFilter, onState }: Props) {
  const { t } = useTranslation("goods");
  const { language } = usePrefs();
  return (
    <>
      <SearchField className="goods-search" label={t("search")} value={words} onChange={onWords} />
      <Filter
        label={t("field.category")}
        all={t("all.categories")}
        options={(categories?.items ?? []).map((one) => ({
          value: one.id,
          word: `${say(one.name, language)} ${count(one.goods, language)}`,
        }))}
        value={filter.category}
        onChange={(category) => onFilter({ category })}
      />
      <Filter
        label={t("field.state")}
        all={t("all.states")}
        options={([...states, "deleted"] as const).map((state) => ({ value: state, word: t(`state.${state}`) }))}
        value={filter.deleted ? "deleted" : filter.state}
        onChange={(state) =>
          onState(state === "deleted" ? { state: undefined, deleted: true } : { state, deleted: undefined })
        }
      />
      <Filter
        label={t("sort")}
        all={t(filter.deleted ? "sort.deleted" : "sort.shown")}
        options={sorts.map((sort) => ({ value: sort, word: t(`sort.${sort}`) }))}
        value={filter.sort}
        onChange={(sort) => onFilter({ sort })}
      />
      <label className="row goods-few">
        <input
          type="checkbox"
          checked={filter.few === true}
          onChange={(event) => onFilter({ few: event.target.checked ? true : undefined })}
        />
        {t("few")}
      </label>
    </>
  );
}
