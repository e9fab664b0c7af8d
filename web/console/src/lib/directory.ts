/** Whom and what pages of several areas name: the company's queues, and the colleagues. */
import { queryOptions } from "@tanstack/react-query";
import { call } from "@yingda/api/client";

export const queues = queryOptions({
  queryKey: ["queues"],
  queryFn: ({ signal }) => call("GET", "/queues", { signal }),
});

export const colleagues = queryOptions({
  queryKey: ["colleagues"],
  queryFn: ({ signal }) => call("GET", "/colleagues", { signal }),
  staleTime: 0,
});
