import type { Lang, Plan } from "@yingda/api/types";
import { chat } from "@yingda/tokens/icons";
import type { JSX } from "preact";
import { openChat } from "../chat";
import { useWords } from "../context";
import { money } from "../format";
import type { I18n } from "../i18n";
import { audienceSlug, planHref } from "../plans";
import { Art } from "./art";
import { Icon } from "./icon";

export interface PlanFact {
  key: string;
  label: string;
  value: string;
  /** False if the plan lacks it, which is stated and not hidden. */
  has: boolean;
}

export function audienceName(audience: string, words: I18n): string {
  return words.maybe(`plans.audience_${audienceSlug(audience)}`) ?? audience;
}

function gigabytes(gb: number, { lang }: I18n): string {
  return new Intl.NumberFormat(lang, { style: "unit", unit: "gigabyte" }).format(gb);
}

const joined = (parts: readonly string[], lang: Lang): string => parts.join(lang === "en" ? ", " : "，");

function roamingText(roaming: Plan["roaming"], words: I18n): string {
  const { t, lang } = words;
  const parts = [
    roaming.data_gb > 0 ? gigabytes(roaming.data_gb, words) : "",
    roaming.voice_min > 0 ? t("plans.minutes", { n: roaming.voice_min }) : "",
    roaming.destinations > 0 ? t("plans.destinations", { n: roaming.destinations }) : "",
  ].filter((part) => part !== "");
  return joined(parts, lang);
}

function cardsText(cards: Plan["supplementary_cards"], { t, lang }: I18n): string {
  const most = t("plans.cards_max", { n: cards.max });
  return cards.free > 0 ? joined([most, t("plans.cards_free", { n: cards.free })], lang) : most;
}

export function planFacts(plan: Plan, words: I18n): PlanFact[] {
  const { t } = words;
  const none = t("plans.none_included");
  const roaming = roamingText(plan.roaming, words);
  const fact = (key: string, label: string, has: boolean, value: string, without = none): PlanFact => ({
    key,
    label,
    has,
    value: has ? value : without,
  });
  return [
    fact("data", t("plans.data"), plan.data_gb > 0, gigabytes(plan.data_gb, words)),
    fact("voice", t("plans.voice"), plan.voice_min > 0, t("plans.minutes", { n: plan.voice_min })),
    fact("sms", t("plans.sms"), plan.sms > 0, t("plans.messages", { n: plan.sms })),
    fact("roaming", t("plans.roaming"), roaming !== "", roaming),
    fact("broadband", t("plans.broadband"), plan.broadband_mbps > 0, `${plan.broadband_mbps} Mbps`),
    fact(
      "contract",
      t("plans.contract"),
      plan.contract_months > 0,
      t("plans.months", { n: plan.contract_months }),
      t("plans.no_contract"),
    ),
    fact(
      "cards",
      t("plans.cards"),
      plan.supplementary_cards.max > 0,
      cardsText(plan.supplementary_cards, words),
      t("plans.cards_none"),
    ),
  ];
}

/** What a plan includes for most readers: data and calls. */
export function planLine(plan: Plan, words: I18n): string {
  const facts = planFacts(plan, words).filter(({ key, has }) => has && (key === "data" || key === "voice"));
  return joined(
    facts.map(({ value }) => value),
    words.lang,
  );
}

export function askAboutPlan(plan: Plan, { t, pick }: I18n): void {
  openChat({ ask: t("plans.ask_text", { name: pick(plan.name) }) });
}

function Head({ plan, currency, level }: { plan: Plan; currency: string; level: "h2" | "h3" }): JSX.Element {
  // Where there is only a part of a plan, its name leads to all of it.
  const isWhole = level === "h2";
  const { t, pick, lang } = useWords();
  const Heading = level;
  return (
    <>
      <div class="plan-art">
        <Art id={plan.id} illustration="sim" />
      </div>
      <Heading class="plan-name">
        <bdi>{isWhole ? pick(plan.name) : <a href={planHref(plan.id)}>{pick(plan.name)}</a>}</bdi>
      </Heading>
      <p class="plan-price num">
        <b>{money(plan.monthly_fee_fen, currency, lang)}</b>
        <small>{t("plans.per_month")}</small>
      </p>
    </>
  );
}

function AskPlan({ plan }: { plan: Plan }): JSX.Element {
  const words = useWords();
  const { t, pick } = words;
  return (
    <button type="button" class="btn wide" onClick={() => askAboutPlan(plan, words)}>
      <Icon d={chat} />
      <span>
        {t("plans.ask")}
        <span class="sr"> {pick(plan.name)}</span>
      </span>
    </button>
  );
}

/** Everything a plan includes and does not include. */
export function PlanCard({
  plan,
  currency,
  isChosen = false,
}: {
  plan: Plan;
  currency: string;
  isChosen?: boolean;
}): JSX.Element {
  const words = useWords();
  return (
    <article class={isChosen ? "plan chosen" : "plan"}>
      <span class="tag">{audienceName(plan.audience, words)}</span>
      <Head plan={plan} currency={currency} level="h2" />
      <dl class="facts">
        {planFacts(plan, words).map((fact) => (
          <div key={fact.key} class={fact.has ? "fact" : "fact lacks"}>
            <dt>{fact.label}</dt>
            <dd class="num">{fact.value}</dd>
          </div>
        ))}
      </dl>
      <p class="plan-note" dir="auto">
        {words.pick(plan.notes)}
      </p>
      <AskPlan plan={plan} />
    </article>
  );
}

/** What the home page shows of a plan; the rest is on the plans' own page. */
const pickFacts: readonly string[] = ["data", "voice", "broadband", "contract"];

/** A plan on the home page, with the one sentence it is shown for. */
export function PlanPickCard({ plan, why, currency }: { plan: Plan; why: string; currency: string }): JSX.Element {
  const words = useWords();
  return (
    <article class="plan">
      <span class="tag brand">{why}</span>
      <Head plan={plan} currency={currency} level="h3" />
      <dl class="facts">
        {planFacts(plan, words)
          .filter(({ key }) => pickFacts.includes(key))
          .map((fact) => (
            <div key={fact.key} class={fact.has ? "fact" : "fact lacks"}>
              <dt>{fact.label}</dt>
              <dd class="num">{fact.value}</dd>
            </div>
          ))}
      </dl>
      <AskPlan plan={plan} />
    </article>
  );
}
