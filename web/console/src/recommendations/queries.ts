import { queryOptions } from "@tanstack/react-query";
import { call } from "@yingda/api/client";
import type { RecommendationOverview } from "@yingda/api/types";
import { useChange } from "../lib/mutations";

/** While a model is to be learned at once, it is looked whether that is done, in milliseconds. */
const lookEvery = 2_000;
/** How much later than now something is that does not have to be waited for, in milliseconds. */
const soon = 30_000;

/** Whether the next model is learned within moments. */
export const isDue = (of: RecommendationOverview): boolean => of.due_at !== null && of.due_at < Date.now() + soon;

export const overview = queryOptions({
  queryKey: ["recommendations"],
  queryFn: ({ signal }) => call("GET", "/recommendations", { signal }),
  refetchInterval: ({ state }) => (state.data && isDue(state.data) ? lookEvery : false),
});

export const useSwitch = () =>
  useChange([["recommendations"]], (body: { on: boolean; off_sites: string[]; seen: number }) =>
    call("PUT", "/recommendations", { body }),
  );
export const useLearn = () => useChange([["recommendations"]], () => call("POST", "/recommendations/learn"));
