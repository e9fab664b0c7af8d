import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { call } from "@yingda/api/client";
import type { CannedReplies, CannedReply } from "@yingda/api/types";

export const resolvedToday = infiniteQueryOptions({
  queryKey: ["conversations", "resolved_today"],
  queryFn: ({ pageParam, signal }) =>
    call("GET", "/conversations", { query: { list: "resolved_today", cursor: pageParam }, signal }),
  initialPageParam: null as string | null,
  getNextPageParam: (page) => page.next,
});

export const detail = (id: string) =>
  queryOptions({
    queryKey: ["conversations", id],
    queryFn: ({ signal }) => call("GET", "/conversations/{id}", { path: { id }, signal }),
  });

/** All canned replies, for the list opened by `/`: a few hundred at most, fetched page by page. */
export const allReplies = queryOptions({
  queryKey: ["canned-replies", "all"],
  staleTime: 5 * 60_000,
  queryFn: async ({ signal }) => {
    const all: CannedReply[] = [];
    let cursor: string | null = null;
    do {
      const page: CannedReplies = await call("GET", "/canned-replies", { query: { cursor }, signal });
      all.push(...page.items);
      cursor = page.next;
    } while (cursor !== null);
    return all;
  },
});

/** What may interest the customer next. */
export const recommended = (id: string) =>
  queryOptions({
    queryKey: ["conversations", id, "recommended"],
    queryFn: ({ signal }) => call("GET", "/conversations/{id}/recommendations", { path: { id }, signal }),
    staleTime: 60_000,
  });
