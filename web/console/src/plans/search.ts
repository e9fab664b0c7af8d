import type { GoodsState } from "@yingda/api/types";

export const states = ["live", "draft", "off"] as const satisfies readonly GoodsState[];

/** The search parameters of the plans page; `open` is the plan beside the list, or `new`. */
export interface PlansSearch {
  q?: string;
  state?: GoodsState;
  deleted?: true;
  open?: string;
}

export const plansSearch = (search: Record<string, unknown>): PlansSearch => {
  const state = states.find((one) => one === search.state);
  return {
    ...(typeof search.q === "string" && search.q !== "" ? { q: search.q } : {}),
    ...(state ? { state } : {}),
    ...(search.deleted === true ? { deleted: true } : {}),
    ...(typeof search.open === "string" && search.open !== "" ? { open: search.open } : {}),
  };
};
