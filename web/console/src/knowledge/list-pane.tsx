import { Button } from "@yingda/antd";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import type { KnowledgeCategory, KnowledgeItem } from "@yingda/api/types";
import { useEffect, useMemo, useRef, useState, type RefObject } from "react";
import { useTranslation } from "react-i18next";
import { answerCategories } from "../lib/directory";
import { Filter } from "../lib/filter";
import { count } from "../lib/format";
import { say } from "../lib/i18n";
import { Icon } from "../lib/icon";
import { Listed } from "../lib/listed";
import { usePrefs } from "../lib/prefs";
import { SearchField } from "../lib/search-field";
import { entries, type EntryFilter } from "./queries";

interface ListProps {
  filter: EntryFilter;
  selected: string | null;
  proposed: number;
  search: RefObject<HTMLInputElement | null>;
  onFilter(change: Partial<EntryFilter>): void;
  onOpen(id: string): void;
  onProposed(): void;
  onNew(): void;
}

function Row({ item, selected, onOpen }: { item: KnowledgeItem; selected: boolean; onOpen(): void }) {
  const { t } = useTranslation("knowledge");
  const { language } = usePrefs();
  const place = useRef<HTMLLIElement>(null);
  useEffect(() => {
    if (selected) place.current?.scrollIntoView?.({ block: "nearest" });
  }, [selected]);
  const one = !item.answered.zh || !item.answered.en;
  const none = !item.answered.zh && !item.answered.en;
  return (
    <li ref={place}>
      <button type="button" className="kn-item" aria-current={selected ? "true" : undefined} onClick={onOpen}>
        <span
          className="kn-item-name el"
          dir="auto"
          lang={item.question.zh && language !== "en" ? "zh-CN" : item.question.en ? "en" : "zh-CN"}
        >
          {say(item.question, language)}
        </span>
        <span className="kn-item-facts">
          {item.state !== "same" && (
            <span className={item.state === "removed" ? "tag hot" : "tag warn"}>{t(`state.${item.state}`)}</span>
          )}
          <span className={item.weak ? "warn" : undefined}>
            {item.weak ? t("item.few", { count: item.phrasings }) : t("item.phrasings", { count: item.phrasings })}
          </span>
          {none ? (
            <span className="hot">{t("item.no_answer")}</span>
          ) : (
            one && <span>{item.answered.zh ? t("item.no_en") : t("item.no_zh")}</span>
          )}
        </span>
      </button>
    </li>
  );
}

function Loading() {
  const { t } = useTranslation("knowledge");
  return (
    <div className="kn-skeletons" role="status" aria-label={t("loading")}>
      {[1, 2, 3, 4, 5, 6].map((n) => (
        <span key={n} className="skeleton kn-skeleton" />
      ))}
    </div>
  );
}

/** Entries by category, with search and filters. Categories can be collapsed. */
export function ListPane({ filter, selected, proposed, search, onFilter, onOpen, onProposed, onNew }: ListProps) {
  const { t } = useTranslation("knowledge");
  const { t: shell } = useTranslation("shell");
  const { language } = usePrefs();
  const list = useInfiniteQuery(entries(filter));
  const named = useQuery(answerCategories);
  const [folded, setFolded] = useState<ReadonlySet<string>>(new Set());
  const items = useMemo(() => list.data?.pages.flatMap((page) => page.items) ?? [], [list.data]);
  const groups = useMemo(() => {
    if (filter.sort !== "") return [{ key: "", items }];
    const found = new Map<string, KnowledgeItem[]>();
    for (const item of items) found.set(item.category, [...(found.get(item.category) ?? []), item]);
    return [...found].map(([key, all]) => ({ key, items: all }));
  }, [items, filter.sort]);
  const nameOf = (key: string) =>
    say(named.data?.items.find((one: KnowledgeCategory) => one.key === key)?.name, language) || key;
  const filtered = filter.q !== "" || filter.category !== "" || filter.state !== "";
  const fold = (key: string) =>
    setFolded((before) => {
      const next = new Set(before);
      if (!next.delete(key)) next.add(key);
      return next;
    });

  return (
    <section className="kn-list" aria-label={t("list")} data-pane tabIndex={-1}>
      <div className="kn-list-head">
        <SearchField
          label={t("search")}
          placeholder={shell("search")}
          shortcut="/"
          box={search}
          value={filter.q}
          onChange={(q) => onFilter({ q })}
        />
        <div className="kn-filters">
          <Filter
            label={t("filter.category")}
            all={t("filter.all")}
            options={(named.data?.items ?? []).map((one) => ({ value: one.key, word: say(one.name, language) }))}
            value={filter.category || undefined}
            onChange={(category) => onFilter({ category: category ?? "" })}
          />
          <Filter
            label={t("filter.state")}
            all={t("filter.any")}
            options={(["changed", "new", "removed", "same"] as const).map((one) => ({
              value: one,
              word: t(`state.${one}`),
            }))}
            value={filter.state || undefined}
            onChange={(state) => onFilter({ state: state ?? "" })}
          />
          <Filter
            label={t("filter.sort")}
            all={t("sort.written")}
            options={(["changed", "phrasings"] as const).map((sort) => ({ value: sort, word: t(`sort.${sort}`) }))}
            value={filter.sort || undefined}
            onChange={(sort) => onFilter({ sort: sort ?? "" })}
          />
        </div>
        {proposed > 0 && (
          <button type="button" className="kn-learned" onClick={onProposed}>
            <span className="row b">
              <Icon name="bolt" />
              {t("learned", { count: proposed })}
            </span>
            <span className="s2 t2">{t("learned.what")}</span>
            <span className="s2 brand b">{t("learned.see")}</span>
          </button>
        )}
      </div>
      <div className="scroll kn-groups" aria-busy={list.isFetching}>
        <Listed
          of={list}
          rows={items}
          loading={<Loading />}
          empty={
            <>
              <p>{filtered ? t("empty.filtered") : t("empty")}</p>
              {filtered ? (
                <Button onClick={() => onFilter({ q: "", category: "", state: "" })}>{t("filter.clear")}</Button>
              ) : (
                <Button type="primary" onClick={onNew}>
                  {t("new")}
                </Button>
              )}
            </>
          }
        >
          {groups.map((group) => (
            <section key={group.key} className="kn-group">
              {group.key !== "" && (
                <h2>
                  <button type="button" aria-expanded={!folded.has(group.key)} onClick={() => fold(group.key)}>
                    <Icon name={folded.has(group.key) ? "right" : "down"} />
                    <span>
                      <bdi>{nameOf(group.key)}</bdi>
                    </span>
                    {/* So many are known only once all pages are there. */}
                    {!list.hasNextPage && <span className="t3 plain">{count(group.items.length, language)}</span>}
                  </button>
                </h2>
              )}
              {!folded.has(group.key) && (
                <ul>
                  {group.items.map((item) => (
                    <Row key={item.id} item={item} selected={item.id === selected} onOpen={() => onOpen(item.id)} />
                  ))}
                </ul>
              )}
            </section>
          ))}
        </Listed>
      </div>
    </section>
  );
}
