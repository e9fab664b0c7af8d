import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import { call } from "@yingda/api/client";
import type { Body } from "@yingda/api/operations";
import type { CompanySite, MemberChange, NewMember } from "@yingda/api/types";
import { useChange } from "../lib/mutations";
import type { PeopleSearch } from "./people-search";

export const people = (search: PeopleSearch) =>
  infiniteQueryOptions({
    queryKey: ["people", search],
    queryFn: ({ pageParam, signal }) => call("GET", "/staff", { query: { ...search, cursor: pageParam }, signal }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    placeholderData: keepPreviousData,
  });
export const groups = queryOptions({
  queryKey: ["groups"],
  queryFn: ({ signal }) => call("GET", "/groups", { signal }),
});
export const company = queryOptions({
  queryKey: ["company"],
  queryFn: ({ signal }) => call("GET", "/company", { signal }),
});
export const signInRules = queryOptions({
  queryKey: ["sign-in-rules"],
  queryFn: ({ signal }) => call("GET", "/sign-in-rules", { signal }),
});
export const sites = queryOptions({
  queryKey: ["sites"],
  queryFn: ({ signal }) => call("GET", "/company/sites", { signal }),
});
export const embeddings = queryOptions({
  queryKey: ["embeddings"],
  queryFn: ({ signal }) => call("GET", "/company/embeddings", { signal }),
  refetchInterval: 15_000,
});
export const memberSessions = (id: string) =>
  queryOptions({
    queryKey: ["people", id, "sessions"],
    queryFn: ({ signal }) => call("GET", "/staff/{id}/sessions", { path: { id }, signal }),
  });

// Current versions, for a user who was told that someone else was faster.
export const currentMember = (id: string) => call("GET", "/staff/{id}", { path: { id } });
export const currentGroup = async (id: string) =>
  (await call("GET", "/groups")).items.find((group) => group.id === id) ?? null;
export const currentQueue = async (id: string) =>
  (await call("GET", "/queues")).items.find((queue) => queue.id === id) ?? null;
export const currentSite = async (id: string) =>
  (await call("GET", "/company/sites")).items.find((site) => site.id === id) ?? null;
export const currentCompany = () => call("GET", "/company");

const staff = [["people"], ["groups"], ["queues"], ["colleagues"]];
export const useInvite = () => useChange(staff, (body: NewMember) => call("POST", "/staff", { body }));
export const useChangeMember = () =>
  useChange(staff, ({ id, change }: { id: string; change: MemberChange }) =>
    call("PATCH", "/staff/{id}", { path: { id }, body: change }),
  );
export const useRenewLink = () =>
  useChange([["people"]], (id: string) => call("POST", "/staff/{id}/link", { path: { id } }));
export const useResetSecondStep = () =>
  useChange([["people"]], (id: string) => call("DELETE", "/staff/{id}/second-step", { path: { id } }));
export const useEndSession = () =>
  useChange([["people"]], ({ member, session }: { member: string; session: string }) =>
    call("DELETE", "/staff/{id}/sessions/{session}", { path: { id: member, session } }),
  );

export const useCreateGroup = () =>
  useChange([["groups"]], (name: string) => call("POST", "/groups", { body: { name } }));
export const useRenameGroup = () =>
  useChange([["groups"]], ({ id, name, seen }: { id: string; name: string; seen: number }) =>
    call("PATCH", "/groups/{id}", { path: { id }, body: { name, seen } }),
  );
export const useDeleteGroup = () =>
  useChange([["groups"]], (id: string) => call("DELETE", "/groups/{id}", { path: { id } }));

export const useCreateQueue = () =>
  useChange([["queues"]], (body: Body<"POST", "/queues">) => call("POST", "/queues", { body }));
export const useChangeQueue = () =>
  useChange([["queues"]], ({ id, change }: { id: string; change: Body<"PATCH", "/queues/{id}"> }) =>
    call("PATCH", "/queues/{id}", { path: { id }, body: change }),
  );
export const useDeleteQueue = () =>
  useChange([["queues"]], (id: string) => call("DELETE", "/queues/{id}", { path: { id } }));

export const useChangeCompany = () =>
  useChange([["company"], ["queues"], ["me"]], (change: Body<"PATCH", "/company">) =>
    call("PATCH", "/company", { body: change }),
  );

export const useSetSignInRules = () =>
  useChange([["sign-in-rules"], ["me", "second-step"]], (rules: Body<"PUT", "/sign-in-rules">) =>
    call("PUT", "/sign-in-rules", { body: rules }),
  );

export type SiteFields = Pick<
  CompanySite,
  | "key"
  | "queue"
  | "name"
  | "bot_name"
  | "greeting"
  | "privacy_note"
  | "brand"
  | "side"
  | "questions"
  | "origins"
  | "asks_rating"
  | "message_when_unstaffed"
  | "offer_after_misses"
  | "help_lines"
>;
export const useCreateSite = () =>
  useChange([["sites"]], (body: SiteFields) => call("POST", "/company/sites", { body }));
export const useChangeSite = () =>
  useChange([["sites"]], ({ id, change }: { id: string; change: Body<"PATCH", "/company/sites/{id}"> }) =>
    call("PATCH", "/company/sites/{id}", { path: { id }, body: change }),
  );
export const useDeleteSite = () =>
  useChange([["sites"]], (id: string) => call("DELETE", "/company/sites/{id}", { path: { id } }));
