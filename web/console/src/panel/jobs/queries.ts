import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { call } from "@yingda/api/client";
import { useChange } from "../../lib/mutations";
import { isBusy } from "./model";

/** How often it is read again, in milliseconds: while something runs, and otherwise. */
const SOON = 2_000;
const AGAIN = 30_000;

/** The jobs of the warehouse, and the days that were checked. */
export const warehouse = queryOptions({
  queryKey: ["warehouse"],
  queryFn: ({ signal }) => call("GET", "/warehouse", { signal }),
  refetchInterval: ({ state: { data } }) => (data && isBusy(data) ? SOON : AGAIN),
});

export const useRecount = () =>
  useChange([["warehouse"]], (day: string) => call("POST", "/warehouse/days/{day}/recount", { path: { day } }));

/** The jobs that were given up, the last one first. */
export const deadJobs = infiniteQueryOptions({
  queryKey: ["dead-jobs"],
  queryFn: ({ pageParam, signal }) => call("GET", "/dead-jobs", { query: { cursor: pageParam }, signal }),
  initialPageParam: null as string | null,
  getNextPageParam: (page) => page.next,
  refetchInterval: AGAIN,
});

export const useRetryDeadJob = () =>
  useChange([["dead-jobs"]], (id: string) => call("POST", "/dead-jobs/{id}/retry", { path: { id } }));
export const useDiscardDeadJob = () =>
  useChange([["dead-jobs"]], (id: string) => call("DELETE", "/dead-jobs/{id}", { path: { id } }));
