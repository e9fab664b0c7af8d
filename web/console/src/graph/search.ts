import type { GraphItemKind } from "@yingda/api/types";

export const kinds = ["goods", "plan", "category", "tag"] as const satisfies readonly GraphItemKind[];
export const filters = ["named", "unnamed", "ambiguous", "linked"] as const;

/** The search parameters of the product graph; `item` is the one that is open. */
export interface GraphSearch {
  q?: string;
  kind?: GraphItemKind;
  only?: (typeof filters)[number];
  item?: string;
}

export const graphSearch = (search: Record<string, unknown>): GraphSearch => {
  const kind = kinds.find((one) => one === search.kind);
  const only = filters.find((one) => one === search.only);
  return {
    ...(typeof search.q === "string" && search.q !== "" ? { q: search.q } : {}),
    ...(kind ? { kind } : {}),
    ...(only ? { only } : {}),
    ...(typeof search.item === "string" && search.item !== "" ? { item: search.item } : {}),
  };
};
