/** A row of recommendations, each with its reason. It is loaded after what is seen first, and is not there at all if there is nothing to recommend. */
import { onWanted, tellWanted } from "@yingda/api/recommending";
import type { Catalogue, RecommendedItem } from "@yingda/api/types";
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { useWords } from "../context";
import { money } from "../format";
import type { I18n } from "../i18n";
import { planHref } from "../plans";
import { forget, useResource } from "../resource";
import { Art } from "../ui/art";
import { useAct, Refused } from "../ui/form";
import { GoodsTile } from "../ui/goods-card";
import { planLine } from "../ui/plan-card";
import { choose, noteView, recommended, type Place } from "./data";

const resourceKey = "recommended";

export function reasonText({ reason }: RecommendedItem, { t, pick }: I18n): string {
  return reason.type === "popular" ? t("recommend.popular") : t(`recommend.${reason.type}`, { of: pick(reason.of) });
}

const isPopular = ({ reason }: RecommendedItem): boolean => reason.type === "popular" || reason.type === "popular_in";

interface Above {
  heading: "for_you" | "also" | "hot";
  /** Whether the reasons are stated above the row, because they are the same for all. */
  isAlike: boolean;
  /** The reason below the heading, unless the heading says it. */
  why?: string;
}

function above(place: Place, items: readonly RecommendedItem[], words: I18n): Above {
  const reasons = new Set(items.map((item) => reasonText(item, words)));
  const isAlike = reasons.size === 1;
  if (items.every(isPopular)) return { heading: "hot", isAlike };
  const heading = place === "home" ? "for_you" : "also";
  const isSaid = heading === "also" && items[0]?.reason.type === "also_looked";
  return isAlike && !isSaid ? { heading, isAlike, why: [...reasons][0] } : { heading, isAlike };
}

function Tile({ item, catalogue }: { item: RecommendedItem; catalogue: Catalogue }): JSX.Element | null {
  const words = useWords();
  const { pick, lang, t } = words;
  const goods = item.kind === "product" ? catalogue.goods.find(({ id }) => id === item.id) : undefined;
  const plan = item.kind === "plan" ? catalogue.plans.find(({ id }) => id === item.id) : undefined;
  if (goods) return <GoodsTile item={goods} currency={catalogue.currency} names={catalogue.tag_names} level="h3" />;
  if (!plan) return null;
  return (
    <article class="tile">
      <div class="stage">
        <Art id={plan.id} illustration="sim" />
      </div>
      <h3 class="tile-name">
        <a class="cover" href={planHref(plan.id)}>
          <bdi>{pick(plan.name)}</bdi>
        </a>
      </h3>
      <p class="tile-line">{planLine(plan, words)}</p>
      <p class="tile-price num">
        {money(plan.monthly_fee_fen, catalogue.currency, lang)} <small>{t("plans.per_month")}</small>
      </p>
    </article>
  );
}

/** What the reader can say to it: that it may learn from what they look at, or that it is to stop. */
function Choice({ wanted, onChosen }: { wanted: boolean | null; onChosen(wanted: boolean): void }): JSX.Element {
  const { t, lang } = useWords();
  const act = useAct();
  const say = (next: boolean) => (): void => void act.run(() => choose(next, lang).then(() => onChosen(next)));
  return (
    <div class="recommend-choice">
      <Refused act={act} fields={[]} />
      <p class="soft">{t(wanted === null ? "recommend.offer" : "recommend.learns")}</p>
      <p class="row wrap-lines">
        {wanted === null ? (
          <button type="button" class="btn" disabled={act.busy} onClick={say(true)}>
            {t("recommend.agree")}
          </button>
        ) : null}
        <button type="button" class="btn" disabled={act.busy} onClick={say(false)}>
          {t("recommend.refuse")}
        </button>
        <a class="link" href="/recommendations">
          {t("recommend.more")}
        </a>
      </p>
    </div>
  );
}

export default function Recommended({
  place,
  about,
  catalogue,
  onShown,
}: {
  place: Place;
  about?: string;
  catalogue: Catalogue;
  onShown?(ids: readonly string[]): void;
}): JSX.Element | null {
  const words = useWords();
  const { t, lang } = words;
  const [version, setVersion] = useState(0);
  const [chosen, setChosen] = useState<boolean | null>(null);
  const { data } = useResource(`${resourceKey} ${place} ${about ?? ""} ${String(version)}`, () =>
    recommended(place, about, lang),
  );
  // what was chosen in the chat, or on another page, counts here, too
  useEffect(
    () =>
      onWanted(() => {
        forget(resourceKey);
        setChosen(null);
        setVersion((n) => n + 1);
      }),
    [],
  );
  const agreed = data?.wanted === true;
  const isIt = ({ id }: { id: string }): boolean => id === about;
  const kind = catalogue.goods.some(isIt) ? "product" : catalogue.plans.some(isIt) ? "plan" : undefined;
  useEffect(() => {
    if (kind && about !== undefined && agreed) noteView(kind, about, lang).catch(() => undefined);
  }, [kind, about, agreed, lang]);
  useEffect(() => onShown?.(data?.items.map(({ id }) => id) ?? []), [data, onShown]);
  if (chosen === false)
    return (
      <p class="section soft" role="status">
        {t("recommend.refused")}{" "}
        <a class="link" href="/recommendations">
          {t("recommend.more")}
        </a>
      </p>
    );
  const items = data?.items ?? [];
  if (!data || items.length === 0) return null;
  const { heading, isAlike, why } = above(place, items, words);
  const title = t(`recommend.${heading}`);
  return (
    <section class="section recommended" aria-label={title}>
      <div class="section-head">
        <h2>{title}</h2>
        {why ? <p class="why">{why}</p> : null}
      </div>
      <ul class="grid four">
        {items.map((item) => (
          <li key={`${item.kind} ${item.id}`}>
            <Tile item={item} catalogue={catalogue} />
            {isAlike ? null : <p class="why">{reasonText(item, words)}</p>}
          </li>
        ))}
      </ul>
      {kind === "product" ? (
        <div class="recommend-choice">
          <p>
            <a class="link" href="/recommendations">
              {t("recommend.more")}
            </a>
          </p>
        </div>
      ) : (
        <Choice
          wanted={data.wanted}
          onChosen={(wanted) => {
            forget(resourceKey);
            tellWanted(wanted);
            setChosen(wanted);
            setVersion(version + 1);
          }}
        />
      )}
    </section>
  );
}
