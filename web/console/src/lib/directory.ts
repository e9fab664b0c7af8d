/** The company's queues and the colleagues, which pages of several areas name. */
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
