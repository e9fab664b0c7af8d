import type { StaffCategories, StaffGoodsRow } from "@yingda/api/types";
import { useRef, useState } from "react";
import { flushSync } from "react-dom";
import { useTranslation } from "react-i18next";
import { useKeys } from "../lib/keys";
import type { Acts } from "./acts";
import { Filters } from "./filters";
import { Picked } from "./picked";
import type { GoodsSearch } from "./search";

interface Props {
  filter: Omit<GoodsSearch, "open">;
  categories: StaffCategories | undefined;
  words: string;
  onWords(words: string): void;
  onFilter(change: Partial<GoodsSearch>): void;
  picked: readonly StaffGoodsRow[];
  acts: Acts;
  onNone(): void;
}

/** Above the list of goods: the filters, or what can be done with the goods that are chosen. */
export function GoodsBar({ filter, categories, words, onWords, onFilter, picked, acts, onNone }: Props) {
  const { t } = useTranslation("goods");
  const search = useRef<HTMLDivElement>(null);
  // Actions for the selection replace the filters, until the user wants to search again.
  const [finding, setFinding] = useState(false);
  const deciding = picked.length > 0 && !finding;
  const find = () => {
    flushSync(() => setFinding(true));
    search.current?.querySelector("input")?.focus();
  };
  useKeys({ "/": find });
  return (
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
        <Filters
          filter={filter}
          categories={categories}
          words={words}
          onWords={onWords}
          onFilter={onFilter}
          onState={(change) => {
            onNone();
            onFilter(change);
          }}
        />
      </div>
      {deciding && (
        <Picked picked={picked} deleted={filter.deleted === true} acts={acts} onFind={find} onNone={onNone} />
      )}
    </div>
  );
}
