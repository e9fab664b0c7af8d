import { queryOptions, useQuery, useSuspenseQuery, type QueryClient } from "@tanstack/react-query";
import type { Me, Permission } from "@yingda/api/types";
import { call } from "@yingda/api/client";
import { createStore } from "./store";
import { clearToasts } from "./toast";

export const meQuery = queryOptions({
  queryKey: ["me"],
  queryFn: ({ signal }) => call("GET", "/me", { signal }),
  staleTime: Infinity,
});
export const todayQuery = queryOptions({
  queryKey: ["me", "today"],
  queryFn: ({ signal }) => call("GET", "/me/today", { signal }),
  staleTime: 10_000,
  refetchInterval: 300_000,
});
export const sessionsQuery = queryOptions({
  queryKey: ["sessions"],
  queryFn: ({ signal }) => call("GET", "/auth/sessions", { signal }),
});

/** The signed-in member. Use it only below the guarded route, where it is always available. */
export const useMe = (): Me => useSuspenseQuery(meQuery).data;
export function useToday() {
  const me = useMe();
  return useQuery({ ...todayQuery, enabled: may(me, "desk") });
}

export const may = (me: Me, permission: Permission) => me.permissions.includes(permission);

/** Forgets what was read and shown for one person before someone else uses the page. */
export function forgetPerson(queryClient: QueryClient) {
  queryClient.clear();
  clearToasts();
  forgotten.set((n) => n + 1);
}

/** Increases whenever one person is replaced by another: what a page keeps outside its components is then discarded too. */
export const forgotten = createStore(0);

/** Increases whenever the server says that this device is no longer signed in. */
export const signedOut = createStore(0);
