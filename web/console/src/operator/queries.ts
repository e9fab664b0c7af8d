import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import { call } from "@yingda/api/client";
import type { Body } from "@yingda/api/operations";
import { useChange } from "../lib/mutations";
import { isProblem } from "../lib/problem";
import type { OperatorSearch } from "./search";

/** How often what others do is read again, in milliseconds. */
const again = 15_000;

export const operatorSession = queryOptions({
  queryKey: ["operator-session"],
  queryFn: ({ signal }) => call("GET", "/operator/sessions/current", { signal }),
  refetchInterval: 60_000,
  retry: (failures, error) => isProblem(error, "network") && failures < 3,
});

export const operatedCompanies = ({ q, show }: OperatorSearch) =>
  infiniteQueryOptions({
    queryKey: ["operated-companies", q, show],
    queryFn: ({ pageParam, signal }) =>
      call("GET", "/operator/companies", {
        query: { search: q, suspended: show === undefined ? undefined : show === "suspended", cursor: pageParam },
        signal,
      }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    placeholderData: keepPreviousData,
    refetchInterval: again,
  });

export const installationHealth = queryOptions({
  queryKey: ["installation-health"],
  queryFn: ({ signal }) => call("GET", "/operator/health", { signal }),
  refetchInterval: again,
});

const keys = [["operated-companies"], ["installation-health"]] as const;

export const begin = (token: string) => call("POST", "/operator/sessions", { body: { token } });
export const end = () => call("DELETE", "/operator/sessions/current");
export const suspend = (id: string, suspended: boolean) =>
  call("PUT", "/operator/companies/{id}/suspension", { path: { id }, body: { suspended } });

export const useSuspend = () =>
  useChange(keys, ({ id, suspended }: { id: string; suspended: boolean }) => suspend(id, suspended));
export const useLimits = () =>
  useChange(keys, ({ id, limits }: { id: string; limits: Body<"PATCH", "/operator/companies/{id}/limits"> }) =>
    call("PATCH", "/operator/companies/{id}/limits", { path: { id }, body: limits }),
  );
