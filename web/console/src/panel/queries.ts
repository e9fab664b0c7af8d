import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { call, Problem } from "@yingda/api/client";
import type { Indicator, IndicatorConversations, Metrics, Panel, ProblemBody, WallLinks } from "@yingda/api/types";
import { chosenOf, type HistorySearch, type SplitBy } from "./history/model";
import { tables } from "./model";

/** The first state of the panel; updates are pushed. */
export const firstPanel = queryOptions({
  queryKey: ["panel"],
  queryFn: ({ signal }) => call<Panel>("GET", "/panel", { signal }),
  staleTime: 0,
});

/** The only definition of every number: names, rules, units. */
export const indicators = queryOptions({
  queryKey: ["indicators"],
  queryFn: ({ signal }) => call<Indicator[]>("GET", "/indicators", { signal }),
  staleTime: Infinity,
});

export type DoorWindow = "today" | "last_60" | "minute";

const pages = (key: readonly unknown[], path: string, query: Record<string, string | number | undefined>) =>
  infiniteQueryOptions({
    queryKey: key,
    queryFn: ({ pageParam, signal }) =>
      call<IndicatorConversations>("GET", path, { query: { ...query, cursor: pageParam }, signal }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    staleTime: 0,
  });

/** The conversations behind a number of the live panel. */
export const behind = (indicator: string, window: DoorWindow, from: number | undefined) =>
  pages(["panel", "behind", indicator, window, from ?? null], `/panel/${indicator}/conversations`, { window, from });

/** The conversations behind a number over a period. */
export function behindRange(indicator: string, from: number, to: number, split?: SplitBy, part?: string) {
  const asked = { from, to, split, part: split && part !== "" ? part : undefined };
  return pages(["metrics", "behind", indicator, asked], `/metrics/${indicator}/conversations`, asked);
}

export type BehindPages = ReturnType<typeof pages>;

/** The request to the server that the address of the offline panel stands for. */
export const metricsQuery = (search: HistorySearch) => ({
  from: search.from,
  to: search.to,
  days: search.from ? undefined : (search.days ?? 7),
  compare: search.compare === "none" ? undefined : (search.compare ?? "previous"),
  split: search.split,
  tz: search.tz,
  keys: search.split && tables.map((table) => chosenOf(table, search.of).key).join(","),
});
type MetricsQuery = ReturnType<typeof metricsQuery>;

/** Every indicator, day by day. */
export const metrics = (query: MetricsQuery) =>
  queryOptions({
    queryKey: ["metrics", query],
    queryFn: ({ signal }) => call<Metrics>("GET", "/metrics", { query, signal }),
    staleTime: 15_000,
  });

/** The same data as a file: every indicator, with the same days, time zone and split. */
export async function metricsCsv(query: MetricsQuery, language: string): Promise<string> {
  const set = Object.entries({ ...query, keys: undefined, lang: language })
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => [name, String(value)]);
  let answer: Response;
  try {
    answer = await fetch(`/api/v1/metrics?${new URLSearchParams(set)}`, { headers: { Accept: "text/csv" } });
  } catch {
    throw new Problem({}, 0);
  }
  // Reading it as text would lose the byte order mark at its beginning.
  if (answer.ok) return "\uFEFF" + (await answer.text());
  throw new Problem((await answer.json().catch(() => ({}))) as Partial<ProblemBody>, answer.status);
}

/** The links that open the wall. */
export const wallLinks = queryOptions({
  queryKey: ["wall-links"],
  queryFn: ({ signal }) => call<WallLinks>("GET", "/wall-links", { signal }),
  staleTime: 0,
});
