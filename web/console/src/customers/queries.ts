import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import { call } from "@yingda/api/client";
import type { Body } from "@yingda/api/operations";
import { useChange } from "../lib/mutations";

const key = ["customers"] as const;

export const customers = (q: string, label?: string) =>
  infiniteQueryOptions({
    queryKey: [...key, "list", q, label ?? null],
    queryFn: ({ pageParam, signal }) => call("GET", "/customers", { query: { q, label, cursor: pageParam }, signal }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    placeholderData: keepPreviousData,
    // Customers change without a word to those who look at them.
    staleTime: 0,
  });
export const profile = (id: string) =>
  queryOptions({
    queryKey: [...key, "one", id],
    queryFn: ({ signal }) => call("GET", "/customers/{id}", { path: { id }, signal }),
    staleTime: 0,
  });
export const timeline = (id: string) =>
  infiniteQueryOptions({
    queryKey: [...key, "timeline", id],
    queryFn: ({ pageParam, signal }) =>
      call("GET", "/customers/{id}/timeline", { path: { id }, query: { cursor: pageParam }, signal }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    staleTime: 0,
  });

export const currentProfile = (id: string) => call("GET", "/customers/{id}", { path: { id } });

export const useAddCustomer = () =>
  useChange([key], (body: Body<"POST", "/customers">) => call("POST", "/customers", { body }));
export const useChangeProfile = () =>
  useChange([key], ({ id, ...body }: { id: string } & Body<"PATCH", "/customers/{id}">) =>
    call("PATCH", "/customers/{id}", { path: { id }, body }),
  );

export const useLabelCustomer = () =>
  useChange([key], ({ id, labels }: { id: string; labels: string[] }) =>
    call("PUT", "/customers/{id}/labels", { path: { id }, body: { labels } }),
  );

/** What is shown of both changes, in lists of conversations too. */
const both = [key, ["records"]];
export const useMerge = () =>
  useChange(both, ({ id, into }: { id: string; into: string }) =>
    call("POST", "/customers/{id}/merge", { path: { id }, body: { into } }),
  );
export const useUndoMerge = () =>
  useChange(both, (id: string) => call("DELETE", "/customers/{id}/merge", { path: { id } }));
