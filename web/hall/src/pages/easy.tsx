/** Easy mode: the same goods, plans and people with fewer choices. At most six things to press, two levels deep. */
import type { Catalogue, GoodsCard, Plan } from "@yingda/api/types";
import { bag, right, shield, sim } from "@yingda/tokens/icons";
import type { ComponentChildren, JSX } from "preact";
import { useLayoutEffect } from "preact/hooks";
import { openChat } from "../chat";
import { useHallContext, useWords } from "../context";
import { useAnswers, useCatalogue, useGoods, useSearch, useSite } from "../data";
import { attributeText, spokenPrice } from "../format";
import { stockState } from "../goods";
import { audienceSlug } from "../plans";
import { hrefWith, type Place } from "../router";
import { Art } from "../ui/art";
import { Icon } from "../ui/icon";
import { usePageName } from "../ui/page-title";
import { askAboutPlan, audienceName } from "../ui/plan-card";
import { ReadAloud } from "../ui/read-aloud";
import { SearchBox } from "../ui/search-box";
import { Person } from "./easy-person";
import { searchCount } from "./search";
import { Empty, Failed, Skeleton } from "../ui/states";

const questionCount = 2;
const plansAtOnce = 3;
const goodsAtOnce = 2;
const answersAtOnce = 1;
/** The audience whose plans come first. */
const forOlderPeople = "age-60-and-over";

function Title({ text, sub }: { text: string; sub?: string }): JSX.Element {
  usePageName(text);
  return (
    <div class="easy-title">
      <h1 tabIndex={-1}>{text}</h1>
      <ReadAloud />
      {sub ? <p>{sub}</p> : null}
    </div>
  );
}

function Scam(): JSX.Element {
  const { t } = useWords();
  return (
    <section class="easy-scam">
      <Icon d={shield} />
      <p>
        <b>{t("easy.scam")}</b> {t("easy.scam_do")}
      </p>
    </section>
  );
}

function Home({ unread }: { unread: number }): JSX.Element {
  const { words, sells } = useHallContext();
  const { t, pick } = words;
  const site = useSite();
  return (
    <>
      <Title text={t("easy.hello")} />
      <div class="easy-first">
        <Person unread={unread} />
        <Scam />
      </div>
      {site.data && site.data.questions.length > 0 ? (
        <section>
          <h2>{t("easy.questions")}</h2>
          <ul class="easy-tiles">
            {site.data.questions.slice(0, questionCount).map((question) => (
              <li key={question.id}>
                <button type="button" onClick={() => openChat({ ask: pick(question.text) })}>
                  <bdi>{pick(question.text)}</bdi>
                </button>
              </li>
            ))}
          </ul>
        </section>
      ) : null}
      {sells.plans || sells.goods ? (
        <section>
          <h2>{t("easy.browse")}</h2>
          <ul class="easy-tiles">
            {sells.plans ? (
              <li>
                <a href="/plans">
                  <Icon d={sim} />
                  {t("easy.see_plans")}
                </a>
              </li>
            ) : null}
            {sells.goods ? (
              <li>
                <a href="/goods">
                  <Icon d={bag} />
                  {t("easy.see_goods")}
                </a>
              </li>
            ) : null}
          </ul>
        </section>
      ) : null}
    </>
  );
}

/** A section of a list, and the address of the next one; after the last comes the first again. */
function usePart<T>(
  list: readonly T[],
  place: Place,
  size: number,
): { items: readonly T[]; next: string; isLast: boolean } {
  const from = Math.min(
    Math.max(0, Number.parseInt(place.query.get("from") ?? "0", 10) || 0),
    Math.max(0, list.length - 1),
  );
  const isLast = from + size >= list.length;
  const kind = place.query.get("category") ?? "";
  useLayoutEffect(() => {
    // to the reader, another section is another page
    if (from > 0 || kind !== "") document.querySelector<HTMLElement>("main h1")?.focus();
    scrollTo(0, 0);
  }, [from, kind]);
  return {
    items: list.slice(from, from + size),
    next: hrefWith(place.path, place.query, { from: isLast ? "" : String(from + size) }),
    isLast,
  };
}

/** Writes amounts of the company's currency; nothing until it is known. */
function usePrice(): (hundredths: number) => string {
  const { lang } = useWords();
  const currency = useSite().data?.currency;
  return (hundredths) => (currency === undefined ? "" : spokenPrice(hundredths, currency, lang));
}

function PlanWords({ plan }: { plan: Plan }): JSX.Element {
  const words = useWords();
  const price = usePrice();
  const { t, pick } = words;
  const facts: [string, string][] = [
    [t("easy.data"), plan.data_gb > 0 ? t("easy.data_value", { n: plan.data_gb }) : t("easy.none")],
    [t("easy.voice"), plan.voice_min > 0 ? t("easy.voice_value", { n: plan.voice_min }) : t("easy.none")],
    ...(plan.broadband_mbps > 0
      ? [[t("easy.broadband"), `${plan.broadband_mbps} Mbps`] satisfies [string, string]]
      : []),
    [
      t("easy.contract"),
      plan.contract_months > 0 ? t("easy.contract_value", { n: plan.contract_months }) : t("easy.contract_none"),
    ],
    [t("easy.for"), audienceName(plan.audience, words)],
  ];
  return (
    <article class="easy-card">
      <h2>
        <bdi>{pick(plan.name)}</bdi>
      </h2>
      <p class="easy-price num">{t("easy.monthly", { amount: price(plan.monthly_fee_fen) })}</p>
      <dl>
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd class="num">{value}</dd>
          </div>
        ))}
      </dl>
      <button type="button" class="easy-act second" onClick={() => askAboutPlan(plan, words)}>
        {t("easy.ask_plan", { name: pick(plan.name) })}
      </button>
    </article>
  );
}

function Plans({ catalogue, place, unread }: { catalogue: Catalogue; place: Place; unread: number }): JSX.Element {
  const { t } = useWords();
  const isFirst = (plan: Plan): number => (audienceSlug(plan.audience) === forOlderPeople ? 0 : 1);
  const plans = [...catalogue.plans].sort((a, b) => isFirst(a) - isFirst(b) || a.monthly_fee_fen - b.monthly_fee_fen);
  const { items, next, isLast } = usePart(plans, place, plansAtOnce);
  return (
    <>
      <Title text={t("easy.plans")} sub={t("easy.plans_lead", { n: plans.length })} />
      <Person unread={unread} plain />
      <div class="easy-list">
        {items.map((plan) => (
          <PlanWords key={plan.id} plan={plan} />
        ))}
      </div>
      <a class="easy-act second" href={next}>
        {isLast ? t("easy.first") : t("easy.next")}
        <Icon d={right} />
      </a>
    </>
  );
}

function Stock({ stock }: { stock: number }): JSX.Element {
  const { t } = useWords();
  const state = stockState(stock);
  return (
    <p>
      {state === "out" ? t("easy.stock_out") : state === "few" ? t("easy.stock_few", { n: stock }) : t("easy.stock_in")}
    </p>
  );
}

function GoodsWords({ item }: { item: GoodsCard }): JSX.Element {
  const price = usePrice();
  const { t, pick } = useWords();
  return (
    <article class="easy-card">
      <Art id={item.id} illustration={item.illustration} picture={item.picture} />
      <h2>
        <bdi>{pick(item.name)}</bdi>
      </h2>
      <p class="easy-price num">{price(item.price_fen)}</p>
      <p>
        <bdi>{pick(item.tagline)}</bdi>
      </p>
      <Stock stock={item.stock} />
      <a class="easy-act second" href={`/goods/${encodeURIComponent(item.id)}`}>
        {t("easy.see_item", { name: pick(item.name) })}
      </a>
    </article>
  );
}

function Goods({ catalogue, place, unread }: { catalogue: Catalogue; place: Place; unread: number }): JSX.Element {
  const { t, pick } = useWords();
  const { categories } = catalogue;
  const at = Math.max(
    0,
    categories.findIndex(({ id }) => id === place.query.get("category")),
  );
  const kind = categories[at];
  const other = categories[(at + 1) % categories.length];
  const { items, next, isLast } = usePart(
    catalogue.goods.filter((item) => item.category === kind?.id),
    place,
    goodsAtOnce,
  );
  return (
    <>
      <Title text={kind ? pick(kind.name) : t("easy.see_goods")} />
      <Person unread={unread} plain />
      <SearchBox value="" />
      <div class="easy-list">
        {items.map((item) => (
          <GoodsWords key={item.id} item={item} />
        ))}
      </div>
      <a class="easy-act second" href={next}>
        {isLast ? t("easy.first") : t("easy.next")}
        <Icon d={right} />
      </a>
      {other && other !== kind ? (
        <a class="easy-act second" href={`/goods?category=${encodeURIComponent(other.id)}`}>
          {t("easy.other", { name: pick(other.name) })}
        </a>
      ) : null}
    </>
  );
}

function Product({ id, unread }: { id: string; unread: number }): JSX.Element {
  const words = useWords();
  const { t, pick, lang } = words;
  const goods = useGoods(id);
  const price = usePrice();
  const item = goods.data;
  if (!item)
    return goods.error?.status === 404 ? (
      <Empty text={t("product.missing")} />
    ) : goods.error ? (
      <Failed what="states.error_product" resource={goods} />
    ) : (
      <Skeleton slow={goods.slow}>{null}</Skeleton>
    );
  return (
    <>
      <Title text={pick(item.name)} />
      <Person unread={unread} plain />
      <div class="easy-item">
        <article class="easy-card">
          <Art id={item.id} illustration={item.illustration} picture={item.picture} large />
          <p class="easy-price num">{price(item.price_fen)}</p>
          <Stock stock={item.stock} />
          <ul class="easy-points">
            {item.selling_points[lang === "en" ? "en" : "zh"].map((point) => (
              <li key={point}>{point}</li>
            ))}
          </ul>
          <button type="button" class="easy-act second" onClick={() => openChat({ product: item.id })}>
            {t("easy.ask_goods", { name: pick(item.name) })}
          </button>
        </article>
        <article class="easy-card">
          <h2>{t("product.about")}</h2>
          <p>
            <bdi>{pick(item.description)}</bdi>
          </p>
          <dl>
            {item.attributes.map((attribute) => (
              <div key={attribute.key}>
                <dt>
                  <bdi>{pick(attribute.label)}</bdi>
                </dt>
                <dd class="num">{attributeText(attribute, words)}</dd>
              </div>
            ))}
          </dl>
        </article>
      </div>
    </>
  );
}

function Search({ q, place, unread }: { q: string; place: Place; unread: number }): JSX.Element {
  const { words, prefs, sells } = useHallContext();
  const { t } = words;
  const found = useSearch(q, prefs.lang);
  const answers = useAnswers(q, prefs.lang);
  const list = found.data?.items ?? [];
  const answered = answers.data?.items.slice(0, answersAtOnce) ?? [];
  const { items, next, isLast } = usePart(list, place, goodsAtOnce);
  return (
    <>
      <Title text={q === "" ? t("search.title") : t("search.title_for", { q })} />
      <Person unread={unread} plain />
      <SearchBox value={q} />
      {found.error ? (
        <Failed what="states.error_search" resource={found} />
      ) : q !== "" && !found.data ? (
        <Skeleton slow={found.slow}>{null}</Skeleton>
      ) : null}
      {answered.map(({ id, question, answer }) => (
        <article key={id} class="easy-card">
          <h2>{question}</h2>
          <p class="answer-text">{answer}</p>
        </article>
      ))}
      {found.data ? <p role="status">{searchCount(words, q, found.data, answered.length > 0)}</p> : null}
      <div class="easy-list">
        {items.map((item) => (
          <GoodsWords key={item.id} item={item} />
        ))}
      </div>
      {list.length > goodsAtOnce ? (
        <a class="easy-act second" href={next}>
          {isLast ? t("easy.first") : t("easy.next")}
          <Icon d={right} />
        </a>
      ) : null}
      {sells.goods ? (
        <a class="easy-act second" href="/goods">
          {t("search.all")}
        </a>
      ) : null}
    </>
  );
}

function Lists({ place, unread }: { place: Place; unread: number }): JSX.Element {
  const catalogue = useCatalogue();
  const { data } = catalogue;
  if (!data)
    return catalogue.error ? (
      <Failed what="states.error_catalogue" resource={catalogue} />
    ) : (
      <Skeleton slow={catalogue.slow}>{null}</Skeleton>
    );
  return place.route.name === "plans" ? (
    <Plans catalogue={data} place={place} unread={unread} />
  ) : (
    <Goods catalogue={data} place={place} unread={unread} />
  );
}

/** The easy-mode page for a place; `children` is the ordinary page, for places that have no easier one. */
export function EasyPage({
  place,
  unread,
  children,
}: {
  place: Place;
  unread: number;
  children: ComponentChildren;
}): JSX.Element {
  const { route } = place;
  const inside =
    route.name === "home" ? (
      <Home unread={unread} />
    ) : route.name === "search" ? (
      <Search key={route.q} q={route.q} place={place} unread={unread} />
    ) : route.name === "plans" || route.name === "goods" ? (
      <Lists place={place} unread={unread} />
    ) : route.name === "product" ? (
      <Product key={route.id} id={route.id} unread={unread} />
    ) : null;
  if (inside === null) return <>{children}</>;
  return <div class="easy-in">{inside}</div>;
}
