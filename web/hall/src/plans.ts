/** Choosing plans: pure functions over the catalogue. */
import type { Plan } from "@yingda/api/types";

export const feeBands = ["all", "low", "mid", "high"] as const;
export type FeeBand = (typeof feeBands)[number];
export const planViews = ["cards", "table"] as const;
export type PlanView = (typeof planViews)[number];

export interface PlanFilter {
  audience: string;
  fee: FeeBand;
  view: PlanView;
}

export function planFilterOf(query: URLSearchParams): PlanFilter {
  return {
    audience: query.get("audience") ?? "",
    fee: feeBands.find((band) => band === query.get("fee")) ?? "all",
    view: planViews.find((view) => view === query.get("view")) ?? "cards",
  };
}

export function feeBand(fen: number): FeeBand {
  if (fen < 5_000) return "low";
  return fen <= 15_000 ? "mid" : "high";
}

/** The audience as it appears in an address and in the locale's keys. */
export function audienceSlug(audience: string): string {
  return audience
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-|-$/g, "");
}

export function audiences(plans: readonly Plan[]): string[] {
  return [...new Set(plans.map((plan) => plan.audience))];
}

/** The address at which a plan is shown before the others. */
export const planHref = (id: string): string => `/plans?plan=${encodeURIComponent(id)}`;

export function filterPlans(plans: readonly Plan[], filter: PlanFilter): Plan[] {
  return plans
    .filter((plan) => filter.audience === "" || audienceSlug(plan.audience) === filter.audience)
    .filter((plan) => filter.fee === "all" || feeBand(plan.monthly_fee_fen) === filter.fee)
    .sort((a, b) => a.monthly_fee_fen - b.monthly_fee_fen);
}

export interface PlanPick {
  plan: Plan;
  why: "cheapest" | "free" | "broadband";
}

/** Three plans open to everyone, each with the one true sentence it is chosen for; no plan is chosen twice. */
export function planPicks(plans: readonly Plan[]): PlanPick[] {
  const open = plans
    .filter((plan) => plan.audience === "everyone")
    .sort((a, b) => a.monthly_fee_fen - b.monthly_fee_fen);
  const roomy = open
    .filter((plan) => plan.contract_months === 0)
    .sort((a, b) => b.data_gb - a.data_gb || a.monthly_fee_fen - b.monthly_fee_fen);
  const wired = open.find((plan) => plan.broadband_mbps > 0);
  const wanted: [PlanPick["why"], Plan | undefined][] = [
    ["cheapest", open[0]],
    ["free", roomy[0]],
    ["broadband", wired],
  ];
  const picks: PlanPick[] = [];
  for (const [why, plan] of wanted) {
    if (plan && !picks.some((pick) => pick.plan.id === plan.id)) picks.push({ plan, why });
  }
  return picks;
}
