import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { call } from "@yingda/api/client";

/** Messages that say that somebody may be in danger and that nobody has acknowledged, oldest first. */
export const alerts = queryOptions({
  queryKey: ["alerts", "waiting"],
  queryFn: ({ signal }) => call("GET", "/alerts", { signal }),
});

/** The acknowledged ones, latest first. */
export const pastAlerts = infiniteQueryOptions({
  queryKey: ["alerts", "done"],
  queryFn: ({ pageParam, signal }) => call("GET", "/alerts", { query: { done: true, cursor: pageParam }, signal }),
  initialPageParam: null as string | null,
  getNextPageParam: (page) => page.next,
});
