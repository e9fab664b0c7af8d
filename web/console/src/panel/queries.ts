import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { call, download } from "@yingda/api/client";
import type { Query } from "@yingda/api/operations";
import type { IndicatorConversations, Lang } from "@yingda/api/types";
import { chosenOf, splitTablesOf } from "./history/model";
import type { HistorySearch, SplitBy } from "./history/search";

/** The first state of the panel; updates are pushed. */
export const firstPanel = queryOptions({
  queryKey: ["panel"],
  queryFn: ({ signal }) => call("GET", "/panel", { signal }),
  staleTime: 0,
});

/** The only definition of every number: names, rules, units. */
export const indicators = queryOptions({
  queryKey: ["indicators"],
  queryFn: ({ signal }) => call("GET", "/indicators", { signal }),
  staleTime: Infinity,
});

const pages = (
  key: readonly unknown[],
  read: (cursor: string | null, signal: AbortSignal) => Promise<IndicatorConversations>,
) =>
  infiniteQueryOptions({
    queryKey: key,
    queryFn: ({ pageParam, signal }) => read(pageParam, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    staleTime: 0,
  });

type Behind = Query<"GET", "/panel/{indicator}/conversations">;
/** The conversations behind a number of the live panel. */
export const behind = (indicator: string, window: Behind["window"], from: number | undefined) =>
  pages(["panel", "behind", indicator, window, from ?? null], (cursor, signal) =>
    call("GET", "/panel/{indicator}/conversations", { path: { indicator }, query: { window, from, cursor }, signal }),
  );

/** The conversations behind a number over a period. */
export function behindRange(indicator: string, from: number, to: number, split?: SplitBy, part?: string) {
  const asked = { from: String(from), to: String(to), split, part: split && part !== "" ? part : undefined };
  return pages(["metrics", "behind", indicator, asked], (cursor, signal) =>
    call("GET", "/metrics/{key}/conversations", { path: { key: indicator }, query: { ...asked, cursor }, signal }),
  );
}

export type BehindPages = ReturnType<typeof pages>;

type MetricsQuery = Query<"GET", "/metrics">;
/** The request to the server that the address of the offline panel stands for. */
export const metricsQuery = (search: HistorySearch): MetricsQuery => ({
  from: search.from,
  to: search.to,
  days: search.from ? undefined : (search.days ?? 7),
  compare: search.compare === "none" ? undefined : (search.compare ?? "previous"),
  split: search.split,
  tz: search.tz,
  keys:
    search.split &&
    splitTablesOf(search.split, search.times)
      .map((table) => chosenOf(table, search.of).key)
      .join(","),
});

/** Every indicator, day by day. */
export const metrics = (query: MetricsQuery) =>
  queryOptions({
    queryKey: ["metrics", query],
    queryFn: ({ signal }) => call("GET", "/metrics", { query, signal }),
    staleTime: 15_000,
  });

/** The same data as a file: every indicator, with the same days, time zone and split. */
export const metricsCsv = async (query: MetricsQuery, language: Lang): Promise<string> =>
  // Reading it as text loses the byte order mark at its beginning.
  "\uFEFF" + (await download("/metrics", { query: { ...query, keys: undefined, lang: language } }));

/** The links that open the wall. */
export const wallLinks = queryOptions({
  queryKey: ["wall-links"],
  queryFn: ({ signal }) => call("GET", "/wall-links", { signal }),
  staleTime: 0,
});
