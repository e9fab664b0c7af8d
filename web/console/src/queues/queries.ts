import { infiniteQueryOptions } from "@tanstack/react-query";
import { call } from "@yingda/api/client";
import type { LeftMessage, LeftMessages } from "@yingda/api/types";
import { useChange } from "../lib/mutations";

export const leftMessages = (queue: string | undefined, done: boolean) =>
  infiniteQueryOptions({
    queryKey: ["left-messages", done, queue ?? null],
    queryFn: ({ pageParam, signal }) =>
      call<LeftMessages>("GET", "/left-messages", {
        query: { done: done ? "true" : null, queue: queue ?? null, cursor: pageParam },
        signal,
      }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
  });

/** Sets who takes care of a left message, or that it was handled. */
export const useTend = () =>
  useChange(
    [["left-messages"], ["queues"]],
    ({ message, change }: { message: LeftMessage; change: { owner?: string | null; handled?: boolean } }) =>
      call<LeftMessage>("PATCH", `/left-messages/${message.conversation}`, { body: change }),
  );
