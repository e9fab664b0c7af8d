import { infiniteQueryOptions } from "@tanstack/react-query";
import { call } from "@yingda/api/client";
import type { Body } from "@yingda/api/operations";
import type { CannedReplies, CannedReply } from "@yingda/api/types";
import { useChange } from "../lib/mutations";

/** What a user enters; the server adds the rest. */
export type CannedReplyFields = Body<"POST", "/canned-replies">;

/** The key prefix of everything about canned replies; a push from the server makes all of it stale. */
export const cannedRepliesKey = ["canned-replies"] as const;

export const cannedReplies = (q: string) =>
  infiniteQueryOptions({
    queryKey: [...cannedRepliesKey, "list", q],
    queryFn: ({ pageParam, signal }) => call("GET", "/canned-replies", { query: { q, cursor: pageParam }, signal }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    placeholderData: (before) => before,
  });

/** One reply as it is now; null if it was deleted. */
export async function currentReply(id: string): Promise<CannedReply | null> {
  let cursor: string | null = null;
  do {
    const page: CannedReplies = await call("GET", "/canned-replies", { query: { cursor } });
    const found = page.items.find((one) => one.id === id);
    if (found) return found;
    cursor = page.next;
  } while (cursor !== null);
  return null;
}

export const useCreateReply = () =>
  useChange([cannedRepliesKey], (fields: CannedReplyFields) => call("POST", "/canned-replies", { body: fields }));

/** `seen` is the version the change is based on; the server refuses it with `conflict` if someone else was faster. */
export const useUpdateReply = () =>
  useChange([cannedRepliesKey], ({ id, seen, fields }: { id: string; seen: number; fields: CannedReplyFields }) =>
    call("PATCH", "/canned-replies/{id}", { path: { id }, body: { ...fields, seen } }),
  );

export const useDeleteReply = () =>
  useChange([cannedRepliesKey], (id: string) => call("DELETE", "/canned-replies/{id}", { path: { id } }));
