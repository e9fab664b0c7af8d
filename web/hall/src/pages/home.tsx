import type { Catalogue } from "@yingda/api/types";
import { chat, headset, right } from "@yingda/tokens/icons";
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { openChat } from "../chat";
import { useHallContext, useWords } from "../context";
import { useCatalogue, useSite } from "../data";
import { money } from "../format";
import { countByCategory, featured, spotlight } from "../goods";
import { planPicks } from "../plans";
import { RecommendedLater } from "../recommend/later";
import { Art } from "../ui/art";
import { AskBox } from "../ui/ask-box";
import { GoodsGrid, Tags } from "../ui/goods-card";
import { Icon } from "../ui/icon";
import { usePageName } from "../ui/page-title";
import { PlanPickCard } from "../ui/plan-card";
import { Boxes, Failed, Skeleton } from "../ui/states";
import { waitNote } from "../waits";

const featuredCount = 8;

/** Sky, sun and hills behind the question; the colours are tokens, so it follows the theme. */
function Sky(): JSX.Element {
  return (
    <svg class="sky" viewBox="0 0 1440 460" preserveAspectRatio="xMidYMax slice" aria-hidden="true">
      <circle class="sky-sun" cx="800" cy="392" r="74" />
      <g class="sky-lines">
        <ellipse cx="800" cy="640" rx="760" ry="330" opacity=".22" />
        <ellipse cx="800" cy="640" rx="900" ry="410" opacity=".15" />
        <ellipse cx="800" cy="640" rx="1050" ry="500" opacity=".1" />
      </g>
      <path class="sky-ground" d="M0 420C220 350 420 380 620 402s420-64 820-18v90H0z" />
      <path class="sky-far" d="M0 420C220 350 420 380 620 402s420-64 820-18v90H0z" />
      <path class="sky-ground" d="M0 446c260-44 520-30 760-6s480-28 680-14v60H0z" />
    </svg>
  );
}

function Starters(): JSX.Element {
  const words = useWords();
  const { t, pick } = words;
  const site = useSite();
  const note = site.data ? waitNote(site.data.service, words) : "";
  return (
    <div class="starters">
      <button type="button" class="chip human" onClick={() => openChat({ human: true })}>
        <Icon d={headset} />
        {t("home.human")}
        {note === "" ? null : <small>{note}</small>}
      </button>
      <ul class="chips" aria-label={t("home.starters")}>
        {site.data?.questions.map((question) => (
          <li key={question.id}>
            <button type="button" class="chip" dir="auto" onClick={() => openChat({ ask: pick(question.text) })}>
              {pick(question.text)}
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}

function Spotlight({ catalogue }: { catalogue: Catalogue }): JSX.Element | null {
  const { t, pick, lang } = useWords();
  const item = spotlight(catalogue.goods);
  if (!item) return null;
  return (
    <aside class="spotlight" aria-label={t("home.spotlight_label")}>
      <div class="stage">
        <Art id={item.id} illustration={item.illustration} picture={item.picture} large />
      </div>
      <div class="spotlight-words">
        <p class="row wrap-lines">
          <Tags tags={item.tags} names={catalogue.tag_names} limit={3} />
        </p>
        <h2>
          <a href={`/goods/${encodeURIComponent(item.id)}`}>
            <bdi>{pick(item.name)}</bdi>
          </a>
        </h2>
        <p class="soft">
          <bdi>{pick(item.tagline)}</bdi>
        </p>
        <p class="spotlight-price num">{money(item.price_fen, catalogue.currency, lang)}</p>
        <div class="row wrap-lines">
          <a class="btn primary" href={`/goods/${encodeURIComponent(item.id)}`}>
            {t("home.see")}
          </a>
          <button type="button" class="btn" onClick={() => openChat({ product: item.id })}>
            <Icon d={chat} />
            {t("product.ask")}
          </button>
        </div>
      </div>
    </aside>
  );
}

/** The categories that are not empty, and the plans if there are any. */
function Categories({ catalogue }: { catalogue: Catalogue }): JSX.Element | null {
  const { t, pick } = useWords();
  const counts = countByCategory(catalogue);
  const kept = catalogue.categories.filter(({ id }) => counts.has(id));
  if (kept.length === 0 && catalogue.plans.length === 0) return null;
  return (
    <nav class="categories" aria-label={t("home.categories")}>
      {kept.map(({ id, name }) => {
        const example = catalogue.goods.find((item) => item.category === id);
        return (
          <a key={id} href={`/goods?category=${encodeURIComponent(id)}`}>
            {example ? <Art id={example.id} illustration={example.illustration} picture={example.picture} /> : null}
            <span>
              <b>
                <bdi>{pick(name)}</bdi>
              </b>
              <small class="num">{t("home.category_count", { n: counts.get(id) ?? 0 })}</small>
            </span>
          </a>
        );
      })}
      {catalogue.plans.length > 0 ? (
        <a href="/plans">
          <Art id="cloud" illustration="sim" />
          <span>
            <b>{t("shell.plans")}</b>
            <small class="num">{t("home.plan_count", { n: catalogue.plans.length })}</small>
          </span>
        </a>
      ) : null}
    </nav>
  );
}

/** Goods and plans, if there are any. They are drawn after what is seen first. */
function Below({ catalogue }: { catalogue: Catalogue }): JSX.Element {
  const { t } = useWords();
  const goods = featured(catalogue.goods, featuredCount, spotlight(catalogue.goods)?.id);
  const plans = planPicks(catalogue.plans);
  const [isDrawn, draw] = useState(false);
  useEffect(() => {
    const soon = setTimeout(() => draw(true));
    return () => clearTimeout(soon);
  }, []);
  if (!isDrawn) return <BelowBones />;
  return (
    <>
      {goods.length > 0 ? (
        <section class="section">
          <div class="section-head">
            <h2>{t("home.featured")}</h2>
            <a class="link" href="/goods">
              {t("home.all_goods")}
              <Icon d={right} />
            </a>
          </div>
          <GoodsGrid items={goods} catalogue={catalogue} level="h3" class="four" />
        </section>
      ) : null}
      <RecommendedLater place="home" catalogue={catalogue} />
      {plans.length > 0 ? (
        <section class="section">
          <div class="section-head">
            <h2>{t("home.plans")}</h2>
            <a class="link" href="/plans">
              {t("home.all_plans", { n: catalogue.plans.length })}
              <Icon d={right} />
            </a>
          </div>
          <ul class="plan-grid">
            {plans.map(({ plan, why }) => (
              <li key={plan.id}>
                <PlanPickCard plan={plan} why={t(`home.pick_${why}`)} currency={catalogue.currency} />
              </li>
            ))}
          </ul>
        </section>
      ) : null}
    </>
  );
}

const BelowBones = (): JSX.Element => (
  <div class="grid four section" aria-hidden="true">
    <Boxes count={featuredCount} class="tile-bone" />
  </div>
);

export function HomePage(): JSX.Element {
  const { words, name, sells } = useHallContext();
  const { t, pick } = words;
  const catalogue = useCatalogue();
  const example = useSite().data?.questions[0];
  const { data, slow } = catalogue;
  const hasGoods = sells.goods && data?.goods.length !== 0;
  usePageName(t("shell.title"));
  return (
    <>
      <section class="hero">
        <Sky />
        <div class={hasGoods ? "wrap hero-in" : "wrap hero-in alone"}>
          <div class="hero-words">
            <p class="hello">{name === "" ? "" : t("home.hello", { name })}</p>
            <h1 tabIndex={-1}>{t("home.hero")}</h1>
            <AskBox
              label={t("home.ask_label")}
              placeholder={example ? t("home.ask_example", { q: pick(example.text) }) : t("home.ask_placeholder")}
              button={t("shell.ask")}
              onAsk={(text) => openChat(text === "" ? {} : { ask: text })}
            />
            <Starters />
          </div>
          {hasGoods ? (
            <div class="hero-side">
              {data ? (
                <Spotlight catalogue={data} />
              ) : catalogue.loading ? (
                <div class="bone spotlight-bone" aria-hidden="true" />
              ) : null}
            </div>
          ) : null}
        </div>
      </section>
      <div class="wrap">
        {data ? (
          <>
            <Categories catalogue={data} />
            <Below catalogue={data} />
          </>
        ) : catalogue.error ? (
          <Failed what="states.error_catalogue" resource={catalogue} />
        ) : sells.goods || sells.plans ? (
          <Skeleton slow={slow}>
            <div class="bone categories-bone" />
            <BelowBones />
          </Skeleton>
        ) : null}
      </div>
    </>
  );
}
