import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { call, Problem } from "@yingda/api/client";
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

/** Who took a conversation over from this agent, who may not be able to read it any more; null if nobody did. */
export const takenFrom = (id: string) =>
  queryOptions({
    queryKey: ["conversations", id, "taken"],
    queryFn: async ({ signal }) => {
      try {
        return (await call("GET", "/conversations/{id}/taken", { path: { id }, signal })).taken;
      } catch (error) {
        if (error instanceof Problem && error.status === 404) return null;
        throw error;
      }
    },
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

/** The notes in open conversations that call the reader. */
export const mentions = queryOptions({
  queryKey: ["mentions"],
  queryFn: ({ signal }) => call("GET", "/mentions", { signal }),
});
