import { infiniteQueryOptions } from "@tanstack/react-query";
import { call } from "@yingda/api/client";
import type { Body } from "@yingda/api/operations";
import type { LeftMessage, Schema } from "@yingda/api/types";
import { useChange } from "../lib/mutations";
import type { Kind } from "./kinds";

/** What customers said of the service: what waits, or what was handled. */
export const feedback = (kind: Kind | undefined, queue: string | undefined, done: boolean) =>
  infiniteQueryOptions({
    queryKey: ["feedback", done, queue ?? null, kind ?? null],
    queryFn: ({ pageParam, signal }) =>
      call("GET", "/feedback", {
        query: { kind, done: done || null, queue, cursor: pageParam },
        signal,
      }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
  });

/** Sets who takes care of a left message, or that it was handled. */
export const useTend = () =>
  useChange(
    [["feedback"], ["queues"]],
    ({ message, change }: { message: LeftMessage; change: Body<"PATCH", "/left-messages/{id}"> }) =>
      call("PATCH", "/left-messages/{id}", { path: { id: message.conversation }, body: change }),
  );

/** Sets who takes care of a rating with words, or that it was handled. */
export const useTendRating = () =>
  useChange(
    [["feedback"]],
    ({ rating, change }: { rating: Schema<"RatingComment">; change: { owner?: string | null; handled?: boolean } }) =>
      call("PATCH", "/rating-comments/{id}", {
        path: { id: rating.conversation },
        body: { episode: rating.episode, ...change },
      }),
  );
