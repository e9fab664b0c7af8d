import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { call } from "@yingda/api/client";
import { type Body, urlOf } from "@yingda/api/operations";
import { useChange } from "../lib/mutations";
import type { GraphSearch } from "./search";

/** The key prefix of the product graph; a push about the knowledge or the goods makes all of it stale. */
export const graphKey = ["knowledge", "graph"] as const;

export const graph = ({ q, kind, only }: Omit<GraphSearch, "item">) =>
  infiniteQueryOptions({
    queryKey: [...graphKey, "list", q ?? "", kind ?? "", only ?? ""],
    queryFn: ({ pageParam, signal }) =>
      call("GET", "/knowledge/graph", { query: { q, kind, only, cursor: pageParam }, signal }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    placeholderData: (before) => before,
  });
export const graphItem = (id: string) =>
  queryOptions({
    queryKey: [...graphKey, "one", id],
    queryFn: ({ signal }) => call("GET", "/knowledge/graph/{id}", { path: { id }, signal }),
  });
/** Products and plans to choose from. */
export const foundItems = (q: string) =>
  queryOptions({
    queryKey: [...graphKey, "find", q],
    queryFn: async ({ signal }) => {
      const { items } = await call("GET", "/knowledge/graph", { query: { q }, signal });
      return items.filter(({ kind }) => kind === "goods" || kind === "plan");
    },
  });
/** Entries of the knowledge to choose from. */
export const foundEntries = (q: string) =>
  queryOptions({
    queryKey: [...graphKey, "entries", q],
    queryFn: async ({ signal }) => (await call("GET", "/knowledge/graph-entries", { query: { q }, signal })).items,
  });
export const units = queryOptions({
  queryKey: [...graphKey, "units"],
  queryFn: ({ signal }) => call("GET", "/knowledge/graph-units", { signal }),
});

/** `seen` is the version the change is based on; the server refuses it with `conflict` if someone else was faster. */
export const usePutItem = () =>
  useChange([graphKey], ({ id, ...body }: { id: string } & Body<"PUT", "/knowledge/graph/{id}">) =>
    call("PUT", "/knowledge/graph/{id}", { path: { id }, body }),
  );
export const usePutUnit = () =>
  useChange([graphKey], ({ id, ...body }: { id: string } & Body<"PUT", "/knowledge/graph-units/{id}">) =>
    call("PUT", "/knowledge/graph-units/{id}", { path: { id }, body }),
  );
export const useImportGraph = () =>
  useChange([graphKey], ({ file, apply }: { file: Blob; apply: boolean }) =>
    call("POST", "/knowledge/graph-import", { query: { apply }, file }),
  );
export const exportUrl = urlOf("/knowledge/graph-export.csv");
