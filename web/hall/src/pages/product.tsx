import { askable } from "@yingda/api/measures";
import type { Catalogue, Goods } from "@yingda/api/types";
import { chat, compare, right } from "@yingda/tokens/icons";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { openChat } from "../chat";
import { useWords } from "../context";
import { useCatalogue, useGoods } from "../data";
import { attributeText, money } from "../format";
import { morePoints, related, stockState } from "../goods";
import { RecommendedLater } from "../recommend/later";
import { Art } from "../ui/art";
import { AskBox } from "../ui/ask-box";
import { Compare, Points } from "../ui/compare";
import { GoodsGrid, StockTag, Tags } from "../ui/goods-card";
import { Icon } from "../ui/icon";
import { PageTitle } from "../ui/page-title";
import { Boxes, Empty, Failed, Skeleton } from "../ui/states";

const relatedCount = 4;

function Crumbs({ item, catalogue }: { item: Goods; catalogue: Catalogue }): JSX.Element {
  const { t, pick } = useWords();
  const category = catalogue.categories.find(({ id }) => id === item.category);
  return (
    <nav class="crumbs" aria-label={t("product.crumbs")}>
      <ol>
        <li>
          <a href="/goods">{t("shell.store")}</a>
        </li>
        {category ? (
          <li>
            <Icon d={right} />
            <a href={`/goods?category=${encodeURIComponent(category.id)}`}>
              <bdi>{pick(category.name)}</bdi>
            </a>
          </li>
        ) : null}
        <li>
          <Icon d={right} />
          <span aria-current="page">
            <bdi>{pick(item.name)}</bdi>
          </span>
        </li>
      </ol>
    </nav>
  );
}

function Summary({ item, catalogue }: { item: Goods; catalogue: Catalogue }): JSX.Element {
  const { t, pick, lang } = useWords();
  const out = stockState(item.stock) === "out";
  const points = morePoints(item, lang);
  const instead = out ? related(catalogue.goods, item).find((other) => other.stock > 0) : undefined;
  return (
    <div class="summary">
      <div class="row wrap-lines">
        <StockTag stock={item.stock} />
        <Tags tags={item.tags} names={catalogue.tag_names} limit={4} />
      </div>
      <PageTitle
        title={pick(item.name)}
        about={t("product.about_page", {
          name: pick(item.name),
          price: money(item.price_fen, catalogue.currency, lang),
          text: pick(item.description) || pick(item.tagline),
        })}
      >
        <p class="lead" dir="auto">
          {pick(item.tagline)}
        </p>
      </PageTitle>
      <div class={out ? "price out" : "price"}>
        <p class="price-value num">{money(item.price_fen, catalogue.currency, lang)}</p>
      </div>
      {out ? (
        <div class="out-note">
          <p>{t("product.out_note")}</p>
          {instead ? (
            <p>
              {t("product.instead")}
              <a class="link" href={`/goods/${encodeURIComponent(instead.id)}`}>
                <bdi>{pick(instead.name)}</bdi>
                <Icon d={right} />
              </a>
            </p>
          ) : null}
        </div>
      ) : null}
      <div class="acts">
        <button type="button" class="btn primary large" onClick={() => openChat({ product: item.id })}>
          <Icon d={chat} />
          {t("product.ask")}
        </button>
        <a class="btn large" href="#compare">
          <Icon d={compare} />
          {t("product.compare_jump")}
        </a>
      </div>
      {points.length > 0 ? (
        <>
          <h2 class="sr">{t("product.points")}</h2>
          <Points points={points} />
        </>
      ) : null}
    </div>
  );
}

function Questions({ item }: { item: Goods }): JSX.Element {
  const words = useWords();
  const { t, pick } = words;
  const ask = (text: string): void => openChat(text === "" ? { product: item.id } : { product: item.id, ask: text });
  return (
    <section class="card">
      <h2>{t("product.ask_title")}</h2>
      <p class="soft">{t("product.ask_lead")}</p>
      <AskBox
        label={t("product.ask_label")}
        placeholder={t("product.ask_placeholder")}
        button={t("product.ask_send")}
        onAsk={ask}
      />
      <ul class="chips">
        {askable(item.attributes).map(({ key, label }) => {
          const text = t("product.ask_attribute", {
            name: pick(item.name),
            label: words.lang === "en" ? pick(label).toLowerCase() : pick(label),
          });
          return (
            <li key={key}>
              <button type="button" class="chip" onClick={() => ask(text)}>
                {text}
              </button>
            </li>
          );
        })}
      </ul>
    </section>
  );
}

function About({ item }: { item: Goods }): JSX.Element {
  const words = useWords();
  const { t, pick } = words;
  return (
    <section class="card">
      <h2>{t("product.about")}</h2>
      <p class="reading" dir="auto">
        {pick(item.description)}
      </p>
      <h3>{t("product.attributes")}</h3>
      <dl class="facts">
        {item.attributes.map((attribute) => (
          <div key={attribute.key} class="fact">
            <dt dir="auto">{pick(attribute.label)}</dt>
            <dd class="num" dir="auto">
              {attributeText(attribute, words)}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function Known({ item, catalogue }: { item: Goods; catalogue: Catalogue }): JSX.Element {
  const { t } = useWords();
  const [recommended, setRecommended] = useState<readonly string[]>([]);
  const others = related(catalogue.goods, item)
    .filter(({ id }) => !recommended.includes(id))
    .slice(0, relatedCount);
  return (
    <>
      <Crumbs item={item} catalogue={catalogue} />
      <div class="product">
        <div class="stage big">
          <Art id={item.id} illustration={item.illustration} picture={item.picture} large />
        </div>
        <Summary item={item} catalogue={catalogue} />
      </div>
      <div class="product-more">
        <About item={item} />
        <div class="stack">
          <Compare item={item} catalogue={catalogue} />
          <Questions item={item} />
        </div>
      </div>
      <RecommendedLater place="page" about={item.id} catalogue={catalogue} onShown={setRecommended} />
      {others.length > 0 ? (
        <section class="section">
          <div class="section-head">
            <h2>{t("product.related")}</h2>
          </div>
          <GoodsGrid items={others} catalogue={catalogue} level="h3" class="four" />
        </section>
      ) : null}
    </>
  );
}

function Gone(): JSX.Element {
  const { t } = useWords();
  return (
    <>
      <PageTitle title={t("product.missing_title")} />
      <Empty text={t("product.missing")}>
        <a class="btn primary" href="/goods">
          {t("product.to_store")}
        </a>
      </Empty>
    </>
  );
}

export function ProductPage({ id }: { id: string }): JSX.Element {
  const goods = useGoods(id);
  const catalogue = useCatalogue();
  const failed = goods.error ? goods : catalogue.error ? catalogue : null;
  return (
    <div class="wrap">
      {goods.error?.code === "not_found" ? (
        <Gone />
      ) : failed ? (
        <Failed what="states.error_product" resource={failed} />
      ) : goods.data && catalogue.data ? (
        <Known item={goods.data} catalogue={catalogue.data} />
      ) : (
        <Skeleton slow={goods.slow || catalogue.slow}>
          <div class="crumbs" />
          <div class="product">
            <div class="bone stage big" />
            <div class="summary">
              <div class="bone line short" />
              <div class="bone line title" />
              <div class="bone line" />
              <div class="bone price-bone" />
              <div class="bone act-bone" />
            </div>
          </div>
          <div class="product-more">
            <Boxes count={2} class="more-bone" />
          </div>
        </Skeleton>
      )}
    </div>
  );
}
