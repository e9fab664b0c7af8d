import type { AnswerSearch, GoodsSearch } from "@yingda/api/types";
import { chat, right } from "@yingda/tokens/icons";
import type { JSX } from "preact";
import { openChat } from "../chat";
import { useHallContext, useWords } from "../context";
import { useAnswers, useCatalogue, useSearch } from "../data";
import type { I18n } from "../i18n";
import { GoodsGrid } from "../ui/goods-card";
import { Icon } from "../ui/icon";
import { PageTitle } from "../ui/page-title";
import { SearchBox } from "../ui/search-box";
import { Boxes, Empty, Failed, Skeleton } from "../ui/states";

/** How many goods were found, and whether they match exactly or nearly. */
export function searchCount({ t }: I18n, q: string, { items, near }: GoodsSearch, answered: boolean): string {
  if (items.length === 0) return t(answered ? "search.no_goods" : "search.none", { q });
  return t(near ? "search.near" : "search.count", { q, n: items.length });
}

/** The answers about it, the best one open. */
function Answers({ found }: { found: AnswerSearch }): JSX.Element {
  const { t } = useWords();
  return (
    <section class="answers" aria-labelledby="answers-title">
      <h2 id="answers-title">{t("search.answers")}</h2>
      {found.items.map(({ id, question, answer }, at) => (
        <details key={id} class="answer" open={at === 0}>
          <summary>
            <Icon d={right} />
            <bdi>{question}</bdi>
          </summary>
          <p class="answer-text" dir="auto">
            {answer}
          </p>
          <button type="button" class="btn" onClick={() => openChat({ ask: question })}>
            <Icon d={chat} />
            {t("search.ask_this")}
          </button>
        </details>
      ))}
    </section>
  );
}

function Results({ q }: { q: string }): JSX.Element {
  const { words, prefs, sells } = useHallContext();
  const { t, pick } = words;
  const catalogue = useCatalogue();
  const found = useSearch(q, prefs.lang);
  const answers = useAnswers(q, prefs.lang);
  const failed = [found, answers, catalogue].find(({ error }) => error);
  if (failed) return <Failed what="states.error_search" resource={failed} />;
  if (!found.data || !answers.data || !catalogue.data) {
    return (
      <Skeleton slow={found.slow || answers.slow || catalogue.slow}>
        <div class="grid four">
          <Boxes count={4} class="tile-bone" />
        </div>
      </Skeleton>
    );
  }
  const { items, nearest_category: nearest } = found.data;
  const answered = answers.data.items.length > 0;
  const category = catalogue.data.categories.find(({ id }) => id === nearest);
  const ask = (
    <button
      type="button"
      class={items.length > 0 || answered ? "btn" : "btn primary"}
      onClick={() => openChat({ ask: q })}
    >
      <Icon d={chat} />
      {t("search.ask", { q })}
    </button>
  );
  const elsewhere = category ? (
    <a class="btn" href={`/goods?category=${encodeURIComponent(category.id)}`}>
      {t("search.nearest", { category: pick(category.name) })}
    </a>
  ) : sells.goods ? (
    <a class="btn" href="/goods">
      {t("search.all")}
    </a>
  ) : null;
  const count = searchCount(words, q, found.data, answered);
  return (
    <>
      {answered ? <Answers found={answers.data} /> : null}
      {items.length > 0 ? (
        <section class="found-goods">
          {answered ? <h2>{t("search.goods")}</h2> : null}
          <p class="count num" role="status">
            {count}
          </p>
          <GoodsGrid items={items} catalogue={catalogue.data} level={answered ? "h3" : "h2"} class="four" />
          <div class="after">{ask}</div>
        </section>
      ) : (
        <div role="status">
          <Empty text={answered && !sells.goods ? "" : count}>
            {ask}
            {elsewhere}
          </Empty>
        </div>
      )}
    </>
  );
}

export function SearchPage({ q }: { q: string }): JSX.Element {
  const { words, name, sells } = useHallContext();
  const { t } = words;
  return (
    <div class="wrap">
      <PageTitle
        title={q === "" ? t("search.title") : t("search.title_for", { q })}
        about={t("search.about", { name })}
      />
      <SearchBox value={q} />
      {q === "" ? (
        <Empty text={t("search.start")}>
          {sells.goods ? (
            <a class="btn" href="/goods">
              {t("search.all")}
            </a>
          ) : null}
        </Empty>
      ) : (
        <Results key={q} q={q} />
      )}
    </div>
  );
}
