import { infiniteQueryOptions } from "@tanstack/react-query";
import { call } from "@yingda/api/client";
import type { Body } from "@yingda/api/operations";
import { useChange } from "../lib/mutations";

const key = ["visitor-blocks"] as const;

/** The visitors who are blocked, the latest first. */
export const visitorBlocks = infiniteQueryOptions({
  queryKey: key,
  queryFn: ({ pageParam, signal }) => call("GET", "/visitor-blocks", { query: { cursor: pageParam }, signal }),
  initialPageParam: null as string | null,
  getNextPageParam: (page) => page.next,
});

export const useBlock = () =>
  useChange([key, ["conversations"]], ({ id, ...body }: { id: string } & Body<"PUT", "/conversations/{id}/block">) =>
    call("PUT", "/conversations/{id}/block", { path: { id }, body }),
  );
export const useUnblock = () =>
  useChange([key, ["conversations"]], (id: string) => call("DELETE", "/conversations/{id}/block", { path: { id } }));
export const useLiftBlock = () =>
  useChange([key, ["conversations"]], (id: string) => call("DELETE", "/visitor-blocks/{id}", { path: { id } }));
