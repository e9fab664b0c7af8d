import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import { call } from "@yingda/api/client";
import { urlOf } from "@yingda/api/operations";
import type { RecordFilter, RecordsSearch } from "./search";

export const records = (filter: RecordFilter) =>
  infiniteQueryOptions({
    queryKey: ["records", filter],
    queryFn: ({ pageParam, signal }) => call("GET", "/records", { query: { ...filter, cursor: pageParam }, signal }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    placeholderData: keepPreviousData,
    // What goes on meanwhile moves nothing here while somebody reads; whoever searches again sees it.
    staleTime: 0,
    // Until everything is indexed, more is found each time.
    refetchInterval: ({ state }) => (state.data?.pages.at(-1)?.index.is_complete === false ? 2000 : false),
  });
export const record = (id: string) =>
  queryOptions({
    queryKey: ["record", id],
    queryFn: ({ signal }) => call("GET", "/records/{id}", { path: { id }, signal }),
    staleTime: 0,
  });

export const exportUrl = (format: "csv" | "ndjson", filter: RecordFilter) =>
  urlOf(`/records/export.${format}`, { query: filter });

/** The search without what is read beside the list. */
export const filterOf = ({ open: _open, note: _note, ...filter }: RecordsSearch): RecordFilter => filter;
