import { queryOptions } from "@tanstack/react-query";
import { call } from "@yingda/api/client";

/** How often the floor is read while it is open, in milliseconds. Who begins or ends waiting is known at once, from the connection. */
const every = 3000;

export const floorQuery = queryOptions({
  queryKey: ["floor", "now"],
  queryFn: ({ signal }) => call("GET", "/floor", { signal }),
  refetchInterval: every,
  staleTime: 0,
});

export const memberStates = (agent: string) =>
  queryOptions({
    queryKey: ["member-states", agent],
    queryFn: ({ signal }) => call("GET", "/staff/{id}/states", { path: { id: agent }, signal }),
    staleTime: 0,
  });
