import type { Plan } from "@yingda/api/types";
import { chat, grid, table } from "@yingda/tokens/icons";
import type { JSX } from "preact";
import { useHallContext, useWords } from "../context";
import { useCatalogue } from "../data";
import { bandEnds, money } from "../format";
import { audienceSlug, audiences, feeBands, filterPlans, planFilterOf, planViews } from "../plans";
import { hrefWith } from "../router";
import { ChoiceChips } from "../ui/choice-chips";
import { RecommendedLater } from "../recommend/later";
import { Icon } from "../ui/icon";
import { PageTitle } from "../ui/page-title";
import { askAboutPlan, audienceName, PlanCard, planFacts } from "../ui/plan-card";
import { Boxes, Empty, Failed, Skeleton } from "../ui/states";

function PlanTable({ plans, currency }: { plans: readonly Plan[]; currency: string }): JSX.Element {
  const words = useWords();
  const { t, pick, lang } = words;
  const heads = plans[0] ? planFacts(plans[0], words) : [];
  return (
    <div class="table-scroll" role="region" aria-label={t("plans.table")} tabIndex={0}>
      <table class="plan-table">
        <thead>
          <tr>
            <th scope="col">{t("plans.name")}</th>
            <th scope="col" class="end">
              {t("plans.fee")}
            </th>
            {heads.map(({ key, label }) => (
              <th key={key} scope="col">
                {label}
              </th>
            ))}
            <th scope="col">{t("plans.for")}</th>
            <th scope="col">
              <span class="sr">{t("plans.ask")}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {plans.map((plan) => (
            <tr key={plan.id}>
              <th scope="row">
                <bdi>{pick(plan.name)}</bdi>
              </th>
              <td class="end num strong">{money(plan.monthly_fee_fen, currency, lang)}</td>
              {planFacts(plan, words).map((fact) => (
                <td key={fact.key} class={fact.has ? "num" : "num lacks"}>
                  {fact.value}
                </td>
              ))}
              <td>{audienceName(plan.audience, words)}</td>
              <td>
                <button type="button" class="tool" onClick={() => askAboutPlan(plan, words)}>
                  <Icon d={chat} />
                  <span>
                    {t("plans.ask")}
                    <span class="sr"> {pick(plan.name)}</span>
                  </span>
                </button>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

export function PlansPage({ query }: { query: URLSearchParams }): JSX.Element {
  const { words, name } = useHallContext();
  const { t } = words;
  const catalogue = useCatalogue();
  const { data } = catalogue;
  const filter = planFilterOf(query);
  const set = (change: Record<string, string>): string => hrefWith("/plans", query, change);
  const ends = bandEnds(data?.currency ?? "", words.lang);
  const found = data ? filterPlans(data.plans, filter) : [];
  const chosen = found.find(({ id }) => id === query.get("plan"));
  const plans = chosen ? [chosen, ...found.filter((plan) => plan !== chosen)] : found;
  return (
    <div class="wrap">
      <PageTitle
        title={t("plans.title")}
        about={data && data.plans.length > 0 ? t("plans.about", { name, n: data.plans.length }) : undefined}
      >
        {data?.plans.length === 0 ? null : <p class="lead">{t("plans.lead")}</p>}
      </PageTitle>
      {data?.plans.length === 0 ? (
        <Empty text={t("plans.empty")}>
          <a class="btn" href="/">
            {t("states.to_home")}
          </a>
        </Empty>
      ) : data ? (
        <>
          <div class="filters" role="group" aria-label={t("plans.filters")}>
            <div class="filter-lines">
              <div class="filter-line">
                <span class="filter-name" aria-hidden="true">
                  {t("plans.audience")}
                </span>
                <ChoiceChips
                  label={t("plans.audience")}
                  chosen={filter.audience}
                  href={(value) => set({ audience: value })}
                  options={[
                    { value: "", label: t("plans.audience_all") },
                    ...audiences(data.plans).map((name) => ({
                      value: audienceSlug(name),
                      label: audienceName(name, words),
                    })),
                  ]}
                />
              </div>
              <div class="filter-line">
                <span class="filter-name" aria-hidden="true">
                  {t("plans.fee")}
                </span>
                <ChoiceChips
                  label={t("plans.fee")}
                  chosen={filter.fee}
                  href={(value) => set({ fee: value === "all" ? "" : value })}
                  options={feeBands.map((band) => ({ value: band, label: t(`plans.fee_${band}`, ends) }))}
                />
              </div>
            </div>
            <nav class="segments" aria-label={t("plans.view")}>
              {planViews.map((view) => (
                <a
                  key={view}
                  href={set({ view: view === "cards" ? "" : view })}
                  aria-current={filter.view === view ? "true" : undefined}
                >
                  <Icon d={view === "cards" ? grid : table} />
                  {t(`plans.view_${view}`)}
                </a>
              ))}
            </nav>
          </div>
          <p class="count num" role="status">
            {t("plans.count", { n: plans.length })}
          </p>
          {plans.length === 0 ? (
            <Empty text={t("plans.none")}>
              <a class="btn" href="/plans">
                {t("plans.reset")}
              </a>
            </Empty>
          ) : filter.view === "table" ? (
            <PlanTable plans={plans} currency={data.currency} />
          ) : (
            <ul class="plan-grid">
              {plans.map((plan) => (
                <li key={plan.id}>
                  <PlanCard plan={plan} currency={data.currency} isChosen={plan === chosen} />
                </li>
              ))}
            </ul>
          )}
          {chosen ? <RecommendedLater key={chosen.id} place="page" about={chosen.id} catalogue={data} /> : null}
        </>
      ) : catalogue.error ? (
        <Failed what="states.error_catalogue" resource={catalogue} />
      ) : (
        <Skeleton slow={catalogue.slow}>
          <div class="bone filters-bone" />
          <div class="plan-grid">
            <Boxes count={6} class="plan-bone" />
          </div>
        </Skeleton>
      )}
    </div>
  );
}
