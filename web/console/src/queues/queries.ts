import { infiniteQueryOptions } from "@tanstack/react-query";
import { call } from "@yingda/api/client";
import type { Body } from "@yingda/api/operations";
import type { LeftMessage } from "@yingda/api/types";
import { useChange } from "../lib/mutations";

export const leftMessages = (queue: string | undefined, done: boolean) =>
  infiniteQueryOptions({
    queryKey: ["left-messages", done, queue ?? null],
    queryFn: ({ pageParam, signal }) =>
      call("GET", "/left-messages", {
        query: { done: done || null, queue, cursor: pageParam },
        signal,
      }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
  });

/** Sets who takes care of a left message, or that it was handled. */
export const useTend = () =>
  useChange(
    [["left-messages"], ["queues"]],
    ({ message, change }: { message: LeftMessage; change: Body<"PATCH", "/left-messages/{id}"> }) =>
      call("PATCH", "/left-messages/{id}", { path: { id: message.conversation }, body: change }),
  );
