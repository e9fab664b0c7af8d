export const shown = ["served", "suspended"] as const;
export type Shown = (typeof shown)[number];

export interface OperatorSearch {
  q?: string;
  show?: Shown;
}

export const operatorSearch = (search: Record<string, unknown>): OperatorSearch => {
  const show = shown.find((one) => one === search.show);
  return {
    ...(typeof search.q === "string" && search.q !== "" ? { q: search.q } : {}),
    ...(show ? { show } : {}),
  };
};
