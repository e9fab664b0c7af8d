import { queryOptions } from "@tanstack/react-query";
import { call, download } from "@yingda/api/client";
import { serverNow } from "../../lib/clock";
import { queryOf } from "./model";
import type { TimesSearch } from "./search";

/** How often the present is read again, in milliseconds. */
const AGAIN = 30_000;

/** The company's response times; where the period reaches the present, again and again. */
export const responseTimes = ({ range, until }: TimesSearch, zone: string) => {
  const search = { ...(range ? { range } : {}), ...(until ? { until } : {}) };
  return queryOptions({
    queryKey: ["response-times", search, zone],
    queryFn: ({ signal }) => call("GET", "/response-times", { query: queryOf(search, serverNow(), zone), signal }),
    staleTime: 15_000,
    refetchInterval: until === undefined ? AGAIN : false,
  });
};

/** The same as a file. */
export const responseTimesCsv = (search: TimesSearch, zone: string): Promise<string> =>
  download("/response-times", { query: queryOf(search, serverNow(), zone) });
