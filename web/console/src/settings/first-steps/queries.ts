import { queryOptions } from "@tanstack/react-query";
import { call } from "@yingda/api/client";
import type { Answer, Body } from "@yingda/api/operations";
import { useChange } from "../../lib/mutations";

/** How far a company has come that was opened a moment ago. */
export type FirstSteps = Answer<"GET", "/company/first-steps">;

export type Trade = Body<"POST", "/knowledge/templates">["trade"];
/** The trades for which there are questions. */
export const trades: readonly Trade[] = ["operator", "shop", "saas"];

export const firstSteps = queryOptions({
  queryKey: ["first-steps"],
  queryFn: ({ signal }) => call("GET", "/company/first-steps", { signal }),
});

/** The same while somebody looks at it: it shows within seconds what was done elsewhere. */
export const firstStepsNow = queryOptions({
  ...firstSteps,
  staleTime: 0,
  refetchInterval: 5_000,
  refetchOnWindowFocus: "always" as const,
});

export const useTemplate = () =>
  useChange([["first-steps"], ["knowledge"]], (trade: Trade) =>
    call("POST", "/knowledge/templates", { body: { trade } }),
  );
